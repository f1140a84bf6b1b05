"""moderation.json: what the policy found in the source, with evidence."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document, Value
from steps.model.geometry import Box
from steps.model.timing import Ms
from steps.model.transcript import Thousandths

MAX_FINDINGS = 100_000
"""Key frames are looked at some 600 times a source, with few findings on each."""


class Finding(Value):
    """One detection on one key frame, in pixels of the upright picture."""

    label: str
    score: Thousandths
    time_ms: Ms
    box: Box


class Moderation(Document):
    """The verdict: `unchecked` when the policy is off, else by the findings.

    Where the policy `block` has findings the step fails instead, and its receipt and log say why.

    Attributes:
        frames: how many pictures were looked at.
        findings: in order of time.
    """

    kind: Literal["clipmill/moderation@1"] = "clipmill/moderation@1"
    policy: Literal["off", "flag", "block"]
    verdict: Literal["unchecked", "clean", "flagged"]
    frames: Annotated[int, Field(ge=0, le=MAX_FINDINGS)]
    findings: Annotated[tuple[Finding, ...], Field(max_length=MAX_FINDINGS)]
