"""From the tracks of a shot to its windows: still ones, and ones that follow a face. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steps.model.canvas import Canvas
from steps.model.crop import Keyframe, Region, ShotCrop
from steps.model.geometry import Box, Size, even
from steps.model.layouts import LayoutName
from steps.model.timing import Span
from steps.model.tracks import Detection, ShotTracks, Track, Turn
from steps.reframe.keying import keyframes
from steps.reframe.path import Floats, FrameAxis, Wish, planned
from steps.reframe.people import MARGIN_SHARE

EYES_SHARE = 1 / 3
"""The eyes are at this share of the window's height, where the window can move up and down."""
SPARE_SHARE = 0.8
"""So much of that margin may go where the window need not move then: a tight window would follow
every tremble of a detector."""
HAIR_SHARE = 0.35
"""From the top of a face's box to the top of the head, in heights of the box: a detector's box
begins at the forehead."""
HEAD_SHARE = 0.4
"""A head is enlarged to at most this share of the window's height: a close-up stays as it is."""
CAPTIONS_PX = 210
"""Units above the end of the safe box in which captions usually are. A fitted picture that is low
enough goes above them; a higher one is in the middle."""
HIGHEST_SHARE = 0.5
"""Such a picture begins no higher than this share of the safe box's top: its own margins keep its
text out of what platforms draw there, and captions on a slide's text can both not be read."""
CLOSEST = 1.5
"""How much closer than the full height a low face is shown, so that its eyes can be at
`EYES_SHARE` and captions below it; more would show how few pixels there are."""
JUMP_SHARE = 0.5
"""The window jumps to a next speaker further away than this share of it; else it pans."""
PLANNED_MS = 200
"""Least distance of the moments that a path is planned for: subjects sampled further apart are
interpolated (at 5 a second that loses nothing against 30)."""


def window_size(size: Size, shape: Size) -> Size:
    """The largest window in a picture, even, that has the shape of what it fills."""
    width, height = size.width_px, size.height_px
    if width * shape.height_px >= height * shape.width_px:
        full = height - height % 2
        across = even(full * shape.width_px / shape.height_px)
        return Size(width_px=min(across, width - width % 2), height_px=full)
    full = width - width % 2
    down = even(full * shape.height_px / shape.width_px)
    return Size(width_px=full, height_px=min(down, height - height % 2))


def closer(window: Size, size: Size, eyes_px: float, head_px: tuple[float, float]) -> Size:
    """The largest window in which the eyes can be at `EYES_SHARE` of the height.

    A picture that is not cropped at its sides keeps its window: it was framed for this aspect.

    Args:
        window: the largest of the output's aspect.
        size: of the picture.
        eyes_px: how far from the picture's top the eyes are.
        head_px: width of the face and height of the head, which stay inside with their margins.
    """
    if window.width_px >= size.width_px - size.width_px % 2:
        return window
    room_px = (size.height_px - eyes_px) / (1 - EYES_SHARE)
    needed_px = max(
        length * (1 + 2 * MARGIN_SHARE) * window.height_px / side
        for length, side in zip(head_px, (window.width_px, window.height_px), strict=True)
    )
    least = max(window.height_px / CLOSEST, needed_px, head_px[1] / HEAD_SHARE)
    height = min(window.height_px, even(max(least, room_px)))
    return Size(width_px=even(height * window.width_px / window.height_px), height_px=height)


def shot_crops(
    shot: ShotTracks, layout: LayoutName, size: Size, sample_ms: int, canvas: Canvas
) -> tuple[ShotCrop, ...]:
    """The crops of a shot with one window: one, or one for each speaker that it has to jump to."""
    if layout == "fit":
        return (_fitted(shot, size, canvas),)
    if layout == "focus" and shot.turns:
        return tuple(
            _following(shot, turns, size, sample_ms, canvas)
            for turns in scenes(shot, window_size(size, canvas.size))
        )
    return (_centred(shot, size, canvas),)


def scenes(shot: ShotTracks, window: Size) -> list[list[Turn]]:
    """Runs of turns with subjects so close to each other that one window pans between them."""
    seen = {track.id: _seen(track) for track in shot.tracks}
    runs: list[list[Turn]] = []
    for turn in shot.turns:
        if turn.duration_ms == 0:
            continue
        if runs:
            before, after = (_centre(seen[one.track], turn.in_ms) for one in (runs[-1][-1], turn))
            far_x = abs(after[0] - before[0]) > JUMP_SHARE * window.width_px
            far_y = abs(after[1] - before[1]) > JUMP_SHARE * window.height_px
            if not (far_x or far_y):
                runs[-1].append(turn)
                continue
        runs.append([turn])
    return runs


def _following(
    shot: ShotTracks, turns: Sequence[Turn], size: Size, sample_ms: int, canvas: Canvas
) -> ShotCrop:
    span = Span(in_ms=turns[0].in_ms, out_ms=turns[-1].out_ms)
    step_ms = min(sample_ms, PLANNED_MS)
    times = np.arange(span.in_ms, span.out_ms, step_ms)
    sights = _subject(shot, turns, times)
    left, top, right, bottom, eyes = sights
    head_px = float(np.median(right - left)), float(np.median(bottom - top))
    window = closer(window_size(size, canvas.size), size, float(np.median(eyes)), head_px)
    whole = Box.whole(size)
    margins = MARGIN_SHARE * (right - left), MARGIN_SHARE * (bottom - top)
    x, y = window_path(sights, margins, window, whole, size.width_px, step_ms)
    region = Region(window=window, target=canvas.whole, keyframes=keyframes(span, x, y))
    longest = max(turns, key=lambda turn: (turn.duration_ms, -turn.in_ms))
    return ShotCrop(
        in_ms=span.in_ms,
        out_ms=span.out_ms,
        layout="focus",
        regions=(region,),
        subject=longest.track,
    )


def window_path(
    sights: Floats,
    margins: tuple[Floats | float, Floats | float],
    window: Size,
    domain: Box,
    width_px: int,
    step_ms: int,
) -> tuple[Floats, Floats]:
    """Where the window's corner is every `GRID_S`: eyes at `EYES_SHARE`, the head inside.

    Args:
        sights: left, top of the head, right, bottom and eyes in each sample, shape (5, samples).
        margins: what stays free beside the head and above and below it, in pixels.
        window: its size.
        domain: the part of the frame in which it may be.
        width_px: of the frame, the scale of all tolerances.
        step_ms: from one sample to the next.
    """
    left, top, right, bottom, eyes = sights
    aside, above = margins
    wishes = (
        Wish(
            (left + right - window.width_px) / 2,
            right + aside - window.width_px,
            left - aside,
            SPARE_SHARE * float(np.min(aside)),
        ),
        Wish(
            eyes - EYES_SHARE * window.height_px,
            bottom + above - window.height_px,
            top - above,
            SPARE_SHARE * float(np.min(above)),
        ),
    )
    x, y = (
        start + planned(wish.moved(-start), FrameAxis(whole, length, width_px), step_ms / 1000)
        for wish, start, whole, length in (
            (wishes[0], domain.x_px, domain.width_px, window.width_px),
            (wishes[1], domain.y_px, domain.height_px, window.height_px),
        )
    )
    return x, y


def _subject(shot: ShotTracks, turns: Sequence[Turn], times: np.ndarray) -> Floats:
    """Of the speaker, what `_face` tells, shape (5, times)."""
    tracks = {track.id: track for track in shot.tracks}
    rows = {name: _rows(_seen(tracks[name]), times) for name in {turn.track for turn in turns}}
    ends = np.array([turn.out_ms for turn in turns[:-1]])
    which = np.searchsorted(ends, times, side="right")
    return np.stack([rows[turns[turn].track][:, at] for at, turn in enumerate(which)], axis=1)


def _seen(track: Track) -> tuple[Floats, Floats]:
    """The times of a track and what `_face` tells of each, shape (n,) and (n, 5)."""
    times = np.array([one.time_ms for one in track.detections], float)
    return times, np.array([_face(one) for one in track.detections], float)


def _face(one: Detection) -> tuple[float, float, float, float, float]:
    """Left of a face, top of its head, right, bottom and eyes; of a person, those of its head."""
    box = one.head or one.box
    eyes = box.y_px + 0.4 * box.height_px if one.eyes_y_px is None else one.eyes_y_px
    top = max(0.0, box.y_px - HAIR_SHARE * box.height_px)
    return box.x_px, top, box.right_px, box.bottom_px, eyes


def sights_at(track: Track, times: np.ndarray) -> Floats:
    """Left, top of the head, right, bottom and eyes of a face at some times, shape (5, times)."""
    return _rows(_seen(track), times)


def _rows(seen: tuple[Floats, Floats], times: np.ndarray) -> Floats:
    return np.stack([np.interp(times, seen[0], column) for column in seen[1].T])


def _centre(seen: tuple[Floats, Floats], time_ms: int) -> tuple[float, float]:
    left, top, right, bottom, _ = _rows(seen, np.array([time_ms], float))[:, 0]
    return (left + right) / 2, (top + bottom) / 2


def _centred(shot: ShotTracks, size: Size, canvas: Canvas) -> ShotCrop:
    window = window_size(size, canvas.size)
    place = Keyframe(
        time_ms=shot.in_ms,
        x_mpx=500 * (size.width_px - window.width_px),
        y_mpx=500 * (size.height_px - window.height_px),
    )
    region = Region(window=window, target=canvas.whole, keyframes=(place,))
    return ShotCrop(in_ms=shot.in_ms, out_ms=shot.out_ms, layout="centre", regions=(region,))


def _fit_top_px(height_px: int, canvas: Canvas) -> int:
    safe = canvas.safe("any")
    above_captions = round((safe.bottom_px - CAPTIONS_PX) * canvas.scale) - height_px
    middle = even((canvas.size.height_px - height_px) / 2)
    highest = HIGHEST_SHARE * safe.y_px * canvas.scale
    return even(above_captions) if above_captions >= highest else middle


def fit_target(window: Size, canvas: Canvas) -> Box:
    """Where a window goes that is shown whole: as wide as the output, or as high."""
    output = canvas.size
    scale = min(output.width_px / window.width_px, output.height_px / window.height_px)
    width = max(2, min(output.width_px, even(scale * window.width_px)))
    height = max(2, min(output.height_px, even(scale * window.height_px)))
    return Box(
        x_px=even((output.width_px - width) / 2),
        y_px=_fit_top_px(height, canvas),
        width_px=width,
        height_px=height,
    )


def _fitted(shot: ShotTracks, size: Size, canvas: Canvas) -> ShotCrop:
    window = Size(
        width_px=size.width_px - size.width_px % 2, height_px=size.height_px - size.height_px % 2
    )
    target = fit_target(window, canvas)
    place = Keyframe(time_ms=shot.in_ms, x_mpx=0, y_mpx=0)
    return ShotCrop(
        in_ms=shot.in_ms,
        out_ms=shot.out_ms,
        layout="fit",
        regions=(Region(window=window, target=target, keyframes=(place,)),),
        background="none" if target == canvas.whole else "blur",
    )
