"""The moderation policy: which detections count, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from steps.model.moderation import Finding
from steps.model.timing import clock

NAMED = frozenset(
    {
        "ANUS_EXPOSED",
        "BUTTOCKS_EXPOSED",
        "FEMALE_BREAST_EXPOSED",
        "FEMALE_GENITALIA_EXPOSED",
        "MALE_GENITALIA_EXPOSED",
    }
)
"""The classes of NudeNet 3 that the policy names. Faces, feet, bellies, armpits, bare male chests
and covered parts are common in talks and sport."""

Verdict = Literal["unchecked", "clean", "flagged"]


def named(detections: Iterable[Finding], threshold: int) -> tuple[Finding, ...]:
    """The detections that the policy names and that have at least a score, in order of time."""
    found = (item for item in detections if item.label in NAMED and item.score >= threshold)
    return tuple(sorted(found, key=lambda item: (item.time_ms, -item.score, item.label)))


def verdict(policy: Literal["off", "flag", "block"], findings: Sequence[Finding]) -> Verdict:
    """The verdict of moderation.json; the policy `block` stops the job before that."""
    if policy == "off":
        return "unchecked"
    return "flagged" if findings else "clean"


def reason(findings: Sequence[Finding]) -> str:
    """One line for a person: the finding with the highest score, and how many pictures."""
    surest = max(findings, key=lambda item: (item.score, -item.time_ms))
    label = surest.label.lower().replace("_", " ")
    moments = len({item.time_ms for item in findings})
    return (
        f"the policy blocks the source: {label} at {clock(surest.time_ms)}"
        f" (score {surest.score} of 1000), {moments} picture{'s' * (moments > 1)} in all;"
        " remove that part, or set --moderation=flag"
    )
