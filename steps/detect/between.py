"""Looking at pictures in a row: those between two that show the same face are not looked at.

On the sample, 57 of 100 faces are where they were 800 ms before, and 87 where they were 400 ms
before (`SAME_IOU`). Between their places they are within 3 % of their width of where they are seen,
and at most 11 %: a part of that is the detector's own noise. No window moves by more than 1.2 px.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from steps.detect.engines.protocol import Detector, Found, Rgb
from steps.detect.tracker import iou

SAME_IOU = 0.8
"""A face is at the same place when its boxes overlap by so much (intersection over union)."""
LONGEST_MS = 1000
"""Pictures further apart say nothing about those between them."""
STEPS = (4, 2, 1)
"""Every fourth picture is looked at, then those halfway between two that are too unlike."""

Seen = tuple[int, list[Found]]
"""When a picture appeared, and what was found in it."""


class Looker:
    """Looks at the pictures of a shot in groups of four times as many as the detector likes."""

    def __init__(self, detector: Detector) -> None:
        """Begin before the first picture."""
        self._detector = detector
        self._last: Seen | None = None

    @property
    def group(self) -> int:
        """How many pictures it likes to get at once."""
        return STEPS[0] * self._detector.batch

    def begin(self) -> None:
        """Begin a shot: nothing before it says what it shows."""
        self._last = None

    def found_in(self, pictures: Sequence[tuple[int, Rgb]]) -> list[list[Found]]:
        """What is in the next pictures, each with the time when it appeared."""
        times_ms = [time_ms for time_ms, _ in pictures]
        seen: dict[int, list[Found]] = {}

        def known(places: Iterable[int]) -> Seen | None:
            at = next((place for place in places if place in seen), None)
            return self._last if at is None else (times_ms[at], seen[at])

        for step in STEPS:
            chosen = []
            for at in range(len(pictures) - 1, -1, -step):
                if at in seen:
                    continue
                after = known(range(at + 1, len(pictures))) if step < STEPS[0] else None
                guess = after and between(known(range(at - 1, -1, -1)), times_ms[at], after)
                if guess is None:
                    chosen.append(at)
                else:
                    seen[at] = guess
            looked = self._look(pictures, chosen[::-1])
            seen.update(zip(chosen[::-1], looked, strict=True))
        if pictures:
            self._last = times_ms[-1], seen[len(pictures) - 1]
        return [seen[at] for at in range(len(pictures))]

    def _look(
        self, pictures: Sequence[tuple[int, Rgb]], chosen: Sequence[int]
    ) -> list[list[Found]]:
        size = self._detector.batch
        groups = (chosen[at : at + size] for at in range(0, len(chosen), size))
        return [
            found
            for group in groups
            for found in self._detector.find([pictures[at][1] for at in group])
        ]


def between(before: Seen | None, time_ms: int, after: Seen) -> list[Found] | None:
    """What a picture shows, told from those around it; None where they do not tell.

    Of several faces in a picture somebody must tell who speaks, by mouths that move less than
    heads: each picture counts there.
    """
    if before is None or after[0] - before[0] > LONGEST_MS:
        return None
    first, last = ({one.subject: one for one in seen} for _, seen in (before, after))
    counts = {len(first), len(last), len(before[1]), len(after[1])}
    if len(counts) > 1 or not all(
        name in last and _is_same(first[name], last[name]) for name in first
    ):
        return None
    share = (time_ms - before[0]) / (after[0] - before[0])
    return [_halfway(one, last[one.subject], share) for one in before[1]]


def _is_same(one: Found, other: Found) -> bool:
    marked = (one.landmarks is None) == (other.landmarks is None)
    return marked and iou(one.box, other.box) >= SAME_IOU


def _halfway(one: Found, other: Found, share: float) -> Found:
    marks = None
    if one.landmarks is not None and other.landmarks is not None:
        marks = one.landmarks + share * (other.landmarks - one.landmarks)
    return replace(
        one,
        box=one.box + share * (other.box - one.box),
        score=one.score + share * (other.score - one.score),
        landmarks=marks,
    )
