"""A picture between two that show the same is not looked at; any other is."""

from collections.abc import Sequence

import numpy as np
import pytest

from steps.detect.between import Looker
from steps.detect.engines.protocol import Found, Rgb


class _Scripted:
    """A picture's first value is its number; notes those that it looked at."""

    sure_score = 0.5
    shareable = True

    def __init__(self, shown: Sequence[Sequence[float]], batch: int = 1) -> None:
        """Take the left edges, in pixels, of the faces of 100 px in each picture."""
        self.batch = batch
        self._shown = shown
        self.looked: list[int] = []

    def find(self, pictures: Sequence[Rgb]) -> list[list[Found]]:
        assert len(pictures) <= self.batch
        numbers = [int(one[0, 0, 0]) for one in pictures]
        self.looked += numbers
        return [[face(left) for left in self._shown[number]] for number in numbers]


def face(left: float) -> Found:
    return Found("face", np.array([left, 0, 100, 100]), left / 1000, np.full((5, 2), left))


def seen(
    shown: Sequence[Sequence[float]], batch: int = 1, step_ms: int = 200
) -> tuple[list[list[float]], list[int]]:
    detector = _Scripted(shown, batch)
    looker = Looker(detector)
    pictures = [
        (step_ms * number, np.full((1, 1, 3), number, np.uint8)) for number in range(len(shown))
    ]
    groups = [pictures[at : at + looker.group] for at in range(0, len(pictures), looker.group)]
    found = [one for group in groups for one in looker.found_in(group)]
    return [[float(one.box[0]) for one in faces] for faces in found], sorted(detector.looked)


@pytest.mark.parametrize(
    ("shown", "looked"),
    [
        ([[0], [2], [4], [6], [8], [10]], [0, 1, 3, 5]),
        ([[], [], [], []], [0, 1, 3]),
        ([[0], [0], [5], [90]], [0, 1, 2, 3]),
        ([[0], [0], [5], [0, 300]], [0, 1, 2, 3]),
        ([[0], [0], [5], []], [0, 1, 2, 3]),
        ([[300, 0], [300, 0], [302, 2], [304, 4]], [0, 1, 2, 3]),
    ],
    ids=["slow", "nobody", "fast", "one comes", "one goes", "two"],
)
@pytest.mark.parametrize("batch", [1, 2])
def test_only_what_may_have_changed_is_looked_at(
    shown: list[list[float]], looked: list[int], batch: int
) -> None:
    found, pictures = seen(shown, batch)
    assert found == [list(one) for one in shown]
    assert pictures == looked


def test_pictures_far_apart_are_all_looked_at() -> None:
    assert seen([[0]] * 5, step_ms=300)[1] == [0, 1, 2, 3, 4]


def test_nothing_is_taken_from_another_shot() -> None:
    detector = _Scripted([[0], [0], [0], [0]])
    looker = Looker(detector)
    pictures = [(200 * at, np.full((1, 1, 3), at, np.uint8)) for at in range(4)]
    looker.found_in(pictures[:2])
    looker.begin()
    (first, _) = looker.found_in(pictures[2:])
    assert detector.looked == [1, 0, 3, 2]
    assert first[0].landmarks is not None
