"""Whisper's log-Mel spectrogram, with the same bits on every CPU.

faster-whisper multiplies by the Mel filters with BLAS, and takes magnitudes and logarithms with
NumPy's vector kernels. Both round differently from one CPU to the next, which moves words by tens
of milliseconds. Here every sum has a fixed order, and only operations that IEEE 754 rounds exactly
are used: add, multiply, divide.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

FLOOR = 1e-10
"""Power below which a band is silent, as in Whisper."""
RANGE = 8.0
"""Powers of ten below the loudest band that are kept, as in Whisper."""
_SERIES = tuple(2 / (math.log(10) * power) for power in range(1, 18, 2))
"""Of log10((1 + s) / (1 - s)): exact to 1e-14 for |s| up to 0.172."""

Floats = NDArray[np.float64]


class ExactFeatureExtractor(FeatureExtractor):  # type: ignore[misc]
    """faster-whisper's extractor, in operations that do not depend on the CPU."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._window = np.hanning(self.n_fft + 1)[:-1].astype(np.float32)
        self._first, self._weights = _bands(self.mel_filters)

    def __call__(
        self, waveform: NDArray[np.float32], padding: int = 160, chunk_length: int | None = None
    ) -> NDArray[np.float32]:
        """The spectrogram of a waveform of shape [samples]: shape [bands, frames]."""
        if chunk_length is not None:
            self.n_samples = chunk_length * self.sampling_rate
            self.nb_max_frames = self.n_samples // self.hop_length
        padded = np.pad(waveform.astype(np.float32), (0, padding))
        spectrum = self.stft(
            padded, self.n_fft, self.hop_length, window=self._window, return_complex=True
        )[..., :-1]
        real, imaginary = (part.astype(np.float64) for part in (spectrum.real, spectrum.imag))
        power = real * real + imaginary * imaginary
        levels = log10(np.maximum(self._filtered(power), FLOOR))
        levels = np.maximum(levels, levels.max() - RANGE)
        scaled: NDArray[np.float32] = ((levels + 4.0) / 4.0).astype(np.float32)
        return scaled

    def _filtered(self, power: Floats) -> Floats:
        """The power in each band, shape [bands, frames]: its bins added from low to high."""
        total = np.zeros((len(self._first), power.shape[1]))
        for offset in range(self._weights.shape[1]):
            total += self._weights[:, offset, None] * power[self._first + offset]
        return total


def log10(values: Floats) -> Floats:
    """Logarithms of positive numbers, to within 1e-13, without the platform's own."""
    mantissa, exponent = np.frexp(values)
    small = mantissa < math.sqrt(0.5)
    mantissa = np.where(small, mantissa * 2, mantissa)
    exponent = exponent - small
    ratio = (mantissa - 1) / (mantissa + 1)
    square = ratio * ratio
    found = np.full_like(ratio, _SERIES[-1])
    for factor in reversed(_SERIES[:-1]):
        found = found * square + factor
    logarithms: Floats = found * ratio + exponent * math.log10(2)
    return logarithms


def _bands(filters: NDArray[np.float32]) -> tuple[NDArray[np.int64], Floats]:
    """The first bin of each band, and its weights, shape [bands, widest]."""
    bins = filters.shape[1]
    used = filters > 0
    widest = int(used.sum(axis=1).max())
    first = np.minimum(used.argmax(axis=1), bins - widest)
    places = first[:, None] + np.arange(widest)
    return first, np.take_along_axis(filters, places, axis=1).astype(np.float64)
