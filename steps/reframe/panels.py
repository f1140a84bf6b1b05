"""Layouts of several people: each in a panel of their own, or together in one window. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from steps.model.canvas import Canvas
from steps.model.crop import Region, ShotCrop
from steps.model.geometry import Box, Size, even
from steps.model.layouts import LayoutName
from steps.model.timing import Span
from steps.model.tracks import ShotTracks, Track
from steps.reframe.framing import (
    PLANNED_MS,
    sights_at,
    window_path,
    window_size,
)
from steps.reframe.keying import keyframes
from steps.reframe.people import MARGIN_SHARE, usual_box
from steps.reframe.screens import grown

HEADS_HIGH = 2.45
"""A panel is at most so many heads high, hair included, so that a face in it is not lost."""


def person_region(
    track: Track,
    span: Span,
    domain: Box,
    size: Size,
    sample_ms: int,
    panel: Box,
) -> Region:
    """A person's face in a panel, well placed, from a part of the frame that is theirs.

    Args:
        track: of the face.
        span: the time of the region.
        domain: where the window may be.
        size: of the frame.
        sample_ms: distance of the samples.
        panel: of the output.
    """
    step_ms = min(sample_ms, PLANNED_MS)
    sights = sights_at(track, np.arange(span.in_ms, span.out_ms, step_ms))
    left, top, right, bottom, _ = sights
    shape = Size(width_px=panel.width_px, height_px=panel.height_px)
    largest = window_size(Size(width_px=domain.width_px, height_px=domain.height_px), shape)
    wide, high = float(np.median(right - left)), float(np.median(bottom - top))
    aspect = shape.width_px / shape.height_px
    needed = max(HEADS_HIGH * high, (1 + 2 * MARGIN_SHARE) * wide / aspect)
    height = min(largest.height_px, max(2, even(needed)))
    across = max(2, even(height * aspect))
    window = Size(width_px=min(largest.width_px, across), height_px=height)
    margins = MARGIN_SHARE * (right - left), MARGIN_SHARE * (bottom - top)
    x, y = window_path(sights, margins, window, domain, size.width_px, step_ms)
    return Region(window=window, target=panel, keyframes=keyframes(span, x, y))


def side_by_side(
    shot: ShotTracks,
    layout: LayoutName,
    people: Sequence[Track],
    everyone: Sequence[Track],
    size: Size,
    sample_ms: int,
    canvas: Canvas,
) -> ShotCrop:
    """Each person in a panel, in their order from left to right; those of a call row by row.

    Args:
        shot: the shot.
        layout: `split` or `grid`.
        people: who is shown, from left to right.
        everyone: also those who are seen and not shown, so that no face is cut.
        size: of the frame.
        sample_ms: distance of the samples.
        canvas: of the output.
    """
    panels = _panels(canvas, len(people))
    seats = _seats(shot, people)
    people = sorted(people, key=lambda one: _row_and_place(one, seats))
    return ShotCrop(
        in_ms=shot.in_ms,
        out_ms=shot.out_ms,
        layout=layout,
        regions=tuple(
            person_region(
                one,
                shot,
                seats[one.id] if one.id in seats else _domain(one, everyone, size),
                size,
                sample_ms,
                panel,
            )
            for one, panel in zip(people, panels, strict=True)
        ),
        subject=_main(shot, people).id,
    )


def _seats(shot: ShotTracks, people: Sequence[Track]) -> dict[str, Box]:
    """The tile of each person who is in one."""
    tiles = [one.box for one in shot.screen.tiles] if shot.screen else []
    found = ((person.id, box) for person in people for box in tiles if _is_in(person, box))
    return {name: grown(box, 0, 0, box) for name, box in found}


def _is_in(person: Track, box: Box) -> bool:
    seen = usual_box(person)
    return box.holds(seen.centre_x_px, seen.centre_y_px)


def _row_and_place(person: Track, seats: Mapping[str, Box]) -> tuple[int, float]:
    seat = seats.get(person.id)
    row = round(seat.y_px / seat.height_px) if seat else 0
    return row, usual_box(person).centre_x_px


def _panels(canvas: Canvas, count: int) -> list[Box]:
    """Two and three one above the other, four in a square; side by side where that is wide."""
    whole = canvas.whole
    rows, across = (2, 2) if count == 4 else (count, 1)
    if whole.width_px > whole.height_px and count < 4:
        rows, across = 1, count
    ys = [even(whole.height_px * place / rows) for place in range(rows + 1)]
    return [
        part
        for top, bottom in pairwise(ys)
        for part in columns(Box.of_edges(0, top, whole.width_px, bottom), across)
    ]


def columns(panel: Box, count: int) -> list[Box]:
    """A panel in so many parts, side by side."""
    xs = [panel.x_px + even(panel.width_px * place / count) for place in range(count + 1)]
    return [Box.of_edges(left, panel.y_px, right, panel.bottom_px) for left, right in pairwise(xs)]


def _domain(one: Track, everyone: Sequence[Track], size: Size) -> Box:
    """The part of the frame between the middles to the neighbours' faces, of its whole height."""
    edges = {track.id: _reach(track) for track in everyone}
    left, right = edges[one.id]
    before = [end for name, (_, end) in edges.items() if name != one.id and end <= left]
    after = [start for name, (start, _) in edges.items() if name != one.id and start >= right]
    first = math.ceil((max(before) + left) / 2) if before else 0
    last = math.floor((min(after) + right) / 2) if after else size.width_px
    return Box.of_edges(first, 0, last, size.height_px)


def _reach(track: Track) -> tuple[int, int]:
    boxes = [one.head or one.box for one in track.detections]
    return min(box.x_px for box in boxes), max(box.right_px for box in boxes)


def _main(shot: ShotTracks, people: Sequence[Track]) -> Track:
    """Who speaks for the longest; of equals, the leftmost."""

    def spoken_ms(track: Track) -> int:
        return sum(turn.duration_ms for turn in shot.turns if turn.track == track.id)

    return max(people, key=spoken_ms)


def together(
    shot: ShotTracks, people: Sequence[Track], size: Size, sample_ms: int, canvas: Canvas
) -> ShotCrop | None:
    """One window with all the faces; None where they do not fit."""
    step_ms = min(sample_ms, PLANNED_MS)
    times = np.arange(shot.in_ms, shot.out_ms, step_ms)
    rows = np.stack([sights_at(one, times) for one in people])
    left, top = rows[:, 0].min(axis=0), rows[:, 1].min(axis=0)
    right, bottom = rows[:, 2].max(axis=0), rows[:, 3].max(axis=0)
    margin = MARGIN_SHARE * float(np.median(rows[:, 2] - rows[:, 0]))
    window = window_size(size, canvas.size)
    if float((right - left).max()) + 2 * margin > window.width_px:
        return None
    sights = np.stack([left, top, right, bottom, rows[:, 4].mean(axis=0)])
    whole = Box.whole(size)
    x, y = window_path(sights, (margin, margin), window, whole, size.width_px, step_ms)
    region = Region(window=window, target=canvas.whole, keyframes=keyframes(shot, x, y))
    return ShotCrop(
        in_ms=shot.in_ms,
        out_ms=shot.out_ms,
        layout="focus",
        regions=(region,),
        subject=_main(shot, people).id,
    )
