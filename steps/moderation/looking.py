"""Which pictures a classifier looks at: key frames that differ, and all around what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.media.frames import SmallPicture, key_frames, sampled
from steps.model.moderation import Finding
from steps.model.timing import Span

WIDTH_PX = 320
"""Of the pictures: the classifier makes them this small itself, for more time."""

LEAST_GAP_MS = 2_000
MOST_PICTURES = 600
"""Spread evenly over a long source: one every 12 s in 2 h."""

THUMB_PX = (32, 18)
"""Pictures are compared at this size."""
SAME_STEP = 20
"""A part of a picture that changes by at most this much, of 255, has not changed."""
SAME_SHARE = 0.03
"""Pictures of which at most this share has changed are the same one. What a platform objects to
is larger than that, or it is too small for the classifier as well."""
LONGEST_MS = 10_000
"""After this time a picture is looked at, however little has changed."""

AROUND_MS = 2_000
"""Around a finding everything is looked at to this distance, and from there on likewise."""
DENSE_RATE = 4
"""Pictures a second around a finding."""
MOST_DENSE_MS = 120_000
"""So much of a source is looked at densely at most: 480 pictures."""


def least_gap_ms(duration_ms: int) -> int:
    """From one key frame to the next: LEAST_GAP_MS, or more for at most about MOST_PICTURES."""
    return max(LEAST_GAP_MS, -(-duration_ms // MOST_PICTURES))


def spread_key_frames(source: Path, duration_ms: int) -> Iterator[SmallPicture]:
    """The key frames of a source, `least_gap_ms` apart."""
    return key_frames(source, least_gap_ms(duration_ms), WIDTH_PX)


class Differing:
    """Passes on the pictures that differ from the last one passed on."""

    def __init__(self) -> None:
        """Begin before the first picture."""
        self._last: tuple[int, NDArray[np.int16]] | None = None
        self.same: dict[int, list[int]] = {}
        """The times of the pictures that were left out, by the time of the one they are like."""

    def of(self, pictures: Iterable[SmallPicture]) -> Iterator[SmallPicture]:
        """The pictures that are worth a look, in order."""
        return filter(self.differs, pictures)

    def differs(self, picture: SmallPicture) -> bool:
        """Whether the next picture is worth a look; later ones are compared with it then."""
        thumb = cv2.resize(picture.pixels, THUMB_PX, interpolation=cv2.INTER_AREA)
        now = thumb.astype(np.int16)
        if self._last is not None and self._is_same(picture.time_ms, now):
            self.same[self._last[0]].append(picture.time_ms)
            return False
        self._last = picture.time_ms, now
        self.same[picture.time_ms] = []
        return True

    def _is_same(self, time_ms: int, now: NDArray[np.int16]) -> bool:
        assert self._last is not None
        last_ms, last = self._last
        changed = np.abs(now - last).max(axis=2) > SAME_STEP
        return time_ms - last_ms < LONGEST_MS and float(changed.mean()) <= SAME_SHARE


def with_the_same(findings: Iterable[Finding], same: dict[int, list[int]]) -> list[Finding]:
    """The findings, and each once more for every picture that is like its own."""
    return [
        item.model_copy(update={"time_ms": time})
        for item in findings
        for time in (item.time_ms, *same.get(item.time_ms, ()))
    ]


def dense_pictures(source: Path, span: Span) -> Iterator[SmallPicture]:
    """All that is on screen in a span, `DENSE_RATE` times a second."""
    return sampled(source, DENSE_RATE, span, WIDTH_PX)


def around(
    times_ms: Iterable[int],
    looked: Sequence[Span],
    duration_ms: int,
    most_ms: int = MOST_DENSE_MS,
) -> list[Span]:
    """The parts around moments that were not looked at densely yet, none twice.

    Args:
        times_ms: of findings.
        looked: the parts that were.
        duration_ms: of the source.
        most_ms: how much all parts come to at most.
    """
    left_ms = most_ms - sum(span.duration_ms for span in looked)
    taken, fresh = list(looked), []
    for time in sorted(set(times_ms)):
        start = max(0, time - AROUND_MS)
        wanted = [Span(in_ms=start, out_ms=max(start, min(duration_ms, time + AROUND_MS)))]
        for other in taken:
            wanted = [piece for span in wanted for piece in span.without(other)]
        for span in wanted:
            if 0 < span.duration_ms <= left_ms:
                left_ms -= span.duration_ms
                fresh.append(span)
                taken.append(span)
    return fresh
