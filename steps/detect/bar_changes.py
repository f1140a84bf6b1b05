"""Where black bars come and go without a cut: exact to the frame, from every picture of a clip.

A picture has bars above and below, or left and right; or its edge is lit and it has none; or it is
too dark to tell. Only bars on both sides that stay for `STEADY_MS` count: while bars slide in and
while a picture fades, the edge moves. A dark time has the bars of its neighbours where it is black
around them, so that no window shows a bar; a fade in a film without bars makes none. Black ground
that something is drawn on, such as the mark around who speaks in a call, is not a bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from steps.detect.bars import (
    Lit,
    black_edges,
    black_on_both,
    brightest,
    inside_bars,
    is_black_around,
    least_lines,
    lit,
    pair_of_bars,
)
from steps.detect.shots import MIN_SHOT_MS
from steps.model.geometry import Box, Size
from steps.model.timing import Span

STEADY_MS = 200
"""Bars stay for this long; those of a fade move from picture to picture."""
SLIDE_MS = 1_000
"""Bars take up to this long to slide in or out; until then the larger ones count."""
SAME_LINES = 1
"""Bars that differ by so many lines of the small picture are the same."""
MARK_LINES = 4
"""A mark around a picture takes up to so many of the lines of the black ground beside it."""

SAME_IOU = 0.98
"""Of what is inside them, where they were measured in different pictures."""

Edges = tuple[int, ...]
"""Black lines of the small picture: above, below, left, right."""
BARE: Edges = (0, 0, 0, 0)


@dataclass(frozen=True)
class BarStretch:
    """The time [in_ms, out_ms) with one picture inside bars; `inside` is None without any."""

    in_ms: int
    out_ms: int
    inside: Box | None


@dataclass(frozen=True)
class _EdgeRun:
    """Pictures in a row whose bars are the same; of unknown ones, `edges` is None.

    `black` are lines that are black in all of them on both sides: above and below, left and right.
    """

    in_ms: int
    out_ms: int
    edges: Edges | None
    lit: Lit | None
    black: tuple[int, int]

    @property
    def duration_ms(self) -> int:
        return self.out_ms - self.in_ms

    def is_like(self, edges: Edges | None) -> bool:
        """Whether a picture with these bars goes on with the run."""
        if edges is None or self.edges is None or BARE in (edges, self.edges):
            return edges == self.edges
        return all(abs(a - b) <= SAME_LINES for a, b in zip(edges, self.edges, strict=True))

    def joined(self, other: _EdgeRun) -> _EdgeRun:
        both = self.lit and other.lit and brightest((self.lit, other.lit))
        black = (min(self.black[0], other.black[0]), min(self.black[1], other.black[1]))
        return replace(self, out_ms=other.out_ms, lit=both, black=black)

    def is_marked_in(self, other: _EdgeRun) -> bool:
        """Whether another run leaves these bars black, but for a mark beside the picture."""
        if self.edges is None or self.edges == BARE:
            return False
        lines = (min(self.edges[:2]), min(self.edges[2:]))
        return all(
            black > 0 and least - black <= MARK_LINES
            for least, black in zip(lines, other.black, strict=True)
            if least
        )


class BarWatch:
    """Looks at the edges of every picture, fed one after the other."""

    def __init__(self) -> None:
        """Begin before the first picture."""
        self._runs: list[_EdgeRun] = []

    def add(self, time_ms: int, pixels: NDArray[np.uint8]) -> None:
        """Take the next picture, BGR of shape (height, width, 3)."""
        edges, shares, black = _edges(pixels)
        new = _EdgeRun(time_ms, time_ms, edges, shares, black)
        if self._runs:
            self._runs[-1] = replace(self._runs[-1], out_ms=time_ms)
        if self._runs and self._runs[-1].is_like(edges):
            self._runs[-1] = self._runs[-1].joined(new)
        else:
            self._runs.append(new)

    def stretches(self, end_ms: int, size: Size) -> tuple[BarStretch, ...]:
        """The times between changes, in order, up to the end of what was watched.

        Args:
            end_ms: when the last picture ends.
            size: of the picture in source pixels.
        """
        if not self._runs:
            return ()
        runs = [*self._runs[:-1], replace(self._runs[-1], out_ms=end_ms)]
        if all(one.edges in (None, BARE) for one in runs):
            return (BarStretch(runs[0].in_ms, end_ms, None),)
        steady = _without_marks(_without_unsteady(runs))
        inside = [None if one.edges is None else _inside(one, size) for one in steady]
        around = [_of_neighbours(steady, inside, at, size) for at in range(len(steady))]
        return tuple(
            _long_enough(
                BarStretch(one.in_ms, one.out_ms, box)
                for one, box in zip(steady, around, strict=True)
            )
        )


def changes_ms(stretches: Sequence[BarStretch]) -> tuple[int, ...]:
    """When each stretch but the first begins."""
    return tuple(one.in_ms for one in stretches[1:])


def inside_changing(stretches: Sequence[BarStretch], shot: Span) -> Box | None:
    """The picture inside all bars that are there in a shot and not throughout; None without any."""
    box = None
    for one in stretches if len(stretches) > 1 else ():
        if one.in_ms < shot.out_ms and one.out_ms > shot.in_ms:
            box = smaller(box, one.inside)
    return box


def smaller(one: Box | None, other: Box | None) -> Box | None:
    """The picture inside two pairs of bars, either of which may be absent."""
    if one is None or other is None:
        return one or other
    return one & other


def _edges(pixels: NDArray[np.uint8]) -> tuple[Edges | None, Lit | None, tuple[int, int]]:
    """The bars of a picture, None where it is too dark to tell; what they were read from; `black`.

    Nearly every picture is lit at its edges, so only those are looked at first.
    """
    high, wide = map(least_lines, pixels.shape[:2])
    black = black_edges(pixels)
    if black[0] < high and black[1] < wide:
        return BARE, None, black
    shares = lit(pixels)
    black = black_on_both(shares.rows), black_on_both(shares.columns)
    pairs = (pair_of_bars(shares.rows), pair_of_bars(shares.columns))
    if pairs == (None, None):
        return None, shares, black
    return tuple(lines for pair in pairs for lines in pair or (0, 0)), shares, black


def _without_marks(runs: Sequence[_EdgeRun]) -> list[_EdgeRun]:
    """The same, but that marks beside the picture change no bars: those go on, or are none."""
    result = list(runs)
    for at, one in enumerate(runs):
        for other in (at - 1, at + 1):
            if not 0 <= other < len(runs) or not one.is_marked_in(runs[other]):
                continue
            if runs[other].edges == BARE:
                result[at] = replace(one, edges=BARE, lit=None)
            elif result[other].edges != BARE:
                result[other] = replace(runs[other], edges=one.edges, lit=one.lit)
    return result


def _without_unsteady(runs: Sequence[_EdgeRun]) -> list[_EdgeRun]:
    """The same, bars that do not stay made unknown, and unknown ones in a row joined."""
    result: list[_EdgeRun] = []
    for one in runs:
        known = one if one.edges == BARE or one.duration_ms >= STEADY_MS else None
        now = known or replace(one, edges=None)
        if result and now.edges is None and result[-1].edges is None:
            result[-1] = result[-1].joined(now)
        else:
            result.append(now)
    return result


def _inside(run: _EdgeRun, size: Size) -> Box | None:
    return None if run.lit is None else inside_bars([run.lit], size)


def _of_neighbours(
    runs: Sequence[_EdgeRun], inside: Sequence[Box | None], at: int, size: Size
) -> Box | None:
    """The picture inside a run's bars; of an unknown one, inside those beside it."""
    run = runs[at]
    if run.edges is not None or run.lit is None:
        return inside[at]
    box = None
    for other in (*inside[max(0, at - 1) : at], *inside[at + 1 : at + 2]):
        if other is None:
            continue
        if run.duration_ms <= SLIDE_MS or is_black_around(other, [run.lit], size):
            box = smaller(box, other)
    return box


def _long_enough(stretches: Iterable[BarStretch]) -> list[BarStretch]:
    """Stretches that differ, each as long as a shot: shorter bars last longer, gaps are closed."""
    result: list[BarStretch] = []
    for one in stretches:
        if result:
            last = result[-1]
            is_short = last.out_ms - last.in_ms < MIN_SHOT_MS and len(result) > 1
            if is_short and last.inside is not None and one.inside is None:
                out_ms = min(last.in_ms + MIN_SHOT_MS, one.out_ms)
                result[-1] = last = replace(last, out_ms=out_ms)
                one = replace(one, in_ms=out_ms)
            elif is_short and last.inside is None and one.inside is not None:
                result.pop()
                one = replace(one, in_ms=last.in_ms)
                last = result[-1]
            if one.in_ms == one.out_ms or _are_same(last.inside, one.inside):
                inside = smaller(last.inside, one.inside)
                result[-1] = BarStretch(last.in_ms, one.out_ms, inside)
                continue
        result.append(one)
    return result


def _are_same(one: Box | None, other: Box | None) -> bool:
    return one is other if one is None or other is None else one.iou(other) >= SAME_IOU
