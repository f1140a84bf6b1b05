"""A screen with its cameras: the screen above, one camera or two below, or one over it. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from steps.model.canvas import Canvas
from steps.model.crop import Region, ShotCrop
from steps.model.geometry import Box, Size, even
from steps.model.screens import Inset
from steps.model.timing import Span
from steps.model.tracks import ShotTracks, Track
from steps.reframe.framing import SPARE_SHARE, sights_at
from steps.reframe.panels import columns, person_region
from steps.reframe.people import MARGIN_SHARE
from steps.reframe.screens import grown, screen_region

SIDE_BY_SIDE = 2
"""So many cameras fit below a screen, side by side."""
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
    """The crops of a shot with cameras: one for each time in which one is shown, or elsewhere."""
    screen = shot.screen
    assert screen is not None
    tracks = {track.id: track for track in shot.tracks}
    above, below = _halves(canvas.whole, style.screen_percent)
    crops = []
    for cameras in shown_cameras(shot, 1 if style.is_over else SIDE_BY_SIDE):
        span = cameras[0]
        panel = canvas.whole if style.is_over else above
        hidden = [one.box for one in screen.tiles or cameras]
        region = screen_region(screen, hidden, span, size, sample_ms, panel, is_drawn=shot.is_drawn)
        is_right = span.box.centre_x_px > size.width_px / 2
        places = (
            [_corner(region.target, is_right, canvas)]
            if style.is_over
            else columns(below, len(cameras))
        )
        regions = [
            _camera(tracks[one.track], one, size, sample_ms, place)
            for one, place in zip(cameras, places, strict=True)
        ]
        filled = style.is_over or [one.target for one in regions] == places
        covered = region.target == panel and filled
        speaking = [turn.track for turn in shot.turns if turn.in_ms < span.out_ms]
        crops.append(
            ShotCrop(
                in_ms=span.in_ms,
                out_ms=span.out_ms,
                layout="stack",
                regions=(region, *regions),
                background="none" if covered else screen.colour,
                subject=next((one.track for one in cameras if one.track in speaking), span.track),
            )
        )
    return tuple(crops)


def shown_cameras(shot: ShotTracks, most: int) -> list[tuple[Inset, ...]]:
    """The cameras that are shown at a time, from left to right, each with that time.

    Of several at once: all where there are few enough, else the one of who speaks.
    """
    screen = shot.screen
    assert screen is not None
    if not screen.tiles:
        return [(one,) for one in screen.insets]
    tiles = sorted(screen.tiles, key=lambda one: (one.box.x_px, one.box.y_px))
    if len(tiles) <= most:
        return [tuple(tiles)]
    by_track = {one.track: one for one in tiles}
    shown = [turn for turn in shot.turns if turn.track in by_track and turn.duration_ms]
    if not shown:
        return [(tiles[0],)]
    starts = [shot.in_ms, *(turn.in_ms for turn in shown[1:]), shot.out_ms]
    return [
        (by_track[turn.track].model_copy(update={"in_ms": start, "out_ms": end}),)
        for turn, (start, end) in zip(shown, pairwise(starts), strict=True)
    ]


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
        region = person_region(track, inset, _of_inset(inset, part), size, sample_ms, part)
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
