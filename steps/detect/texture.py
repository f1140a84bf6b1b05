"""What a picture looks like without anybody in it: drawn and still like a slide, or filmed."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

MEASURED_WIDTH_PX = 320
SHARP_STEP = 48
"""A brightness step (of 255) between pixels two apart that only drawn edges have in numbers."""


class Texture:
    """Measures pictures one after the other."""

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
