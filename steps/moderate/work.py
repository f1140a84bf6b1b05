"""The work of moderate: look at pictures, write the findings, stop the job if asked to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2

from steps.contract import Context
from steps.contract.errors import Blocked
from steps.formats.settings import settings_text
from steps.media.frames import SmallPicture, key_frames
from steps.model import artifacts
from steps.model.moderation import Finding, Moderation, Rule
from steps.model.source import SourceMeta
from steps.model.stills import still_name
from steps.model.timing import Span
from steps.moderate import ModerateParams
from steps.moderation.engines.protocol import Classifier
from steps.moderation.evidence import EvidenceKeeper
from steps.moderation.looking import (
    MOST_DENSE_MS,
    Differing,
    around,
    dense_pictures,
    least_gap_ms,
    spread_key_frames,
    with_the_same,
)
from steps.moderation.policy import (
    Policy,
    log_findings,
    named,
    policy_of,
    reason,
    repeated,
    verdict,
)
from steps.moderation.veils import veils
from steps.moderation.witness import Witness

STILL_WIDTH_PX, STILL_QUALITY = 384, 80
"""A model cuts a picture into squares of about 28 pixels, each of them a token or more."""


def run(context: Context[ModerateParams]) -> None:
    """Write findings.json.

    Raises:
        Blocked: there are findings whose action is `block`; the log lists them.
    """
    action = context.params.moderation
    meta = context.read(artifacts.SOURCE_META)
    rules: dict[str, Rule] = {}
    findings: tuple[Finding, ...] = ()
    pictures = 0
    if action != "off":
        text = settings_text(context.content("policy"))
        rules = policy_of(context.params.moderation_threshold, action, text)
        findings, pictures = looked_at(context, meta, rules)
    log_findings(context.log, findings)
    if blocking := [item for item in findings if item.action == "block"]:
        raise Blocked(reason(blocking))
    document = Moderation(
        policy=action,
        rules=rules,
        verdict=verdict(action, findings),
        frames=pictures,
        findings=findings,
        veils=veils(findings, meta.video.size),
    )
    context.write(artifacts.FINDINGS, document)
    if context.params.vision:
        keep_stills(context, meta.duration_ms)


def keep_stills(context: Context[ModerateParams], duration_ms: int) -> None:
    """Write key frames as small JPEG files."""
    folder = context.output(artifacts.STILLS)
    source = context.input(artifacts.SOURCE)
    for picture in key_frames(source, least_gap_ms(duration_ms), STILL_WIDTH_PX):
        _, data = cv2.imencode(".jpg", picture.pixels, [cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY])
        (folder / still_name(picture.time_ms)).write_bytes(data.tobytes())


def looked_at(
    context: Context[ModerateParams], meta: SourceMeta, rules: Policy
) -> tuple[tuple[Finding, ...], int]:
    """The findings of the source, and how many pictures were looked at."""

    def work(classifier: Classifier) -> tuple[tuple[Finding, ...], int]:
        look = _Look(context, meta, rules, classifier)
        found = look.at_key_frames()
        if not any(item.action == "block" for item in repeated(found, rules)):
            found = look.closely(found)
        return repeated(found, rules), look.count

    found: tuple[tuple[Finding, ...], int] = context.use("classifier", work)
    return found


class _Look:
    """Looks at pictures of a source with a classifier."""

    def __init__(
        self,
        context: Context[ModerateParams],
        meta: SourceMeta,
        rules: Policy,
        classifier: Classifier,
    ) -> None:
        self._context, self._meta, self._rules = context, meta, rules
        self._source = context.input(artifacts.SOURCE)
        evidence = EvidenceKeeper(context.output, artifacts.EVIDENCE)
        self._witness = Witness(classifier, rules, meta.video.size, evidence)

    @property
    def count(self) -> int:
        """How many pictures it looked at."""
        return self._witness.count

    def at_key_frames(self) -> tuple[Finding, ...]:
        """What is found in the key frames that differ, and in those that are like one of them."""
        differing = Differing()
        spread = spread_key_frames(self._source, self._meta.duration_ms)
        found = self._witness.findings(differing.of(self._reported(spread)))
        return named(with_the_same(found, differing.same), self._rules)

    def closely(self, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings with those that are found around them, as far as they reach."""
        looked: list[Span] = []
        seen = {item.time_ms for item in found}
        while fresh := around(seen, looked, self._meta.duration_ms):
            looked += fresh
            near = [
                item
                for span in fresh
                for item in self._witness.findings(dense_pictures(self._source, span))
                if item.time_ms not in seen
            ]
            found = named([*found, *near], self._rules)
            seen |= {item.time_ms for item in found}
        duration_ms = self._meta.duration_ms
        if around(seen, looked, duration_ms, MOST_DENSE_MS + duration_ms):
            self._context.degrade(
                "moderated-in-part",
                f"there are findings in more than {MOST_DENSE_MS // 60_000} minutes of the source:"
                " the rest of it was looked at in key frames alone",
            )
        return found

    def _reported(self, pictures: Iterable[SmallPicture]) -> Iterator[SmallPicture]:
        for picture in pictures:
            self._context.progress.report(picture.time_ms, max(1, self._meta.duration_ms))
            yield picture
