"""What is kept of each sampled picture, to tell what is drawn in a shot and what lies over it.

A small grey picture, where it differs from the one before, and the colour of its border. The
pictures are thinned out in long clips, so that they never take more than 70 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.model.geometry import Box, Size

SKETCH_WIDTH_PX = 320
"""Lines that frame a camera's picture are one pixel wide at this width; a letter is three."""
MOST_KEPT = 1200
"""Grey pictures of one clip: four minutes at five a second, thinned out beyond."""
DRAWN_STEP = 20
"""Change of brightness, of 255, over two pixels that is an edge of something drawn: pale text on
white has it."""
CELLS = (18, 32)
"""Rows and columns of the grid in which changes are noted."""
CELL_CHANGE = 1.5
"""Mean change of brightness in a cell, of 255, from which on something happened there: a letter or
a pointer changes it by 2 or more, a codec's noise on a still screen by less than 1."""

Grey = NDArray[np.uint8]
Cells = NDArray[np.bool_]


@dataclass(frozen=True)
class Glimpse:
    """One pixel of each cell of a picture, to tell later in which picture something jumped.

    Attributes:
        time_ms: when the picture appears.
        points: shape `CELLS`.
    """

    time_ms: int
    points: Grey


def glimpse_of(time_ms: int, pixels: NDArray[np.uint8]) -> Glimpse:
    """Glimpse at a picture, BGR of shape (height, width, 3); it costs next to nothing."""
    rows, columns = (
        (np.arange(count) * 2 + 1) * length // (2 * count)
        for count, length in zip(CELLS, pixels.shape[:2], strict=True)
    )
    return Glimpse(time_ms, pixels[rows[:, None], columns[None], 1])


@dataclass(frozen=True)
class Sketch:
    """What is kept of a picture.

    Attributes:
        grey: `SKETCH_WIDTH_PX` wide; None where it was thinned out.
        changed: which cells changed since the last picture, shape `CELLS`.
        border: blue, green and red of its outermost pixels, 0 to 255.
        glimpses: of the pictures after the last sketched one, up to this one.
    """

    grey: Grey | None
    changed: Cells
    border: tuple[int, int, int]
    glimpses: tuple[Glimpse, ...] = ()


class Sketcher:
    """Sketches the pictures of a clip, one after the other."""

    def __init__(self) -> None:
        """Begin before the first picture."""
        self._last: Grey | None = None
        self._kept: list[Grey | None] = []
        self._notes: list[tuple[Cells, tuple[int, int, int]]] = []
        self._every = 1
        self._glimpses: list[Glimpse] = []
        self._seen: list[tuple[Glimpse, ...]] = []

    def glimpse(self, glimpse: Glimpse) -> None:
        """Take what is kept of a picture that may not be sampled."""
        self._glimpses.append(glimpse)

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """Take the next picture, BGR of shape (height, width, 3)."""
        height, width = pixels.shape[:2]
        size = (SKETCH_WIDTH_PX, max(3, round(height * SKETCH_WIDTH_PX / width)))
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
        changed = np.zeros(CELLS, bool)
        if self._last is not None and self._last.shape == small.shape:
            apart = cv2.absdiff(small, self._last)
            cells = cv2.resize(apart.astype(np.float32), CELLS[::-1], interpolation=cv2.INTER_AREA)
            changed = np.asarray(cells >= CELL_CHANGE)
        self._last = small
        rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        blue, green, red = (int(value) for value in np.median(rim, axis=0))
        self._notes.append((changed, (blue, green, red)))
        self._seen.append(tuple(self._glimpses))
        self._glimpses = []
        self._kept.append(small if len(self._kept) % self._every == 0 else None)
        if sum(one is not None for one in self._kept[:: self._every]) > MOST_KEPT:
            self._every *= 2
            self._kept = [
                one if place % self._every == 0 else None for place, one in enumerate(self._kept)
            ]

    def sketch(self, number: int) -> Sketch:
        """What is kept of a picture, by its number."""
        return Sketch(self._kept[number], *self._notes[number], self._seen[number])


def brightness_steps(grey: NDArray[Any]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """How brightness changes over two pixels, across and down.

    Args:
        grey: 0 to 255, shape (height, width).

    Returns:
        Shape (height, width - 2), all but the outermost columns; and (height - 2, width).
    """
    small = grey.astype(np.int16)
    return np.abs(small[:, 2:] - small[:, :-2]), np.abs(small[2:] - small[:-2])


def cells_of(box: NDArray[np.float64], size: Size) -> Cells:
    """The cells that a box (left, top, width, height in source pixels) touches."""
    down, across = CELLS
    scale = np.array([across / size.width_px, down / size.height_px])
    left, top = np.floor(box[:2] * scale).astype(int)
    right, bottom = np.ceil((box[:2] + box[2:]) * scale).astype(int)
    covered = np.zeros(CELLS, bool)
    covered[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return covered


def cells_near(box: Box, size: Size) -> Cells:
    """The cells that a box touches, and their neighbours: shadows and frames are outside it."""
    touched = cells_of(np.array([box.x_px, box.y_px, box.width_px, box.height_px], float), size)
    return cv2.dilate(touched.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)


def box_around(cells: Cells, size: Size) -> Box:
    """The box around some cells, in source pixels."""
    (rows,), (columns,) = np.nonzero(cells.any(axis=1)), np.nonzero(cells.any(axis=0))
    grid = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return scaled(grid, CELLS[::-1], size)


def scaled(edges: tuple[int, ...], grid: tuple[int, int], size: Size) -> Box:
    """A box of a grid, as its edges, in source pixels.

    Args:
        edges: left, top, right and bottom.
        grid: how many columns and rows the picture has.
        size: of the picture in source pixels.
    """
    across, down = size.width_px / grid[0], size.height_px / grid[1]
    left, top, right, bottom = edges
    return Box.of_edges(
        int(left * across), int(top * down), round(right * across), round(bottom * down)
    )
