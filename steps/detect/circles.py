"""Round insets, and what else may be around a face. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import numpy as np

from steps.detect.borders import EDGE_STEP, steps_of
from steps.detect.engines.protocol import Floats
from steps.detect.insets import LAID_OVER, InsetKind, InsetPlace, can_be, rectangle_around
from steps.model.geometry import even

CIRCLE_SHARE = 0.8
RADII = (0.7, 2.8)
"""Of a round inset, in heights of the face."""
ANGLES = 64
SHARPEST = 80
"""Greater changes of brightness count no more: letters beside a circle are as sharp."""


def place_around(
    face: Floats, mean: Floats, kind: InsetKind = LAID_OVER, others: Sequence[Floats] = ()
) -> InsetPlace | None:
    """The inset around a face, or None.

    Args:
        face: (4,) left, top, width, height, in pixels of the picture.
        mean: the mean of the pictures, shape (height, width).
        kind: of inset; only those that are laid over can be round.
        others: faces that are not in it.
    """
    found = rectangle_around(face, mean, kind, others)
    return circle_around(face, mean, kind) if found is None and kind is LAID_OVER else found


def circle_around(face: Floats, mean: Floats, kind: InsetKind) -> InsetPlace | None:
    """The inset in the circle that is the sharpest edge all around: coarsely, then to the pixel."""
    if face[3] >= kind.face_share * len(mean):
        return None
    middle, tall = face[:2] + face[2:] / 2, float(face[3])
    coarse = _sharpest(_circles(middle, tall), steps_of(mean, 2), kind)
    if coarse is None:
        return None
    near = (-1, -0.5, 0, 0.5, 1)
    fine = coarse + np.array(list(product(near, repeat=3)))
    found = _sharpest([fine], steps_of(mean, 1), kind)
    left, top, right, bottom = _square(coarse if found is None else found)
    return InsetPlace((int(left), int(top), int(right), int(bottom)), is_round=True)


def _square(circles: Floats) -> Floats:
    """Left, top, right and bottom of the squares around circles, (..., 3) to (4, ...)."""
    radius, x, y = np.moveaxis(circles, -1, 0)
    return np.rint([x - radius, y - radius, x + radius, y + radius])


def _sharpest(
    circles: Iterable[Floats], steps: tuple[Floats, Floats], kind: InsetKind
) -> Floats | None:
    """The circle across which brightness changes most, of those that are edges all around.

    Args:
        circles: some at a time, (n, 3) radius, x and y, in pixels.
        steps: of the mean picture, across and down.
        kind: of inset.
    """
    across, down = steps
    height, width = across.shape
    turns = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    aside, below = np.cos(turns), np.sin(turns)
    best, best_rank = None, (0.0, 0.0)
    for some in circles:
        left, top, right, bottom = edges = _square(some)
        whole = (left >= 0) & (top >= 0) & (right <= width) & (bottom <= height)
        some = some[whole & can_be(kind, edges, height, width)]
        radius, x, y = some.T[..., None]
        # a pixel's middle is half a pixel from its edges
        columns = np.round(x + radius * aside - 0.5).astype(int).clip(0, width - 1)
        rows = np.round(y + radius * below - 0.5).astype(int).clip(0, height - 1)
        sharp = np.abs(across[rows, columns] * aside + down[rows, columns] * below)
        shares = (sharp >= EDGE_STEP).mean(axis=1)
        strengths = np.minimum(sharp, SHARPEST).mean(axis=1)
        for at in np.flatnonzero(shares >= CIRCLE_SHARE):
            rank = round(float(shares[at]), 1), float(strengths[at])
            if rank > best_rank:
                best, best_rank = some[at], rank
    return best


def _circles(middle: Floats, tall: float) -> Iterator[Floats]:
    """The circles that may be around a face, those of a radius at a time."""
    reach = max(2, even(0.6 * tall))
    places = np.arange(-reach, reach + 1, 2)
    for radius in range(round(RADII[0] * tall), round(RADII[1] * tall) + 1):
        near = places[np.abs(places) <= radius / 2]
        aside, below = (one.ravel() for one in np.meshgrid(near, near, indexing="ij"))
        radii = np.full(aside.shape, float(radius))
        yield np.column_stack([radii, middle[0] + aside, middle[1] + below])
