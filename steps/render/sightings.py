"""Whom each frame of a clip shows: tracks against windows. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from steps.model.geometry import Box
from steps.model.tracks import ClipTracks, Track
from steps.render.plan import FrameRun, Grid, Pane

STEP_FRAMES = 3
"""Faces are looked up in every third frame: they are sampled more rarely still."""
WHOLE_SHARE = 0.95
"""A face is inside if this much of it is: boxes are rounded, and windows by 0.1 px."""
SHOWN_SHARE = 0.5
GAP_SAMPLES = 3
"""Between two detections further apart than so many samples, nobody knows where the face is."""


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
    looked = [
        (
            [grid.frame(turn.out_ms) for turn in shot.turns],
            [turn.track for turn in shot.turns],
            [_Known(track, sample_ms) for track in shot.tracks],
        )
        for shot in shots
    ]
    ends = [grid.frame(shot.out_ms) for shot in shots]
    for frame in range(0, grid.count, STEP_FRAMES):
        now = float(grid.time_ms(frame))
        while place + 1 < len(shots) and ends[place] <= frame:
            place += 1
        while run + 1 < len(runs) and runs[run].end <= frame:
            run += 1
        until, speakers, known = looked[place]
        which = bisect_right(until, frame)
        turn = speakers[which] if which < len(speakers) else ""
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


Seen = Callable[[int], Sequence[Sighting]]


def seen_at(seen: Sequence[FramePeople]) -> Seen:
    """Look the faces of a frame up in those of the nearest one before it."""
    frames = [one.frame for one in seen]

    def look(frame: int) -> Sequence[Sighting]:
        place = bisect_right(frames, frame) - 1
        return seen[place].faces if place >= 0 else ()

    return look
