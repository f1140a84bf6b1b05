"""Gaussian smoothing, the same to the last digit on every CPU: no BLAS, no vectorised `exp`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

REACH_SIGMAS = 3
"""Weights further away than this are left out."""


def gaussian(values: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """The values after a Gaussian along the first axis; both ends go on with their last value.

    Args:
        values: shape (n,) or (n, columns).
        sigma: in steps of the first axis.
    """
    reach = math.ceil(REACH_SIGMAS * sigma)
    raw = [math.exp(-0.5 * (offset / sigma) ** 2) for offset in range(-reach, reach + 1)]
    total = sum(raw)
    padding = [(reach, reach)] + [(0, 0)] * (values.ndim - 1)
    padded = np.pad(values, padding, mode="edge")
    smooth = np.zeros(values.shape)
    for offset, weight in enumerate(raw):
        # `exp` may differ in its last bit between processors
        smooth += round(weight / total, 12) * padded[offset : offset + len(values)]
    return smooth
