"""One pass over a cut: every picture for the shots, sampled pictures for faces and texture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.detect.mtcnn import Face, Mtcnn
from steps.detect.shots import ShotFinder
from steps.media.frames import SmallPicture, every
from steps.model.timing import Span

MARGIN_MS = 1000
"""Read on both sides of a clip: the shot detector compares a picture with its neighbours."""
MEASURED_WIDTH_PX = 320
"""Texture is measured on pictures of this width."""
SHARP_STEP = 48
"""A brightness step (of 255) between pixels two apart that is common only at drawn edges."""


@dataclass(frozen=True)
class Sample:
    """What one sampled picture shows.

    Attributes:
        time_ms: the moment that the picture was on screen.
        faces: in pixels of the small picture.
        scale: pixels of the small picture per source pixel.
        detail: share of sharp edges, 0 to 1.
        motion: mean change of brightness since the previous sample, 0 to 1.
    """

    time_ms: int
    faces: tuple[Face, ...]
    scale: float
    detail: float
    motion: float


def sample_clip(
    path: Path,
    clip: Span,
    sample_fps: int,
    detector: Mtcnn,
    on_time_ms: Callable[[int], None],
) -> tuple[list[Sample], tuple[int, ...]]:
    """Return the samples of a clip, evenly spaced from its in point, and the times of its cuts.

    Args:
        path: of the cut; its time stamps are the source's clock.
        clip: the part to sample.
        sample_fps: samples per second.
        detector: finds the faces.
        on_time_ms: called with the time of every sample.

    Raises:
        BrokenContract: the cut has no picture.
    """
    finder, sampler = ShotFinder(), _Sampler(detector)
    around = Span(in_ms=max(0, clip.in_ms - MARGIN_MS), out_ms=clip.out_ms + MARGIN_MS)
    samples: list[Sample] = []
    shown: SmallPicture | None = None

    def due_ms() -> int:
        return clip.in_ms + len(samples) * 1000 // sample_fps

    def sample_until(time_ms: int, picture: SmallPicture) -> None:
        while due_ms() < min(time_ms, clip.out_ms):
            on_time_ms(due_ms())
            samples.append(sampler.sample(due_ms(), picture))

    for picture in every(path, around):
        finder.add(picture.time_ms, picture.pixels)
        sample_until(picture.time_ms, shown or picture)
        shown = picture
    if shown is not None:
        sample_until(clip.out_ms, shown)
    return samples, finder.cuts_ms


class Texture:
    """Tells drawn, still pictures such as slides from filmed ones, one picture after the other."""

    def __init__(self) -> None:
        """Begin before the first picture."""
        self._last: NDArray[np.int16] | None = None

    def add(self, pixels: NDArray[np.uint8]) -> tuple[float, float]:
        """The share of sharp edges, and the mean change of brightness since the last picture.

        Args:
            pixels: BGR of shape (height, width, 3).

        Returns:
            Both 0 to 1; the change of the first picture is 0.
        """
        height, width = pixels.shape[:2]
        size = (MEASURED_WIDTH_PX, max(3, round(height * MEASURED_WIDTH_PX / width)))
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.int16)
        across = np.abs(small[1:-1, 2:] - small[1:-1, :-2])
        down = np.abs(small[2:, 1:-1] - small[:-2, 1:-1])
        edges = float((np.maximum(across, down) >= SHARP_STEP).mean())
        last, self._last = self._last, small
        if last is None or last.shape != small.shape:
            return edges, 0.0
        return edges, float(np.abs(small - last).mean()) / 255


class _Sampler:
    """Runs the face detector on each picture only once, however long it stays on screen."""

    def __init__(self, detector: Mtcnn) -> None:
        self._detector = detector
        self._texture = Texture()
        self._last: tuple[int, tuple[Face, ...]] | None = None

    def sample(self, time_ms: int, picture: SmallPicture) -> Sample:
        if self._last is None or self._last[0] != picture.shown_ms:
            rgb = np.ascontiguousarray(picture.pixels[..., ::-1])
            self._last = (picture.shown_ms, tuple(self._detector.detect(rgb)))
        detail, motion = self._texture.add(picture.pixels)
        return Sample(time_ms, self._last[1], picture.scale, detail, motion)
