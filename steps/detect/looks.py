"""One pass over a clip's cut: every picture for the shots, sampled pictures for faces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from steps.detect.mtcnn import Face, Mtcnn
from steps.detect.shots import ShotFinder
from steps.detect.texture import Texture
from steps.media.frames import SmallPicture, every
from steps.model.timing import Span

MARGIN_MS = 1000
"""Looked at on both sides of a clip: the shot detector compares a picture with its neighbours."""


@dataclass(frozen=True)
class Look:
    """What one sampled picture shows.

    Attributes:
        time_ms: the moment that it was on screen.
        scale: pixels of the small picture per source pixel; faces are in the small picture's.
        detail: share of sharp edges, 0 to 1.
        motion: mean change of brightness since the sample before, 0 to 1.
    """

    time_ms: int
    faces: tuple[Face, ...]
    scale: float
    detail: float
    motion: float


def look(
    path: Path,
    clip: Span,
    sample_fps: int,
    detector: Mtcnn,
    on_time_ms: Callable[[int], None],
) -> tuple[list[Look], tuple[int, ...]]:
    """The samples of a clip, evenly spaced from its in point, and the times of its cuts.

    Args:
        path: of the cut; its time stamps are the source's clock.
        clip: the part to look at.
        sample_fps: samples per second.
        detector: finds the faces.
        on_time_ms: called with the time of every sample.

    Raises:
        BrokenContract: the cut has no picture.
    """
    finder, sampler = ShotFinder(), _Sampler(detector)
    around = Span(in_ms=max(0, clip.in_ms - MARGIN_MS), out_ms=clip.out_ms + MARGIN_MS)
    looks: list[Look] = []
    shown: SmallPicture | None = None

    def due_ms() -> int:
        return clip.in_ms + len(looks) * 1000 // sample_fps

    def sample_until(time_ms: int, picture: SmallPicture) -> None:
        while due_ms() < min(time_ms, clip.out_ms):
            on_time_ms(due_ms())
            looks.append(sampler.look(due_ms(), picture))

    for picture in every(path, around):
        finder.add(picture.time_ms, picture.pixels)
        sample_until(picture.time_ms, shown or picture)
        shown = picture
    if shown is not None:
        sample_until(clip.out_ms, shown)
    return looks, finder.cuts_ms


class _Sampler:
    """Looks at pictures, at each only once however long it stays on screen."""

    def __init__(self, detector: Mtcnn) -> None:
        self._detector = detector
        self._texture = Texture()
        self._last: tuple[int, tuple[Face, ...]] | None = None

    def look(self, time_ms: int, picture: SmallPicture) -> Look:
        if self._last is None or self._last[0] != picture.shown_ms:
            rgb = np.ascontiguousarray(picture.pixels[..., ::-1])
            self._last = (picture.shown_ms, tuple(self._detector.detect(rgb)))
        detail, motion = self._texture.add(picture.pixels)
        return Look(time_ms, self._last[1], picture.scale, detail, motion)
