"""The frame rate, from when the pictures appear: pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from steps.model.timing import MAX_RATE

STANDARD_RATES = tuple(
    Fraction(rate)
    for rate in (
        "24000/1001", 24, 25, "30000/1001", 30, 50, "60000/1001", 60, "48000/1001", 48, "15", 12,
        10, 20, 5, "120000/1001", 120, 100, 90, 240, "15000/1001", "12000/1001",
    )
)  # fmt: skip
"""Tried in this order when the container's own statement does not fit."""

ROUNDING_MS = Fraction(3, 2)
"""Matroska rounds each time to a millisecond; so may the original have done."""

MOST_HOLES = Fraction(1, 20)
"""Share of pictures that may be followed by a gap before the rate counts as variable."""


def frame_rate(times_ms: Sequence[int], stated: Fraction | None) -> tuple[Fraction, bool]:
    """The exact rate, and whether it varies.

    The rate is the stated one or a standard one, when every picture is within rounding of a place
    on its grid and hardly a place is empty; else the average over all pictures, exactly, and it
    varies.

    Args:
        times_ms: when each picture appears, in order.
        stated: what the container says.
    """
    if stated and stated > MAX_RATE:
        stated = None
    if len(times_ms) < 2 or times_ms[-1] == times_ms[0]:
        return (stated or Fraction(25)), False
    for rate in ((stated,) if stated else ()) + STANDARD_RATES:
        if _fits(times_ms, rate):
            return rate, False
    return Fraction(1000 * (len(times_ms) - 1), times_ms[-1] - times_ms[0]), True


def _fits(times_ms: Sequence[int], rate: Fraction) -> bool:
    up, down = rate.numerator, 1000 * rate.denominator
    bound = int(ROUNDING_MS * up)
    first, before, holes = times_ms[0], -1, 0
    for time in times_ms:
        place = (2 * (time - first) * up + down) // (2 * down)  # the nearest, in whole numbers
        if abs((time - first) * up - place * down) > bound or place == before:
            return False
        holes += place != before + 1
        before = place
    return holes <= MOST_HOLES * len(times_ms)
