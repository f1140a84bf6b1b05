"""Slides and screens as large as they go, without the camera's picture over them. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from steps.model.canvas import Canvas
from steps.model.crop import Keyframe, Region, ShotCrop
from steps.model.geometry import Box, Size, even
from steps.model.screens import Change, Screen
from steps.model.timing import Span
from steps.model.tracks import ShotTracks
from steps.reframe.framing import PLANNED_MS, fit_target, window_size
from steps.reframe.keying import keyframes
from steps.reframe.path import Floats, FrameAxis, Wish, planned

READABLE = 0.6
"""Least scale of a screen with 1080 lines; with more lines its letters have more pixels."""
READABLE_LINES = 1080
GUARD_SHARE = 0.01
"""Of the frame's width: lines and shadows around an inset that the screen's part keeps clear of."""
MARGIN_SHARE = 0.03
"""Of the content's width, that is shown around it on each side."""
LEAST_SLIDE = 0.5
"""Of the frame's width: a slide with one word on it is not enlarged further."""
INNER_SHARE = 0.15
"""The window stays while what changes is this share of it away from its edges."""
ACTIVITY_WEIGHT = 0.5
"""What it is worth to show all that happens, or on a slide, where nothing does, all the text; the
whole screen is worth 1."""


def slide_crop(shot: ShotTracks, screen: Screen, size: Size, canvas: Canvas) -> ShotCrop:
    """A slide as wide as the output, its margins trimmed, on its own colour."""
    content = screen.content
    spare = (LEAST_SLIDE * size.width_px - content.width_px) / 2
    aside = max(MARGIN_SHARE * content.width_px, spare)
    frame = Box.whole(size)
    window = grown(content, aside, aside, frame)
    sides = Size(width_px=window.width_px, height_px=window.height_px)
    target = fit_target(sides, canvas)
    place = Keyframe(time_ms=shot.in_ms, x_mpx=1000 * window.x_px, y_mpx=1000 * window.y_px)
    return ShotCrop(
        in_ms=shot.in_ms,
        out_ms=shot.out_ms,
        layout="fit",
        regions=(Region(window=sides, target=target, keyframes=(place,)),),
        background="none" if target == canvas.whole else screen.colour,
    )


def screen_region(
    screen: Screen,
    hidden: Sequence[Box],
    span: Span,
    size: Size,
    sample_ms: int,
    panel: Box,
    *,
    is_drawn: bool,
) -> Region:
    """The screen without its cameras, in a panel of the output.

    A drawn screen is shown whole as long as it can be read so; a larger one, and a game, which
    fills the panel, are followed to where they change.

    Args:
        screen: what was found in the shot.
        hidden: the cameras' pictures, which are left out.
        span: the time of the region.
        size: of the frame.
        sample_ms: distance of the samples.
        panel: of the output.
        is_drawn: whether the shot is still and sharp.
    """
    changes = [one for one in screen.changes if span.contains(one.time_ms)]
    free = _free(hidden, changes, screen.texts if screen.is_slide else (), size, panel)
    shape = Size(width_px=panel.width_px, height_px=panel.height_px)
    if is_drawn:
        content = screen.content & free
        content = content if content.area_px else free
        shown = _shaped(grown(content, *_margins(screen), free), shape, free)
        lines = max(1.0, size.height_px / READABLE_LINES)
        widest = even(panel.width_px / (READABLE / lines))
        window = Size(width_px=min(shown.width_px, widest), height_px=shown.height_px)
    else:
        window = window_size(Size(width_px=free.width_px, height_px=free.height_px), shape)
        shown = free
    x, y = _followed(changes, span, window, shown, size, sample_ms)
    return Region(window=window, target=_centred(window, panel), keyframes=keyframes(span, x, y))


def _free(
    hidden: Sequence[Box], changes: Sequence[Change], texts: Sequence[Box], size: Size, panel: Box
) -> Box:
    """The part without cameras that shows most of the screen, its text and what happens."""
    width, height = size.width_px, size.height_px
    parts = [Box.whole(size)]
    for one in hidden:
        parts = [part for whole in parts for part in _around(one, whole, size)]

    written = sum(text.area_px for text in texts)

    def worth(part: Box) -> float:
        scale = min(
            width / part.width_px, panel.height_px * width / panel.width_px / part.height_px
        )
        active = 0.0
        if written:
            active = sum(one.area_px for one in texts if part & one == one) / written
        elif changes:
            happens = (part.holds(one.box.centre_x_px, one.box.centre_y_px) for one in changes)
            active = sum(happens) / len(changes)
        return part.area_px * scale / (width * height) + ACTIVITY_WEIGHT * active

    return grown(max(parts, key=worth), 0, 0, Box.of_edges(0, 0, width, height))


def _around(camera: Box, part: Box, size: Size) -> list[Box]:
    """What is beside, above and below a camera in a part; the part itself where it is elsewhere."""
    guard = math.ceil(GUARD_SHARE * size.width_px)
    left, right = camera.x_px - guard, camera.right_px + guard
    top, bottom = camera.y_px - guard, camera.bottom_px + guard
    if left >= part.right_px or right <= part.x_px or top >= part.bottom_px or bottom <= part.y_px:
        return [part]
    return [
        Box.of_edges(x, y, end, below)
        for x, y, end, below in (
            (part.x_px, part.y_px, left, part.bottom_px),
            (right, part.y_px, part.right_px, part.bottom_px),
            (part.x_px, part.y_px, part.right_px, top),
            (part.x_px, bottom, part.right_px, part.bottom_px),
        )
        if end - x >= 2 and below - y >= 2
    ]


def _margins(screen: Screen) -> tuple[float, float]:
    margin = MARGIN_SHARE * screen.content.width_px
    return margin, margin


def grown(box: Box, aside_px: float, above_px: float, limit: Box) -> Box:
    """The box with margins, inside the limit, even."""
    left, width = _even_span(
        box.x_px - aside_px, box.right_px + aside_px, limit.x_px, limit.right_px
    )
    top, height = _even_span(
        box.y_px - above_px, box.bottom_px + above_px, limit.y_px, limit.bottom_px
    )
    return Box(x_px=left, y_px=top, width_px=width, height_px=height)


def _even_span(start: float, end: float, least: int, most: int) -> tuple[int, int]:
    """An even offset and length, inside `[least, most)`."""
    first = math.ceil(max(start, least) / 2) * 2
    length = math.floor((min(end, most) - first) / 2) * 2
    return min(first, math.floor((most - 2) / 2) * 2), max(2, length)


def _shaped(box: Box, shape: Size, limit: Box) -> Box:
    """The box grown towards a shape, as far as the limit lets it."""
    wide = box.height_px * shape.width_px / shape.height_px
    high = box.width_px * shape.height_px / shape.width_px
    aside, above = max(0.0, wide - box.width_px) / 2, max(0.0, high - box.height_px) / 2
    left = min(max(limit.x_px, box.x_px - aside), max(limit.x_px, limit.right_px - wide))
    top = min(max(limit.y_px, box.y_px - above), max(limit.y_px, limit.bottom_px - high))
    left, top = min(left, box.x_px), min(top, box.y_px)
    right = max(box.right_px, left + wide if aside else 0)
    bottom = max(box.bottom_px, top + high if above else 0)
    x, width = _even_span(left, right, limit.x_px, limit.right_px)
    y, height = _even_span(top, bottom, limit.y_px, limit.bottom_px)
    return Box(x_px=x, y_px=y, width_px=width, height_px=height)


def _centred(window: Size, panel: Box) -> Box:
    """As much of a panel as a window fills, in the middle, even."""
    scale = min(panel.width_px / window.width_px, panel.height_px / window.height_px)
    width = max(2, min(panel.width_px, even(scale * window.width_px)))
    height = max(2, min(panel.height_px, even(scale * window.height_px)))
    return Box(
        x_px=panel.x_px + even((panel.width_px - width) / 2),
        y_px=panel.y_px + even((panel.height_px - height) / 2),
        width_px=width,
        height_px=height,
    )


def _followed(
    changes: Sequence[Change], span: Span, window: Size, shown: Box, size: Size, sample_ms: int
) -> tuple[Floats, Floats]:
    """Where the window is, every `path.GRID_S`: where the latest change is well inside it."""
    step_ms = min(sample_ms, PLANNED_MS)
    times = np.arange(span.in_ms, span.out_ms, step_ms)
    stamps = np.array([one.time_ms for one in changes])
    latest = np.maximum(0, np.searchsorted(stamps, times, side="right") - 1)
    axes = (
        ([(one.box.x_px, one.box.right_px) for one in changes], window.width_px, shown.x_px,
         shown.width_px),
        ([(one.box.y_px, one.box.bottom_px) for one in changes], window.height_px, shown.y_px,
         shown.height_px),
    )  # fmt: skip
    paths = []
    for edges, length, start, whole in axes:
        way = max(0, whole - length)
        if changes:
            rows = np.array(edges, float)[latest] - start
            wanted = _kept(rows, length, way)
        else:
            wanted = np.full(len(times), way / 2)
        wish = Wish(wanted, np.zeros(len(times)), np.full(len(times), float(way)))
        axis = FrameAxis(whole, length, size.width_px)
        paths.append(start + planned(wish, axis, step_ms / 1000))
    return paths[0], paths[1]


def _kept(edges: Floats, length: int, way: int) -> Floats:
    """Offsets of a window that moves only when what changes comes near its edges, or leaves it."""
    inner = INNER_SHARE * length
    offsets, offset = [], float(np.clip(edges[0].mean() - length / 2, 0, way))
    for left, right in edges:
        low, high = right + inner - length, left - inner
        offset = float(np.clip(offset, low, high)) if low <= high else (left + right - length) / 2
        offset = float(np.clip(offset, 0, way))
        offsets.append(offset)
    return np.array(offsets)
