"""Where a drawn picture has text: cells with edges in both directions, as letters have. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from steps.detect.sketches import DRAWN_STEP, Grey, brightness_steps
from steps.model.geometry import Box, Size

CELL_PX = 5
"""Of the small picture: a line of text of a slide is two or three cells high."""
LEAST_EDGES = 6
"""Such pixels of each direction in a cell and its neighbours to the left and right. The border of
a window has one direction only."""
LEAST_CELLS = 3
"""A shorter run of cells is the corner of a border, or the pointer."""
BRIDGED_CELLS = 2
"""Gaps up to so many cells are between words."""
LEAST_SHARE = 0.25
"""Of the pictures: what is there more rarely passes."""

Mask = NDArray[np.bool_]


def text_boxes(greys: Sequence[Grey], hidden: Sequence[Box], size: Size) -> tuple[Box, ...]:
    """The text of a shot in source pixels, a box for each run of words in each row of cells.

    Args:
        greys: its small pictures, all of one size.
        hidden: parts that are not the screen's, in source pixels.
        size: of the picture in source pixels.
    """
    found = np.mean([_cells(grey) for grey in greys], axis=0) >= LEAST_SHARE
    across, down = size.width_px / greys[0].shape[1], size.height_px / greys[0].shape[0]
    wide, high = CELL_PX * across, CELL_PX * down
    for box in hidden:
        top, bottom = int(box.y_px / high), int(box.bottom_px / high) + 1
        left, right = int(box.x_px / wide), int(box.right_px / wide) + 1
        found[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = False
    return tuple(
        Box.of_edges(
            round(start * wide),
            round(row * high),
            min(size.width_px, round(end * wide)),
            min(size.height_px, round((row + 1) * high)),
        )
        for row, cells in enumerate(found)
        for start, end in _runs(cells)
    )


def _cells(grey: Grey) -> Mask:
    """Which cells look like text, shape (rows, columns)."""
    aside, down = np.zeros(grey.shape, bool), np.zeros(grey.shape, bool)
    steps = brightness_steps(grey)
    aside[:, 1:-1], down[1:-1] = (step >= DRAWN_STEP for step in steps)
    both = [_around(edges) >= LEAST_EDGES for edges in (aside, down)]
    return both[0] & both[1]


def _around(edges: Mask) -> NDArray[np.int64]:
    """How many edges each cell has, with those of its neighbours to the left and right."""
    rows, columns = (length // CELL_PX for length in edges.shape)
    cells = edges[: rows * CELL_PX, : columns * CELL_PX].reshape(rows, CELL_PX, columns, CELL_PX)
    counts = np.pad(cells.sum(axis=(1, 3)), ((0, 0), (1, 1)))
    total: NDArray[np.int64] = counts[:, :-2] + counts[:, 1:-1] + counts[:, 2:]
    return total


def _runs(cells: Mask) -> list[tuple[int, int]]:
    """First and end of each run of true cells, over small gaps."""
    runs: list[tuple[int, int]] = []
    for place in np.flatnonzero(cells):
        at = int(place)
        if runs and at - runs[-1][1] <= BRIDGED_CELLS:
            runs[-1] = runs[-1][0], at + 1
        else:
            runs.append((at, at + 1))
    return [run for run in runs if run[1] - run[0] >= LEAST_CELLS]
