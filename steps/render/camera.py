"""How well the camera did: whom it kept inside, how often it turned back, how it trembled. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.render.graph import axes
from steps.render.measured import Camera
from steps.render.plan import FrameRun, Grid, Pane
from steps.render.sightings import SHOWN_SHARE, STEP_FRAMES, WHOLE_SHARE, FramePeople, Sighting
from steps.render.vernier import offsets
from steps.render.zoom import cuts

TURN_PX = 8
"""A window that moves this far, in pixels of the output, and then back, has turned."""
SMOOTH = np.array([-2, 3, 6, 7, 6, 3, -2]) / 21
"""Savitzky and Golay's smoothing by a parabola over seven frames."""

Floats = NDArray[np.float64]


def camera(
    seen: Sequence[FramePeople],
    spoken: Sequence[Span],
    runs: Sequence[FrameRun],
    jumps: Sequence[int],
    grid: Grid,
    size: Size,
) -> Camera:
    """What is measured on people and windows.

    Args:
        seen: the faces of the frames.
        spoken: when somebody speaks, on the source's clock; empty counts all the time.
        runs: the windows of all frames.
        jumps: the frames with which another shot begins.
        grid: the clip's frames.
        size: of the upright source.
    """
    speakers = [(one, face) for one in seen for face in one.faces if face.speaks]
    said = [
        face.inside >= SHOWN_SHARE
        for one, face in speakers
        if not spoken or any(span.contains(round(grid.time_ms(one.frame))) for span in spoken)
    ]
    peopled = [one for one in seen if one.faces]
    reversals, jitter = _motion(seen, runs, jumps, size)
    seconds = float(grid.duration_ms) / 1000
    return Camera(
        face_inside=_mean([face.inside >= WHOLE_SHARE for _, face in speakers]),
        speaker_shown=_mean(said),
        longest_without_s=_longest_without(seen, grid) if peopled else None,
        reversals_per_s=reversals / seconds,
        jitter_px=jitter,
    )


def _longest_without(seen: Sequence[FramePeople], grid: Grid) -> float:
    def lost(one: FramePeople) -> bool:
        return bool(one.faces) and all(face.inside < SHOWN_SHARE for face in one.faces)

    return longest([lost(one) for one in seen]) * STEP_FRAMES / float(grid.rate)


def longest(marks: Sequence[bool]) -> int:
    """The length of the longest run of true values."""
    most = now = 0
    for mark in marks:
        now = now + 1 if mark else 0
        most = max(most, now)
    return most


def _motion(
    seen: Sequence[FramePeople], runs: Sequence[FrameRun], jumps: Sequence[int], size: Size
) -> tuple[int, float | None]:
    """How often windows turn back, and the RMS of their trembling; None where nothing moves."""
    turns, squares, count = 0, 0.0, 0
    for run in runs:
        edges = sorted({run.start, run.end, *(one for one in jumps if run.start < one < run.end)})
        for pane in run.panes:
            room = _room(pane.target, run, seen)
            for paths, (back, on) in zip(_drawn(pane, size), room, strict=True):
                for start, end in pairwise(edge - run.start for edge in edges):
                    moving = [path[start:end] for path in paths if len(path[start:end])]
                    moving = [path for path in moving if np.ptp(path)]
                    turns += max(
                        (
                            _turns(path)
                            - _turns_needed(path - back[start:end], path + on[start:end])
                            for path in moving
                        ),
                        default=0,
                    )
                    for path in moving:
                        if len(path) > len(SMOOTH):
                            off = path[3:-3] - np.convolve(path, SMOOTH, "valid")
                            squares += float(np.sum(off**2)) / (1 - SMOOTH[3])
                            count += len(off)
    return turns, (squares / count) ** 0.5 if count else None


def _room(target: Box, run: FrameRun, seen: Sequence[FramePeople]) -> Floats:
    """How far a pane could move with its face still inside, shape (2, 2, frames).

    Across and down, back and on, in pixels of the output; infinite where no face is known, or
    where it is too large for the pane. The face is the speaker's, else the largest in the pane.
    """
    room = np.full((2, 2, run.end - run.start), np.inf)
    starts, ends = (target.x_px, target.y_px), (target.right_px, target.bottom_px)
    for one in seen:
        inside = [face for face in one.faces if _is_in(target, face)]
        if not inside or not run.start <= one.frame < run.end:
            continue
        face = max(inside, key=lambda face: (face.speaks, face.edges[3] - face.edges[1]))
        for axis in (0, 1):
            back, on = ends[axis] - face.edges[axis + 2], face.edges[axis] - starts[axis]
            if back + on >= 0:
                room[axis, :, one.frame - run.start] = back, on
    return room


def _is_in(target: Box, face: Sighting) -> bool:
    left, top, right, bottom = face.edges
    x, y = (left + right) / 2, (top + bottom) / 2
    return target.holds(x, y)


def _drawn(pane: Pane, size: Size) -> Iterator[list[NDArray[np.float64]]]:
    """Where a pane is along each axis, frame by frame, in pixels of the output, as it is cropped.

    Of a window that keeps its size one path, of one that does not those of both its edges.
    """
    if pane.closer:
        frames, target = cuts(pane, size), (pane.target.width_px, pane.target.height_px)
        for place, length in enumerate((pane.window.width_px, pane.window.height_px)):
            scale = target[place] / length
            shown = [frame[place].shown_px(target[place]) for frame in frames]
            yield [np.array(path) * scale for path in zip(*shown, strict=True)]
        return
    for place, axis in enumerate(axes(pane, size)):
        found = offsets(axis, [centre[place] for centre in pane.centres_px])
        yield [np.array([first * axis.scale + second for first, second in found])]


def _turns(path: np.ndarray) -> int:
    """How often a path goes back by `TURN_PX` or more."""
    turns, direction = 0, 0
    low = high = path[0]
    for value in path[1:]:
        low, high = min(low, value), max(high, value)
        if direction >= 0 and high - value >= TURN_PX:
            turns += direction > 0
            direction, low, high = -1, value, value
        elif direction <= 0 and value - low >= TURN_PX:
            turns += direction < 0
            direction, low, high = 1, value, value
    return turns


def _turns_needed(low: Floats, high: Floats) -> int:
    """How often any path between two others must turn: someone who walks to and fro makes it."""
    turns, ways = 0, {1, -1}
    least, most = low[0], high[0]
    for floor, ceiling in zip(low, high, strict=True):
        least, most = max(least, floor), min(most, ceiling)
        left = {way for way in ways if (least <= ceiling if way > 0 else most >= floor)}
        if not left:
            turns, left = turns + 1, {-way for way in ways}
            least, most = floor, ceiling
        ways = left
    return turns


def _mean(marks: Sequence[bool]) -> float | None:
    return sum(marks) / len(marks) if marks else None
