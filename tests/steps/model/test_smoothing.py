"""One Gaussian for landmarks and for crop paths."""

import math

import numpy as np
import pytest

from steps.model.smoothing import gaussian


@pytest.mark.parametrize("sigma", [0.7, 1.0, 3.0])
def test_it_is_a_convolution_with_a_gaussian(sigma: float) -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=40)
    reach = math.ceil(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(values, reach, mode="edge")
    wanted = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    assert np.allclose(gaussian(values, sigma), wanted, atol=1e-9)


def test_a_constant_stays_and_columns_are_apart() -> None:
    rows = np.stack([np.full(9, 5.0), np.arange(9.0)], axis=1)
    smooth = gaussian(rows, 1.0)
    assert np.allclose(smooth[:, 0], 5.0)
    assert np.allclose(smooth[3:-3, 1], rows[3:-3, 1])
    assert np.array_equal(gaussian(rows[:, 1], 1.0), smooth[:, 1])
