"""Looking at the samples of a clip for what the policy names; moderate saw key frames only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from steps.contract import Port
from steps.media.frames import SmallPicture
from steps.model import artifacts
from steps.model.geometry import Size
from steps.model.moderation import Finding
from steps.moderation.engines.protocol import Classifier
from steps.moderation.evidence import EvidenceKeeper
from steps.moderation.looking import Differing, with_the_same
from steps.moderation.policy import Policy, named
from steps.moderation.witness import Witness

LEAST_GAP_MS = 200
"""Samples that are closer than this to the one before are left out."""


@dataclass(frozen=True)
class Guard:
    """What looks at the samples of all clips.

    Attributes:
        classifier: several threads ask it at once.
        rules: of the policy.
        size: of the upright source.
        output: where the evidence goes, as `Context.output`.
    """

    classifier: Classifier
    rules: Policy
    size: Size
    output: Callable[[Port], Path]

    def begin(self) -> ClipGuard:
        """Begin a clip."""
        keeper = EvidenceKeeper(self.output, artifacts.CLIP_EVIDENCE)
        return ClipGuard(Witness(self.classifier, self.rules, self.size, keeper), self.rules)


class ClipGuard:
    """Looks at those samples of one clip that differ from the last one that it looked at."""

    def __init__(self, witness: Witness, rules: Policy) -> None:
        """Begin before the first sample."""
        self._witness, self._rules = witness, rules
        self._differing = Differing()
        self._found: list[Finding] = []
        self._due_ms = 0

    @property
    def count(self) -> int:
        """How many pictures it looked at."""
        return self._witness.count

    def add(self, time_ms: int, picture: SmallPicture) -> None:
        """Take a sample: the picture that is on screen at that time."""
        if time_ms < self._due_ms:
            return
        self._due_ms = time_ms + LEAST_GAP_MS
        sample = replace(picture, time_ms=time_ms)
        if self._differing.differs(sample):
            self._found += self._witness.findings([sample])

    def findings(self) -> tuple[Finding, ...]:
        """What the policy names in all samples, in order of time."""
        return named(with_the_same(self._found, self._differing.same), self._rules)
