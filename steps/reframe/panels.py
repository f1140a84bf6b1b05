"""Layouts of several panels: a screen with its camera, and people one above the other. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steps.model.canvas import Canvas
from steps.model.crop import Region, ShotCrop
from steps.model.geometry import Box, Size, even
from steps.model.layouts import LayoutName
from steps.model.screens import Inset
from steps.model.timing import Span
from steps.model.tracks import ShotTracks, Track
from steps.reframe.framing import (
    MARGIN_SHARE,
    PLANNED_MS,
    SPARE_SHARE,
    sights_at,
    window_path,
    window_size,
)
from steps.reframe.keying import keyframes
from steps.reframe.screens import grown, screen_region

HEADS_HIGH = 2.45
"""A panel is at most so many heads high, hair included, so that a face in it is not lost."""
ROOM_HEADS = 1.8
"""A window that moves with a face has at least so many heads of height: one with less turns back
with every nod."""
ROUND_SHARE = 0.96
"""Of a circle's width that is surely inside it."""
OVER_SHARE, OVER_GAP = 0.36, 0.04
"""Side of a camera's picture that lies over the screen, and its distance from the screen's edge, in
shares of the output's width."""


@dataclass(frozen=True)
class StackStyle:
    """How screen and camera share the output.

    Attributes:
        screen_percent: of the output's height that the screen gets, above the camera.
        is_over: the camera lies over the screen instead, in a corner.
    """

    screen_percent: int = 55
    is_over: bool = False


def stacked(
    shot: ShotTracks, size: Size, sample_ms: int, canvas: Canvas, style: StackStyle
) -> tuple[ShotCrop, ...]:
    """The crops of a shot with insets: one for each place that the inset has."""
    screen = shot.screen
    assert screen is not None
    tracks = {track.id: track for track in shot.tracks}
    above, below = _halves(canvas.whole, style.screen_percent)
    crops = []
    for inset in screen.insets:
        panel = canvas.whole if style.is_over else above
        region = screen_region(screen, inset, size, sample_ms, panel, is_drawn=shot.is_drawn)
        corner = _corner(region.target, inset.box.centre_x_px > size.width_px / 2, canvas)
        camera = _camera(
            tracks[inset.track], inset, size, sample_ms, corner if style.is_over else below
        )
        covered = region.target == panel and (style.is_over or camera.target == below)
        crops.append(
            ShotCrop(
                in_ms=inset.in_ms,
                out_ms=inset.out_ms,
                layout="stack",
                regions=(region, camera),
                background="none" if covered else screen.colour,
                subject=inset.track,
            )
        )
    return tuple(crops)


def _halves(whole: Box, percent: int) -> tuple[Box, Box]:
    height = even(whole.height_px * percent / 100)
    return (
        Box(x_px=0, y_px=0, width_px=whole.width_px, height_px=height),
        Box(x_px=0, y_px=height, width_px=whole.width_px, height_px=whole.height_px - height),
    )


def _corner(screen: Box, is_right: bool, canvas: Canvas) -> Box:
    """A square in a lower corner of the screen's part, on the side where the camera was."""
    side, gap = (even(share * canvas.size.width_px) for share in (OVER_SHARE, OVER_GAP))
    side = min(side, screen.width_px, screen.height_px)
    return Box(
        x_px=max(0, screen.right_px - side - gap) if is_right else screen.x_px + gap,
        y_px=max(0, screen.bottom_px - side - gap),
        width_px=side,
        height_px=side,
    )


def _of_inset(inset: Inset, panel: Box) -> Box:
    """The part of an inset that a panel may show, even: of a round one, a part of the circle."""
    if not inset.round:
        return grown(inset.box, 0, 0, inset.box)
    across = math.hypot(panel.width_px, panel.height_px) / ROUND_SHARE
    aside = inset.box.width_px * (panel.width_px / across - 1) / 2
    above = inset.box.height_px * (panel.height_px / across - 1) / 2
    return grown(inset.box, aside, above, inset.box)


def _camera(track: Track, inset: Inset, size: Size, sample_ms: int, panel: Box) -> Region:
    """The face of an inset in a panel, or in the middle of it where the panel is too wide.

    An inset is not high enough for a wide panel: the window would have less height than the head.
    """
    tried: list[Region] = []
    for percent in range(100, 20, -10):
        width = max(2, even(panel.width_px * percent / 100))
        if width < panel.width_px and width < panel.height_px:
            break
        part = Box(
            x_px=panel.x_px + even((panel.width_px - width) / 2),
            y_px=panel.y_px,
            width_px=width,
            height_px=panel.height_px,
        )
        region = _person(track, inset, _of_inset(inset, part), size, sample_ms, part)
        if _has_room(region, track, inset, sample_ms):
            return region
        tried.append(region)
    return max(tried, key=lambda one: one.window.height_px)


def _has_room(region: Region, track: Track, span: Span, sample_ms: int) -> bool:
    """Whether a window is still, or high enough to follow the head without reversing."""
    _, top, _, bottom, _ = sights_at(track, np.arange(span.in_ms, span.out_ms, sample_ms))
    high = float(np.median(bottom - top))
    least = ROOM_HEADS if len(region.keyframes) > 1 else 1 + 2 * (1 - SPARE_SHARE) * MARGIN_SHARE
    return region.window.height_px >= least * high


def _person(
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
    height = min(largest.height_px, even(needed))
    window = Size(width_px=min(largest.width_px, even(height * aspect)), height_px=height)
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
    """Each person in a panel, in their order from left to right.

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
    return ShotCrop(
        in_ms=shot.in_ms,
        out_ms=shot.out_ms,
        layout=layout,
        regions=tuple(
            _person(one, shot, _domain(one, everyone, size), size, sample_ms, panel)
            for one, panel in zip(people, panels, strict=True)
        ),
        subject=_main(shot, people).id,
    )


def _panels(canvas: Canvas, count: int) -> list[Box]:
    """Two and three one above the other, four in a square; side by side where that is wide."""
    whole = canvas.whole
    rows, columns = (2, 2) if count == 4 else (count, 1)
    if whole.width_px > whole.height_px and count < 4:
        rows, columns = 1, count
    xs = [even(whole.width_px * place / columns) for place in range(columns + 1)]
    ys = [even(whole.height_px * place / rows) for place in range(rows + 1)]
    return [
        Box.of_edges(xs[column], ys[row], xs[column + 1], ys[row + 1])
        for row in range(rows)
        for column in range(columns)
    ]


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
