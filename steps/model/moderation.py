"""findings.json and moderation.json: what the policy found in the source, with evidence."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from steps.contract import Document, Value
from steps.model.geometry import Box
from steps.model.timing import Ms, Span
from steps.model.transcript import Thousandths

MAX_FINDINGS = 1_000_000
"""A source is looked at some 600 times and 480 times more around findings; 50 clips of three
minutes are looked at 45,000 times."""

Action = Literal["flag", "block", "blur"]
"""What happens with a finding: no clip is chosen there; the job ends; the place is blurred."""


class Finding(Value):
    """One detection in one picture, in pixels of the upright source.

    Attributes:
        evidence: the file that shows it or the same a moment before, blurred; empty where there are
            too many.
    """

    label: str
    score: Thousandths
    time_ms: Ms
    box: Box
    action: Action = "flag"
    evidence: str = ""


class Rule(Value):
    """What the policy says about one class.

    Attributes:
        threshold: least score of a finding.
        repeats: in so many pictures near each other it has to be seen.
        action: `off` leaves the class out.
    """

    threshold: Thousandths
    repeats: Annotated[int, Field(ge=1, le=100)] = 1
    action: Literal["off", Action]


class VeilPlace(Value):
    """Where a veil is at a moment; linear in between."""

    time_ms: Ms
    box: Box


class Veil(Span):
    """Something that is blurred from one moment to another; before and after its places it stands.

    Attributes:
        places: in order of time.
    """

    label: str
    places: Annotated[tuple[VeilPlace, ...], Field(min_length=1, max_length=MAX_FINDINGS)]

    @model_validator(mode="after")
    def _in_order(self) -> Veil:
        for before, after in pairwise(self.places):
            if after.time_ms <= before.time_ms:
                raise ValueError(
                    f"the place at {after.time_ms} ms comes after the one at {before.time_ms} ms"
                )
        return self


class Moderation(Document):
    """The verdict: `unchecked` when the policy is off, else by the findings.

    Where a finding's action is `block` the step fails instead, and its receipt and log say why.

    Attributes:
        rules: of the policy, by class; a class without one does not count.
        frames: how many pictures were looked at.
        findings: in order of time.
        veils: what is blurred in the clips.
    """

    kind: Literal["clipmill/moderation@1"] = "clipmill/moderation@1"
    policy: Literal["off", "flag", "block", "blur"]
    rules: dict[str, Rule] = Field(default_factory=dict, max_length=100)
    verdict: Literal["unchecked", "clean", "flagged"]
    frames: Annotated[int, Field(ge=0, le=MAX_FINDINGS)]
    findings: Annotated[tuple[Finding, ...], Field(max_length=MAX_FINDINGS)]
    veils: Annotated[tuple[Veil, ...], Field(max_length=MAX_FINDINGS)] = ()
