"""The work of moderate: look at key frames, write the findings, stop the job if asked to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2

from steps.contract import Context
from steps.contract.errors import Blocked
from steps.media.frames import SmallPicture, key_frames
from steps.model import artifacts
from steps.model.moderation import Finding, Moderation
from steps.model.source import SourceMeta
from steps.model.stills import still_name
from steps.moderate import ModerateParams
from steps.moderate.engines.protocol import Classifier
from steps.moderate.policy import named, reason, verdict

LEAST_GAP_MS = 2_000
MOST_PICTURES = 600
"""Spread evenly over a long source: one every 12 s in 2 h."""
STILL_WIDTH_PX, STILL_QUALITY = 384, 80
"""A model cuts a picture into squares of about 28 pixels, each of them a token or more."""


def run(context: Context[ModerateParams]) -> None:
    """Write moderation.json.

    Raises:
        Blocked: the policy is `block` and there are findings; the log lists them.
    """
    policy = context.params.moderation
    findings: tuple[Finding, ...] = ()
    pictures = 0
    if policy != "off":
        findings, pictures = looked_at(context, context.read(artifacts.SOURCE_META))
    for finding in findings:
        context.log.warning("finding", **finding.model_dump())
    if policy == "block" and findings:
        raise Blocked(reason(findings))
    document = Moderation(
        policy=policy,
        verdict=verdict(policy, findings),
        frames=pictures,
        findings=findings,
    )
    context.write(artifacts.MODERATION, document)
    if context.params.vision:
        keep_stills(context, context.read(artifacts.SOURCE_META).duration_ms)


def keep_stills(context: Context[ModerateParams], duration_ms: int) -> None:
    """Write key frames as small JPEG files."""
    folder = context.output(artifacts.STILLS)
    least_gap_ms = max(LEAST_GAP_MS, -(-duration_ms // MOST_PICTURES))
    source = context.input(artifacts.SOURCE)
    for picture in key_frames(source, least_gap_ms, STILL_WIDTH_PX):
        _, data = cv2.imencode(".jpg", picture.pixels, [cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY])
        (folder / still_name(picture.time_ms)).write_bytes(data.tobytes())


def looked_at(
    context: Context[ModerateParams], meta: SourceMeta
) -> tuple[tuple[Finding, ...], int]:
    """The findings on the source's key frames, and how many key frames were looked at."""
    seen = 0

    def counted() -> Iterator[SmallPicture]:
        nonlocal seen
        for picture in spread_key_frames(context.input(artifacts.SOURCE), meta.duration_ms):
            context.progress.report(picture.time_ms, max(1, meta.duration_ms))
            seen += 1
            yield picture

    def work(classifier: Classifier) -> tuple[Finding, ...]:
        nonlocal seen
        seen = 0
        found = classifier.findings(counted(), meta.video.size)
        return named(found, context.params.moderation_threshold)

    findings = context.use("classifier", work)
    return findings, seen


def spread_key_frames(source: Path, duration_ms: int) -> Iterator[SmallPicture]:
    """Key frames at least LEAST_GAP_MS apart, at most about MOST_PICTURES of them."""
    return key_frames(source, max(LEAST_GAP_MS, -(-duration_ms // MOST_PICTURES)))
