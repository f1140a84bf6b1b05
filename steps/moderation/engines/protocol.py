"""What a classifier of pictures does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from steps.media.frames import SmallPicture
from steps.model.geometry import Size
from steps.model.moderation import Finding


class Classifier(Protocol):
    """Finds what a policy may name; the policy decides which labels and scores count.

    Labels are NudeNet 3's, in capitals with underscores (`FEMALE_BREAST_EXPOSED`). An engine with
    other labels translates them, so that one policy fits all. Several threads may ask it at once.
    """

    def findings(self, pictures: Iterable[SmallPicture], size: Size) -> Iterator[Finding]:
        """Everything that is seen in the pictures, of every label, in the order of the pictures.

        Args:
            pictures: small pictures with their times; each is used once and not kept.
            size: of the upright source, whose pixels the boxes are in.
        """
