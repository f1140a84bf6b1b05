"""The moderation policy: which detections count, and what follows from them."""

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
and whatever is covered are everyday sights in talks and sport."""

Verdict = Literal["unchecked", "clean", "flagged"]


def named(detections: Iterable[Finding], threshold: int) -> tuple[Finding, ...]:
    """The detections that the policy names, from a score in thousandths on; in order of time."""
    found = (item for item in detections if item.label in NAMED and item.score >= threshold)
    return tuple(sorted(found, key=lambda item: (item.time_ms, -item.score, item.label)))


def verdict(policy: Literal["off", "flag", "block"], findings: Sequence[Finding]) -> Verdict:
    """What moderation.json says; under `block` with findings there is none: the job stops."""
    if policy == "off":
        return "unchecked"
    return "flagged" if findings else "clean"


def reason(findings: Sequence[Finding]) -> str:
    """One line for a person: how many findings, and the surest."""
    surest = max(findings, key=lambda item: (item.score, -item.time_ms))
    label = surest.label.lower().replace("_", " ")
    moments = len({item.time_ms for item in findings})
    return (
        f"the policy forbids the source: {label} at {clock(surest.time_ms)}"
        f" (score {surest.score} of 1000), {moments} picture{'s' * (moments > 1)} in all;"
        " cut that out, or say --moderation=flag"
    )
