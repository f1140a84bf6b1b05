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


SLOW = [[2.0 * number] for number in range(12)]


def changed(at: int, *faces: float) -> list[list[float]]:
    """The same, but that one picture shows other faces."""
    return [list(faces) if number == at else one for number, one in enumerate(SLOW)]


@pytest.mark.parametrize(
    ("shown", "looked"),
    [
        (SLOW, [0, 1, 3, 7, 11]),
        ([[]] * 12, [0, 1, 3, 7, 11]),
        ([[0]] * 7 + [[90]] * 5, [0, 1, 3, 5, 6, 7, 11]),
        (changed(7, 14, 300), [0, 1, 3, 5, 6, 7, 8, 9, 11]),
        (changed(7), [0, 1, 3, 5, 6, 7, 8, 9, 11]),
        ([[0, 300]] * 8, [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
    ids=["slow", "nobody", "jump", "one comes", "one goes", "two"],
)
@pytest.mark.parametrize("batch", [1, 2])
def test_only_what_may_have_changed_is_looked_at(
    shown: list[list[float]], looked: list[int], batch: int
) -> None:
    found, pictures = seen(shown, batch)
    assert found == shown
    if batch == 1:
        assert pictures == looked
    assert len(pictures) == len(set(pictures))


def test_pictures_far_apart_are_all_looked_at() -> None:
    assert seen([[0]] * 5, step_ms=600)[1] == [0, 1, 2, 3, 4]


def test_nothing_is_taken_from_another_shot() -> None:
    detector = _Scripted([[0]] * 8)
    looker = Looker(detector)
    pictures = [(200 * at, np.full((1, 1, 3), at, np.uint8)) for at in range(8)]
    looker.found_in(pictures[:4])
    detector.looked.clear()
    looker.begin()
    (first, *_) = looker.found_in(pictures[4:])
    assert sorted(detector.looked) == [4, 5, 7]
    assert first[0].landmarks is not None
