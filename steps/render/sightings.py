"""Whom each frame of a clip shows, and how its windows move: tracks against windows. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.tracks import ClipTracks, Track
from steps.render.graph import axes
from steps.render.measured import Camera
from steps.render.plan import FrameRun, Grid, Pane
from steps.render.vernier import offsets
from steps.render.zoom import cuts

STEP_FRAMES = 3
"""Faces are looked up in every third frame: they are sampled more rarely still."""
WHOLE_SHARE = 0.95
"""A face is inside if this much of it is: boxes are rounded, and windows by 0.1 px."""
SHOWN_SHARE = 0.5
GAP_SAMPLES = 3
"""Between two detections further apart than so many samples, nobody knows where the face is."""
TURN_PX = 8
"""A window that moves this far, in pixels of the output, and then back, has turned."""
SMOOTH = np.array([-2, 3, 6, 7, 6, 3, -2]) / 21
"""Savitzky and Golay's smoothing by a parabola over seven frames."""


@dataclass(frozen=True)
class Sighting:
    """A face in a frame of the output.

    Attributes:
        edges: left, top, right and bottom in pixels of the output.
        inside: share of the face that is shown.
        speaks: it is the one whose turn it is.
    """

    track: str
    edges: tuple[float, float, float, float]
    inside: float
    speaks: bool


@dataclass(frozen=True)
class FramePeople:
    """The faces of one frame that somebody saw in the source, shown or not."""

    frame: int
    faces: tuple[Sighting, ...]


def people(
    tracks: ClipTracks, sample_ms: int, runs: Sequence[FrameRun], grid: Grid
) -> list[FramePeople]:
    """The faces of every `STEP_FRAMES`th frame."""
    found, place = [], 0
    shots, run = tracks.shots, 0
    looked = [(shot, [_Known(track, sample_ms) for track in shot.tracks]) for shot in shots]
    for frame in range(0, grid.count, STEP_FRAMES):
        now = float(grid.time_ms(frame))
        while place + 1 < len(shots) and shots[place].out_ms <= now:
            place += 1
        while run + 1 < len(runs) and runs[run].end <= frame:
            run += 1
        shot, known = looked[place]
        turn = next((turn.track for turn in shot.turns if turn.in_ms <= now < turn.out_ms), "")
        faces = tuple(
            _placed(one.track.id, box, runs[run], frame, one.track.id == turn)
            for one in known
            if (box := one.at(now)) is not None
        )
        found.append(FramePeople(frame, faces))
    return found


class _Known:
    """A track that can be asked where it is at a moment."""

    def __init__(self, track: Track, sample_ms: int) -> None:
        self.track = track
        self.gap_ms = GAP_SAMPLES * sample_ms
        self.times = [one.time_ms for one in track.detections]
        boxes = [one.head or one.box for one in track.detections]
        self.edges = [(box.x_px, box.y_px, box.right_px, box.bottom_px) for box in boxes]

    def at(self, now_ms: float) -> tuple[float, ...] | None:
        """The edges of the face in the source, None where it is not known."""
        after = bisect_right(self.times, now_ms)
        if after == 0:
            return self.edges[0] if self.times[0] - now_ms <= self.gap_ms / 3 else None
        before = after - 1
        if after == len(self.times):
            return self.edges[-1] if now_ms - self.times[-1] <= self.gap_ms / 3 else None
        length = self.times[after] - self.times[before]
        if length > self.gap_ms:
            return None
        share = (now_ms - self.times[before]) / length
        return tuple(
            left + (right - left) * share
            for left, right in zip(self.edges[before], self.edges[after], strict=True)
        )


def _placed(
    track: str, box: tuple[float, ...], run: FrameRun, frame: int, speaks: bool
) -> Sighting:
    """The face in the pane that shows the most of it."""
    places = (_in_pane(box, pane, frame - run.start) for pane in run.panes)
    edges, inside = max(places, key=lambda one: one[1])
    return Sighting(track, edges, inside, speaks)


def _in_pane(
    box: tuple[float, ...], pane: Pane, place: int
) -> tuple[tuple[float, float, float, float], float]:
    target, (width, height) = pane.target, pane.sides_px(place)
    across, down = target.width_px / width, target.height_px / height
    x, y = pane.centres_px[place]
    left = target.x_px + (box[0] - x + width / 2) * across
    top = target.y_px + (box[1] - y + height / 2) * down
    right, bottom = left + (box[2] - box[0]) * across, top + (box[3] - box[1]) * down
    return (left, top, right, bottom), _share((left, top, right, bottom), target)


def _share(edges: tuple[float, float, float, float], target: Box) -> float:
    left, top, right, bottom = edges
    across = max(0.0, min(right, target.right_px) - max(left, target.x_px))
    down = max(0.0, min(bottom, target.bottom_px) - max(top, target.y_px))
    return across * down / max(1e-6, (right - left) * (bottom - top))


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
    reversals, jitter = _motion(runs, jumps, size)
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


def _motion(runs: Sequence[FrameRun], jumps: Sequence[int], size: Size) -> tuple[int, float | None]:
    """How often windows turn back, and the RMS of their trembling; None where nothing moves."""
    turns, squares, count = 0, 0.0, 0
    for run in runs:
        edges = sorted({run.start, run.end, *(one for one in jumps if run.start < one < run.end)})
        for pane in run.panes:
            for paths in _drawn(pane, size):
                for start, end in pairwise(edge - run.start for edge in edges):
                    moving = [path[start:end] for path in paths if len(path[start:end])]
                    moving = [path for path in moving if np.ptp(path)]
                    turns += max((_turns(path) for path in moving), default=0)
                    for path in moving:
                        if len(path) > len(SMOOTH):
                            off = path[3:-3] - np.convolve(path, SMOOTH, "valid")
                            squares += float(np.sum(off**2)) / (1 - SMOOTH[3])
                            count += len(off)
    return turns, (squares / count) ** 0.5 if count else None


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


def _mean(marks: Sequence[bool]) -> float | None:
    return sum(marks) / len(marks) if marks else None


Seen = Callable[[int], Sequence[Sighting]]


def seen_at(seen: Sequence[FramePeople]) -> Seen:
    """Look the faces of a frame up in those of the nearest one before it."""
    frames = [one.frame for one in seen]

    def look(frame: int) -> Sequence[Sighting]:
        place = bisect_right(frames, frame) - 1
        return seen[place].faces if place >= 0 else ()

    return look
