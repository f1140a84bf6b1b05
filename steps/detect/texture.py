"""What tells a drawn picture from a filmed one: sharp edges on plain ground; nothing stirs."""

from __future__ import annotations

from collections import deque
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.detect.sketches import CELLS, brightness_steps

MEASURED_WIDTH_PX = 320
"""Texture is measured on pictures of this width."""
SHARP_STEP = 48
"""A brightness step (of 255) between pixels two apart that is common only at drawn edges."""
FLAT_RANGE = 1
"""Brightness (of 255) differs by no more within 3 by 3 pixels of a plain surface, coded or not."""
BESIDE_PX = 4
"""A drawn edge has a plain surface within so many pixels; things in a film have shades."""
BESIDE_SHARE = 0.5
"""At least this share of a drawing's sharp edges has one: 0.62 and more on slides, pages and code
coded at crf 20 to 42 by x264, half of them a photo or not; at most 0.42 on real and made film."""
STIR_MS = 600
"""Grain and a camera that drifts show against the picture of so long ago."""
STIR_CHANGE = 0.25
"""Mean change of brightness in a cell, of 255, that grain makes even where a codec smooths it; a
drawing has none."""


class Texture:
    """Tells drawn, still pictures such as slides from filmed ones, one picture after the other."""

    def __init__(self, sample_ms: int) -> None:
        """Begin before the first picture; `sample_ms` is from one to the next."""
        count = max(1, round(STIR_MS / sample_ms))
        self._before: deque[NDArray[np.int16]] = deque(maxlen=count)

    def add(self, pixels: NDArray[np.uint8]) -> tuple[float, float, float]:
        """Sharp edges, change of brightness, and how much of the picture stirs.

        Args:
            pixels: BGR of shape (height, width, 3).

        Returns:
            The share of sharp edges, 0 where they are not those of a drawing; the mean change
            since the last picture; and the share of cells that changed in `STIR_MS`. All 0 to 1,
            the changes of the first picture 0.
        """
        height, width = pixels.shape[:2]
        size = (MEASURED_WIDTH_PX, max(3, round(height * MEASURED_WIDTH_PX / width)))
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.int16)
        sharp, beside = sharp_edges(grey, small)
        drawn = np.count_nonzero(sharp & beside) >= BESIDE_SHARE * np.count_nonzero(sharp)
        edges = float(sharp.mean()) if drawn else 0.0
        if self._before and self._before[-1].shape != small.shape:
            self._before.clear()
        motion = stirred = 0.0
        if self._before:
            motion = float(np.abs(small - self._before[-1]).mean()) / 255
            apart = np.abs(small - self._before[0]).astype(np.float32)
            cells = cv2.resize(apart, CELLS[::-1], interpolation=cv2.INTER_AREA)
            stirred = float((cells >= STIR_CHANGE).mean())
        self._before.append(small)
        return edges, motion, stirred


def sharp_edges(
    grey: NDArray[Any], small: NDArray[Any]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pixels are at a sharp edge, and which are near a plain surface.

    Args:
        grey: a picture's brightness, 0 to 255, shape (height, width).
        small: the same, `MEASURED_WIDTH_PX` wide.

    Returns:
        Both of the shape of `small` without its outermost pixels.
    """
    across, down = brightness_steps(small)
    sharp = np.maximum(across[1:-1], down[:, 1:-1]) >= SHARP_STEP
    size = (small.shape[1], small.shape[0])
    near = cv2.resize(_near_flat(grey), size, interpolation=cv2.INTER_NEAREST)[1:-1, 1:-1]
    return sharp, near.astype(bool)


def _near_flat(grey: NDArray[Any]) -> NDArray[np.uint8]:
    """Which pixels are near a plain surface, 1 or 0."""
    around = np.ones((3, 3), np.uint8)
    apart = cv2.subtract(cv2.dilate(grey, around), cv2.erode(grey, around))
    flat = (apart <= FLAT_RANGE).astype(np.uint8)
    wide = np.ones((2 * BESIDE_PX + 1,) * 2, np.uint8)
    return cv2.dilate(flat, wide).astype(np.uint8)
