"""Looking at pictures in a row: one between two that show the same face is not looked at.

On the sample, 87 of 100 faces are where they were 400 ms before (`SAME_IOU`). Halfway between their
places they are within 2 % of their width of where they are seen, and at most 8 %: a part of that is
the detector's own noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from steps.detect.engines.protocol import Detector, Found, Rgb
from steps.detect.tracker import iou

SAME_IOU = 0.8
"""A face is at the same place when its boxes overlap by so much (intersection over union)."""
LONGEST_MS = 500
"""Pictures further apart say nothing about those between them."""

Seen = tuple[int, list[Found]]
"""When a picture appeared, and what was found in it."""


class Looker:
    """Looks at the pictures of a shot in groups of twice as many as the detector likes."""

    def __init__(self, detector: Detector) -> None:
        """Begin before the first picture."""
        self._detector = detector
        self._last: Seen | None = None

    @property
    def group(self) -> int:
        """How many pictures it likes to get at once."""
        return 2 * self._detector.batch

    def begin(self) -> None:
        """Begin a shot: nothing before it says what it shows."""
        self._last = None

    def found_in(self, pictures: Sequence[tuple[int, Rgb]]) -> list[list[Found]]:
        """What is in the next pictures, each with the time when it appeared."""
        if not pictures:
            return []
        times_ms = [time_ms for time_ms, _ in pictures]
        chosen = range((len(pictures) + 1) % 2, len(pictures), 2)
        seen = dict(zip(chosen, self._look(pictures, chosen), strict=True))
        left = []
        for at in range(len(pictures) - 1):
            if at not in seen:
                before = (times_ms[at - 1], seen[at - 1]) if at else self._last
                guess = between(before, times_ms[at], (times_ms[at + 1], seen[at + 1]))
                if guess is None:
                    left.append(at)
                else:
                    seen[at] = guess
        seen.update(zip(left, self._look(pictures, left), strict=True))
        self._last = times_ms[-1], seen[len(pictures) - 1]
        return [seen[at] for at in range(len(pictures))]

    def _look(
        self, pictures: Sequence[tuple[int, Rgb]], chosen: Sequence[int]
    ) -> list[list[Found]]:
        return self._detector.find([pictures[at][1] for at in chosen]) if chosen else []


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
