"""Looking at pictures: a classifier's findings that the policy names, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from steps.media.frames import SmallPicture
from steps.model.geometry import Size
from steps.model.moderation import Finding
from steps.moderation.engines.protocol import Classifier
from steps.moderation.evidence import EvidenceKeeper
from steps.moderation.policy import Policy, named


class Witness:
    """Looks at pictures with a classifier; counts them."""

    def __init__(
        self, classifier: Classifier, rules: Policy, size: Size, evidence: EvidenceKeeper
    ) -> None:
        """Begin; `size` is that of the upright source."""
        self.count = 0
        self._classifier, self._rules, self._size = classifier, rules, size
        self._evidence = evidence

    def findings(self, pictures: Iterable[SmallPicture]) -> list[Finding]:
        """What the policy names in the pictures."""
        passing = self._evidence.passing(self._counted(pictures))
        return [
            item.model_copy(update={"evidence": self._evidence.of(item.time_ms)})
            for item in self._classifier.findings(passing, self._size)
            if named([item], self._rules)
        ]

    def _counted(self, pictures: Iterable[SmallPicture]) -> Iterator[SmallPicture]:
        for picture in pictures:
            self.count += 1
            yield picture
