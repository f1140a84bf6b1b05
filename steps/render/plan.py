"""The frames of a clip: its grid in time, and where each crop window is in each frame. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from steps.model.crop import Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.source import Video
from steps.model.timing import Span

HIGHEST_RATE = 60
"""Frames per second; platforms take no more."""

USUAL_RATES = tuple(
    Fraction(rate)
    for rate in ("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60")
)
LOWEST_RATE = USUAL_RATES[0]
"""Frames per second: captions are lit word by word, whatever the pictures do."""

AS_SOURCE = "source"
"""The value of `--fps` that leaves the rate to the source."""

THUMBNAIL_CANDIDATES = 10

_RATE_TOLERANCE = Fraction(2, 100)


@dataclass(frozen=True)
class Grid:
    """The output's frames on the source's clock.

    Attributes:
        rate: of the output, constant.
        count: frames of the clip.
        origin_ms: the moment of frame 0, when the sound starts too.
        seek_ms: the picture to seek to: the one on screen at `origin_ms`.
        in_ms: the clip's in point; captions count from here.
        nudge_s: how much later each picture is taken to be: where only every second one is kept,
            the others are halfway between two frames, and rounding would toss a coin for each.
    """

    rate: Fraction
    count: int
    origin_ms: int
    seek_ms: int
    in_ms: int
    nudge_s: Fraction = Fraction(0)

    def frame(self, time_ms: int) -> int:
        """The first frame of what begins at a moment: the nearest, for stamps are rounded."""
        nearest = round((time_ms - self.origin_ms) * self.rate / 1000)
        return max(0, min(nearest, self.count))

    def time_ms(self, frame: int) -> Fraction:
        """The moment of a frame, exact."""
        return self.origin_ms + frame * 1000 / self.rate

    @property
    def duration_ms(self) -> Fraction:
        """Of the output, exact."""
        return self.count * 1000 / self.rate


def output_rate(video: Video, asked: str = AS_SOURCE) -> Fraction:
    """The rate of the clips of a source.

    One that is asked for is taken, a thousandth lower where the source's is one of NTSC. Else it is
    the source's own; a multiple of it where it is under `LOWEST_RATE`, so that every picture has
    its whole number of frames; halved while it is over `HIGHEST_RATE`. A varying one becomes the
    next usual.
    """
    rate = video.rate
    if asked != AS_SOURCE:
        return Fraction(asked) * (Fraction(1000, 1001) if rate.denominator == 1001 else 1)
    if video.variable_rate:
        enough = (usual for usual in USUAL_RATES if usual >= rate * (1 - _RATE_TOLERANCE))
        rate = next(enough, rate)
    rate *= math.ceil(LOWEST_RATE / rate)
    while rate > HIGHEST_RATE:
        rate /= 2
    return rate


def clip_grid(
    clip: Span, rate: Fraction, shown_ms: int, source_rate: Fraction | None = None
) -> Grid:
    """The grid of a clip.

    Args:
        clip: its span on the source's clock.
        rate: of the output.
        shown_ms: the stamp of the picture on screen at the in point. Frame 0 is that picture and
            starts at its stamp, so that pictures and sound stay in step; only a picture that
            has been on screen for more than a frame is entered in its middle.
        source_rate: of the source where it is constant.
    """
    shown = (clip.in_ms - shown_ms) * rate / 1000
    origin = shown_ms if 0 <= shown <= 1 else clip.in_ms
    count = max(1, round((clip.out_ms - origin) * rate / 1000))
    nudge = 1 / (4 * rate) if source_rate and source_rate > rate else Fraction(0)
    return Grid(rate, count, origin, min(shown_ms, origin), clip.in_ms, nudge)


@dataclass(frozen=True)
class Pane:
    """A crop window over some frames.

    Attributes:
        window: in source pixels.
        target: where it goes in the output.
        centres_px: the middle of the window in each frame, x and y, in source pixels.
        closer: how many times closer than in that window each frame is shown; empty where none is.
    """

    window: Size
    target: Box
    centres_px: tuple[tuple[float, float], ...]
    closer: tuple[float, ...] = ()

    def sides_px(self, place: int) -> tuple[float, float]:
        """Width and height of what a frame shows, in source pixels."""
        closer = self.closer[place] if self.closer else 1.0
        return self.window.width_px / closer, self.window.height_px / closer


@dataclass(frozen=True)
class FrameRun:
    """Consecutive frames that one chain of filters can draw: equal windows, targets, background.

    Attributes:
        start: first frame.
        end: the frame after the last.
        background: as in `ShotCrop`.
    """

    start: int
    end: int
    background: str
    panes: tuple[Pane, ...]

    @cached_property
    def geometry(self) -> object:
        """What must be equal to share a chain."""
        return self.background, tuple(
            (pane.window, pane.target, bool(pane.closer)) for pane in self.panes
        )


def frame_runs(shots: Sequence[ShotCrop], grid: Grid) -> tuple[FrameRun, ...]:
    """The runs of a clip, covering all its frames: shots of equal geometry are one run."""
    starts = [0, *(grid.frame(shot.in_ms) for shot in shots[1:]), grid.count]
    found: list[FrameRun] = []
    for shot, (start, end) in zip(shots, pairwise(starts), strict=True):
        if start >= end:
            continue
        panes = tuple(_pane(region, grid, start, end) for region in shot.regions)
        run = FrameRun(start, end, shot.background, panes)
        if found and found[-1].geometry == run.geometry:
            run = _joined(found.pop(), run)
        found.append(run)
    return tuple(found)


def _pane(region: Region, grid: Grid, start: int, end: int) -> Pane:
    middle = region.window.width_px / 2, region.window.height_px / 2
    centres, closer = [], []
    for frame in range(start, end):
        now = grid.time_ms(frame)
        x, y = region.corner_mpx(now)
        centres.append((float(x / 1000) + middle[0], float(y / 1000) + middle[1]))
        if region.zooms:
            closer.append(float(region.closer(now)))
    return Pane(region.window, region.target, tuple(centres), tuple(closer))


def _joined(first: FrameRun, second: FrameRun) -> FrameRun:
    panes = tuple(
        Pane(
            one.window,
            one.target,
            one.centres_px + other.centres_px,
            one.closer + other.closer,
        )
        for one, other in zip(first.panes, second.panes, strict=True)
    )
    return FrameRun(first.start, second.end, first.background, panes)


def thumbnail_frames(shots: Sequence[ShotCrop], grid: Grid) -> tuple[int, ...]:
    """The frames among which the thumbnail is sought, in order, evenly over the clip.

    Those with a face large enough to matter, else those of shots with a subject, else all; a
    quarter of a second away from cuts and from the clip's ends, where shots are long enough.
    """
    starts = [0, *(grid.frame(shot.in_ms) for shot in shots[1:]), grid.count]
    found: dict[int, list[int]] = {0: [], 1: [], 2: []}
    for shot, (start, end) in zip(shots, pairwise(starts), strict=True):
        edge = min(round(grid.rate / 4), (end - start) // 4)
        for frame in range(start + edge, max(start + edge + 1, end - edge) if start < end else 0):
            now = round(grid.time_ms(frame))
            rank = 0 if any(face.contains(now) for face in shot.faces) else 2 - bool(shot.subject)
            found[rank].append(frame)
    frames = next(filter(None, found.values()))
    step = len(frames) / min(len(frames), THUMBNAIL_CANDIDATES)
    return tuple(
        frames[int((place + 0.5) * step)] for place in range(min(len(frames), THUMBNAIL_CANDIDATES))
    )
