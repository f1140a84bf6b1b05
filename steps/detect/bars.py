"""Black bars around a picture: above and below a wide film, left and right of a narrow one. Pure.

A shot has bars where its outermost lines are black in every sample and the picture begins at once:
most of the first line inside is lit. A dark stage around a speaker begins gradually, and stays. A
bar on one side only needs a first line that is lit nearly throughout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.model.geometry import Box, Size

BLACK = 40
"""Pixels up to this brightness, of 255, are black: a codec's noise around black reaches 30."""
FEW = 0.005
"""A line is black when at most this share of it is lit: dirt and ringing."""
MOST = 0.5
"""A line belongs to the picture's edge when at least this share of it is lit in some sample."""
MOST_ALONE = 0.9
"""The same for a bar on one side only: a black wall has people before it."""
LEAST_SHARE = 0.02
"""Thinner bars, as a share of the side, are left alone: the picture's own edge is often dark."""
UNEVEN_SHARE = 0.02
"""Bars of both sides differ by at most this share of the side: pictures are put in the middle."""
LEAST_INSIDE = 0.1
"""What is between bars is no picture where it is less of the side: a line on a title, or the flat
wave of a sound. A wide film in an upright frame is a fifth of it."""
EDGE_LINES = 2
"""Lines of the small picture over which the edge is blurred."""
GUARD_PX = 2
"""Source pixels inside the edge that are given up: codecs smear the bar into them."""

Shares = NDArray[np.float32]


@dataclass(frozen=True)
class Lit:
    """Which share of each line of a picture is lit: rows from the top, columns from the left."""

    rows: Shares
    columns: Shares


def lit(pixels: NDArray[np.uint8]) -> Lit:
    """Measure a picture, BGR of shape (height, width, 3)."""
    bright = _bright(pixels)
    return Lit(_shares(bright, 1), _shares(bright, 0))


def black_edges(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    """How many lines are black above and below; then left and right: on the side that has fewer.

    `least_lines` of each side are looked at, and no second side where the first has none.

    Args:
        pixels: BGR of shape (height, width, 3).
    """
    high, wide = (least_lines(side) for side in pixels.shape[:2])
    above, below = (pixels[:high], pixels[: -high - 1 : -1])
    left, right = (pixels[:, :wide], pixels[:, : -wide - 1 : -1])
    return _fewest_black((above, below), 1), _fewest_black((left, right), 0)


def _fewest_black(strips: Sequence[NDArray[np.uint8]], axis: int) -> int:
    fewest: int = strips[0].shape[0 if axis == 1 else 1]
    for strip in strips:
        if fewest:
            fewest = min(fewest, black_lines(_shares(_bright(strip), axis)))
    return fewest


def least_lines(side: int) -> int:
    """How many lines the thinnest bar has, of a picture with so many."""
    return math.ceil(LEAST_SHARE * side)


def _bright(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where a picture is lit, else 0."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return cv2.threshold(grey, BLACK, 1, cv2.THRESH_BINARY)[1].astype(np.uint8, copy=False)


def _shares(bright: NDArray[np.uint8], axis: int) -> Shares:
    """Which share of each line is lit: rows along axis 1, columns along axis 0."""
    sums = cv2.reduce(bright, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel()
    shares: Shares = (sums / bright.shape[axis]).astype(np.float32)
    return shares


def brightest(samples: Sequence[Lit]) -> Lit:
    """The greatest share of each line in any of some pictures."""
    rows = np.max([one.rows for one in samples], axis=0)
    return Lit(rows, np.max([one.columns for one in samples], axis=0))


def inside_bars_of_shots(shots: Sequence[Sequence[Lit]], size: Size) -> list[Box | None]:
    """`inside_bars` of each shot of a clip.

    A shot too dark to show where its picture begins has the bars of another one of the clip, where
    it is black.
    """
    own = [inside_bars(samples, size) for samples in shots]
    known = [box for box in own if box is not None]
    return [
        box or next((one for one in known if is_black_around(one, samples, size)), None)
        for box, samples in zip(own, shots, strict=True)
    ]


def is_black_around(box: Box, samples: Sequence[Lit], size: Size) -> bool:
    """Whether some pictures are all black outside of a box; False of no picture."""
    if not samples:
        return False
    most = brightest(samples)
    for shares, length_px, start_px, end_px in (
        (most.rows, size.height_px, box.y_px, box.bottom_px),
        (most.columns, size.width_px, box.x_px, box.right_px),
    ):
        lines = len(shares) / length_px
        before = shares[: max(0, int((start_px - 2 * GUARD_PX) * lines))]
        after = shares[math.ceil((end_px + 2 * GUARD_PX) * lines) :]
        if max(before.max(initial=0), after.max(initial=0)) > FEW:
            return False
    return True


def inside_bars(samples: Sequence[Lit], size: Size) -> Box | None:
    """The part of the picture inside the bars of a shot, even; None where it has none.

    Args:
        samples: its pictures, of one size.
        size: of the picture in source pixels.
    """
    if not samples:
        return None
    most = brightest(samples)
    top, bottom = _bars(most.rows, size.height_px)
    left, right = _bars(most.columns, size.width_px)
    if (top, bottom, left, right) == (0, 0, 0, 0):
        return None
    return Box(
        x_px=left,
        y_px=top,
        width_px=size.width_px - left - right,
        height_px=size.height_px - top - bottom,
    )


def _bars(shares: Shares, length_px: int) -> tuple[int, int]:
    """The even width in source pixels of both bars along one axis; 0 where there are none."""
    count = len(shares)
    least = LEAST_SHARE * count
    if black_on_both(shares) < least:
        first, last = (_bar(side, MOST_ALONE) for side in (shares, shares[::-1]))
    else:
        first, last = pair_of_bars(shares) or (0, 0)
    if max(first, last) < least:
        return 0, 0
    near, far = (
        2 * math.ceil((math.ceil(lines * length_px / count) + GUARD_PX) / 2)
        if lines >= least
        else 0
        for lines in (first, last)
    )
    if not _is_picture(length_px - near - far, length_px):
        return 0, 0
    return near, far + (length_px - near - far) % 2


def pair_of_bars(shares: Shares) -> tuple[int, int] | None:
    """How many lines both bars of an axis have; None unless there are two that are alike."""
    first, last = (_bar(side, MOST) for side in (shares, shares[::-1]))
    count = len(shares)
    if min(first, last) < LEAST_SHARE * count or not _is_picture(count - first - last, count):
        return None
    return (first, last) if abs(first - last) <= UNEVEN_SHARE * len(shares) else None


def _is_picture(inside: int, count: int) -> bool:
    """Whether so many lines between bars may be a picture, of so many lines in all."""
    return inside >= LEAST_INSIDE * count


def black_on_both(shares: Shares) -> int:
    """How many lines are black from both edges on: of the side that has fewer."""
    return min(black_lines(shares), black_lines(shares[::-1]))


def black_lines(shares: Shares) -> int:
    """How many lines from the edge on are black; all of a black picture."""
    (pictured,) = np.nonzero(shares > FEW)
    return int(pictured[0]) if len(pictured) else len(shares)


def _bar(shares: Shares, most: float) -> int:
    """How many lines from the edge on are black, up to a lit one; 0 where none follows at once."""
    first = black_lines(shares)
    if first == len(shares):
        return 0
    return first if shares[first : first + EDGE_LINES + 1].max() >= most else 0
