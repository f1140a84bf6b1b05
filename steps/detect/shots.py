"""Shots: where the picture changes at once, exact to the frame."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from scenedetect import FrameTimecode
from scenedetect.common import Timecode
from scenedetect.detectors import AdaptiveDetector

from steps.model.timing import Span

MIN_SHOT_MS = 500
"""A second change within this time belongs to the first, as in a flash or a fast dissolve."""
COMPARED_WIDTH_PX = 320
"""Pictures are compared at this width; the detector's own default for 720p is close to it."""
_MS = Fraction(1, 1000)


class ShotFinder:
    """PySceneDetect's AdaptiveDetector with its published defaults, fed picture by picture."""

    def __init__(self) -> None:
        """Begin before the first picture."""
        # The detector would also refuse a cut soon after the first picture; `spans` is fairer.
        self._detector = AdaptiveDetector(min_scene_len=0)
        self._cuts_ms: list[int] = []

    def add(self, time_ms: int, pixels: NDArray[np.uint8]) -> None:
        """Take the next picture, BGR of shape (height, width, 3)."""
        height, width = pixels.shape[:2]
        if width > COMPARED_WIDTH_PX:
            size = (COMPARED_WIDTH_PX, max(1, round(height * COMPARED_WIDTH_PX / width)))
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
        timecode = FrameTimecode(Timecode(time_ms, _MS), fps=1 / _MS)
        self._cuts_ms += [found.pts for found in self._detector.process_frame(timecode, pixels)]

    @property
    def cuts_ms(self) -> tuple[int, ...]:
        """When the first picture of each new shot appears."""
        return tuple(self._cuts_ms)


def spans(cuts_ms: tuple[int, ...], clip: Span) -> tuple[Span, ...]:
    """The shots of a clip, covering it without gaps.

    Only the first and the last may be shorter than the minimum.

    A cut within `MIN_SHOT_MS` of the cut before it is dropped; one near the clip's own ends stays,
    because the picture changes there.
    """
    edges = [clip.in_ms]
    last = -MIN_SHOT_MS
    for cut in cuts_ms:
        if cut - last < MIN_SHOT_MS:
            continue
        last = cut
        if clip.in_ms < cut < clip.out_ms:
            edges.append(cut)
    edges.append(clip.out_ms)
    return tuple(Span(in_ms=a, out_ms=b) for a, b in pairwise(edges))
