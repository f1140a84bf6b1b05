"""The sides of a camera's picture: what an edge is, and the border drawn around it. Pure."""

from __future__ import annotations

import numpy as np

from steps.detect.engines.protocol import Floats

EDGE_STEP = 10
"""Change of brightness, of 255, across an edge in the mean picture: dark rooms, dark screens."""
LINE_SHARE = 0.7
"""So much of each side is such an edge: in places the room is as bright as the screen around it,
and corners may be rounded."""
MOST_BORDER_PX = 5
"""A line along a side and so near to it is the inner edge of a border, a shadow or the gap between
two pictures; if it is not, next to nothing of the picture is lost."""
MOST_BORDER_SHARE = 0.25
"""Nor is a border wider than this share of the picture: small ones are soon all border."""

Edges = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels of the mean picture."""


def steps_of(mean: Floats, reach: int) -> tuple[Floats, Floats]:
    """The change of brightness over twice a reach, to the right and downwards, at each pixel."""
    across, down = np.zeros(mean.shape), np.zeros(mean.shape)
    across[:, reach:-reach] = mean[:, 2 * reach :] - mean[:, : -2 * reach]
    down[reach:-reach] = mean[2 * reach :] - mean[: -2 * reach]
    return across, down


def inside_border(edges: Edges, across: Floats, down: Floats) -> Edges:
    """What is inside the border of a picture, if it has one on a side.

    Args:
        edges: of the picture, border included.
        across: the steps to the right, as from `steps_of`.
        down: the steps downwards.
    """
    left, top, right, bottom = edges
    columns = (np.abs(across[top:bottom, left:right]) >= EDGE_STEP).mean(axis=0)
    rows = (np.abs(down[top:bottom, left:right]) >= EDGE_STEP).mean(axis=1)
    before, after = _border_px(columns), _border_px(columns[::-1])
    above, below = _border_px(rows), _border_px(rows[::-1])
    return left + before, top + above, right - after, bottom - below


def _border_px(shares: Floats) -> int:
    """How many lines from the side on are a border, up to its inner edge."""
    most_px = min(MOST_BORDER_PX, int(MOST_BORDER_SHARE * len(shares)))
    (lines,) = np.nonzero(shares[:most_px] >= LINE_SHARE)
    return int(lines[-1]) + 1 if len(lines) else 0
