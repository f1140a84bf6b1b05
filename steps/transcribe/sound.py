"""The sound of a source as samples, read piece by piece: two hours never lie in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from steps.media import audio
from steps.media.audio import SAMPLES_PER_MS
from steps.model.timing import Span

BYTES_PER_SAMPLE = 2

Samples: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Sound:
    """Sound at 16 kHz, mono, in any order of reading.

    Attributes:
        path: of signed 16-bit little-endian samples, without a header.
        samples_count: how many there are.
    """

    path: Path
    samples_count: int

    @classmethod
    def decode(cls, flac: Path, scratch: Path) -> Sound:
        """Decode audio.flac into a scratch folder; raises as `steps.media.audio.blocks` does."""
        path = scratch / "sound.s16"
        with path.open("wb") as stream:
            for block in audio.blocks(flac):
                stream.write(block.astype("<i2", copy=False).tobytes())
        return cls(path, path.stat().st_size // BYTES_PER_SAMPLE)

    @property
    def duration_ms(self) -> int:
        """Length in whole milliseconds."""
        return self.samples_count // SAMPLES_PER_MS

    def samples(self, span: Span) -> Samples:
        """The samples of a time range, shape [n], -1 to 1; shorter where the sound ends."""
        return self.slice(span.in_ms * SAMPLES_PER_MS, span.duration_ms * SAMPLES_PER_MS)

    def slice(self, first: int, count: int) -> Samples:
        """`count` samples from number `first` on, shape [n], -1 to 1."""
        raw = np.fromfile(self.path, "<i2", count=count, offset=first * BYTES_PER_SAMPLE)
        return audio.as_float(raw)
