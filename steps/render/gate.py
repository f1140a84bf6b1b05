"""The gate's measuring: the finished file, against the plan, the tracks and the captions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.media.boxes import has_edit_list, top_boxes
from steps.media.rendered import read_rendered
from steps.model.canvas import Canvas
from steps.model.captions import Cue
from steps.model.crop import ClipCrops
from steps.model.geometry import Box, Size
from steps.model.moderation import Veil
from steps.model.tracks import ClipTracks
from steps.render.camera import camera
from steps.render.encode import key_gap
from steps.render.encoders import Encoder
from steps.render.graph import CAPTIONS_FILE
from steps.render.ink import Drawn, Texts, draw, measured_ink, moments
from steps.render.measured import Camera, Ink, Measured
from steps.render.pictures import SmallPictures, decode, judged, small_size
from steps.render.plan import FrameRun, Grid
from steps.render.sightings import FramePeople, people, seen_at
from steps.render.sound import level_of


@dataclass(frozen=True)
class Expected:
    """What is known of a clip before its file is looked at.

    Attributes:
        cut: its source.
        size: of the upright source picture.
        output: of the clip.
        crops: its shots.
        runs: the windows of its frames.
        cues: the captions that are burned; empty where none are.
        safe: where their ink should be, in pixels of the clip; None where nobody said.
        tracks: who is seen in the source; None where nobody looked.
        sample_ms: distance of the sampled frames of `tracks`.
        encoder: what encodes it.
        titles: scripts that draw its title on the thumbnail.
        still: the frames among which the thumbnail is sought.
        veils: what is blurred in it.
    """

    cut: Path
    size: Size
    output: Size
    crops: ClipCrops
    runs: tuple[FrameRun, ...]
    cues: tuple[Cue, ...]
    safe: Box | None
    tracks: ClipTracks | None
    sample_ms: int
    encoder: Encoder
    titles: tuple[str, ...]
    still: tuple[int, ...]
    veils: tuple[Veil, ...] = ()


def measure(video: Path, grid: Grid, expected: Expected) -> Measured:
    """Measure a finished clip; its folder holds the captions and fonts that are burned."""
    pictures, level = decode(video, grid, expected.output), level_of(video)
    seen: list[FramePeople] = []
    if expected.tracks is not None:
        seen = people(expected.tracks, expected.sample_ms, expected.runs, grid)
    numbers = [one for one in moments(expected.cues, grid) if one < len(pictures.keys)]
    small = small_size(expected.output)
    drawn = draw(numbers, grid, small, video.parent) if numbers else None
    rows: NDArray[np.bool_] = np.zeros(small.height_px, bool)
    if drawn is not None:
        rows = np.any(drawn[..., 3] > 0, axis=(0, 2))
    return Measured(
        delivered=read_rendered(video),
        boxes=top_boxes(video),
        has_edit_list=has_edit_list(video),
        level=None if level.is_silent else level,
        pictures=judged(pictures, rows, expected.cut, grid, expected.output),
        camera=_camera(seen, grid, expected),
        ink=None if drawn is None else _ink(drawn, pictures, numbers, grid, seen, expected, video),
    )


def _camera(seen: Sequence[FramePeople], grid: Grid, expected: Expected) -> Camera:
    jumps = [grid.frame(shot.in_ms) for shot in expected.crops.shots[1:]]
    return camera(seen, expected.cues, expected.runs, jumps, grid, expected.size)


def _ink(
    drawn: Drawn,
    pictures: SmallPictures,
    numbers: Sequence[int],
    grid: Grid,
    seen: Sequence[FramePeople],
    expected: Expected,
    video: Path,
) -> Ink:
    gap = key_gap(grid)
    return measured_ink(
        drawn,
        [pictures.keys[number] for number in numbers],
        [number * gap for number in numbers],
        safe=expected.safe,
        seen=seen_at(seen),
        texts=_texts(expected.crops, grid),
        canvas=Canvas(expected.output),
        script=(video.parent / CAPTIONS_FILE).read_text(encoding="utf-8"),
    )


def _texts(crops: ClipCrops, grid: Grid) -> Texts:
    """Look the picture's own text up by frame."""
    starts = [grid.frame(shot.in_ms) for shot in crops.shots]
    return lambda frame: crops.shots[max(0, bisect_right(starts, frame) - 1)].texts
