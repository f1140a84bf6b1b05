"""Time: integer milliseconds on the source's clock, half-open spans, exact frame rates.

The source's clock starts at the first presented moment of `source.mkv`. A clip at 0 ms is a clip:
never test a time for truth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from steps.contract import Value

MAX_MS = 25 * 3600 * 1000
"""Every time is below this: the longest source is a day, and margins may reach past its end."""

MAX_RATE = 1000
"""The most frames per second: times are whole milliseconds."""

Ms = Annotated[int, Field(ge=0, le=MAX_MS)]
"""Milliseconds on the source's clock."""


def _rate(value: object) -> Fraction:
    try:
        rate = value if isinstance(value, Fraction) else Fraction(str(value))
    except ZeroDivisionError as error:
        raise ValueError(f"the frame rate {value!r} divides by zero") from error
    if not 0 < rate <= MAX_RATE:
        raise ValueError(f"the frame rate {rate} is not above 0 and at most {MAX_RATE}")
    return rate


Rate = Annotated[
    Fraction,
    BeforeValidator(_rate),
    PlainSerializer(lambda rate: f"{rate.numerator}/{rate.denominator}", return_type=str),
]
"""Frames per second, exact, at most MAX_RATE: `30000/1001` in JSON."""


class Span(Value):
    """The half-open time range `[in_ms, out_ms)`."""

    in_ms: Ms
    out_ms: Ms

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.out_ms < self.in_ms:
            raise ValueError(f"out_ms {self.out_ms} is before in_ms {self.in_ms}")
        return self

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return self.out_ms - self.in_ms

    def contains(self, time_ms: int) -> bool:
        """Whether a moment is inside."""
        return self.in_ms <= time_ms < self.out_ms

    def overlap_ms(self, other: Span) -> int:
        """Length of the common part, 0 when there is none."""
        return max(0, min(self.out_ms, other.out_ms) - max(self.in_ms, other.in_ms))

    def clamp(self, bounds: Span) -> Span:
        """The part inside `bounds`, empty at its nearer edge when there is none."""
        start = min(max(self.in_ms, bounds.in_ms), bounds.out_ms)
        return Span(in_ms=start, out_ms=max(start, min(self.out_ms, bounds.out_ms)))

    def without(self, other: Span) -> list[Span]:
        """What is left of it outside another one: itself, one part or two, or nothing."""
        if not self.overlap_ms(other):
            return [self]
        before = [Span(in_ms=self.in_ms, out_ms=other.in_ms)] if self.in_ms < other.in_ms else []
        after = [Span(in_ms=other.out_ms, out_ms=self.out_ms)] if other.out_ms < self.out_ms else []
        return before + after


def check_order(spans: Sequence[Span], what: str) -> None:
    """Check that spans are in order of time and do not overlap.

    Raises:
        ValueError: a span starts before the one before it ends.
    """
    for before, after in pairwise(spans):
        if after.in_ms < before.out_ms:
            raise ValueError(
                f"{what} at {after.in_ms} ms starts before the previous one ends at "
                f"{before.out_ms} ms"
            )


def check_cover(spans: Sequence[Span], what: str, whole: Span | None = None) -> None:
    """Check that spans follow one another without a gap and, if asked, cover a whole exactly.

    Raises:
        ValueError: there is a gap, an overlap, or another start or end.
    """
    for before, after in pairwise(spans):
        if after.in_ms != before.out_ms:
            raise ValueError(
                f"{what} at {after.in_ms} ms does not start where the previous one ends, "
                f"at {before.out_ms} ms"
            )
    if whole and spans and (spans[0].in_ms, spans[-1].out_ms) != (whole.in_ms, whole.out_ms):
        raise ValueError(
            f"{what} covers {spans[0].in_ms} to {spans[-1].out_ms} ms instead of "
            f"{whole.in_ms} to {whole.out_ms} ms"
        )


def check_unique(names: Iterable[str], what: str) -> None:
    """Check that no name is used twice.

    Raises:
        ValueError: a name is.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} {name!r} is used twice")
        seen.add(name)


def frame_at(time_ms: int, rate: Fraction) -> int:
    """The index of the frame that is on screen at a moment.

    The source's stamps are rounded to whole milliseconds (Matroska), so frame n at 29.97 fps
    appears at `stamp_ms(n, rate)`, which may be up to half a millisecond before `n / rate`.
    """
    # Frame n is there when stamp_ms(n) <= time_ms, that is when n < (2 time_ms + 1) rate / 2000.
    return math.ceil(Fraction(2 * time_ms + 1) * rate / 2000) - 1


def stamp_ms(frame: int, rate: Fraction) -> int:
    """The stamp of a frame: its exact time, rounded to the nearest millisecond, halves up."""
    return math.floor(Fraction(frame * 1000) / rate + Fraction(1, 2))


def clock(time_ms: int, separator: str = ".") -> str:
    """`HH:MM:SS.mmm`, rounded once as a whole, never field by field."""
    seconds, milliseconds = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{separator}{milliseconds:03}"
