"""The sound of a source as samples, read piece by piece: two hours never lie in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from steps.media import ffmpeg
from steps.model.timing import Span

SAMPLES_PER_MS = 16
"""audio.flac has 16 kHz, one channel."""
BYTES_PER_SAMPLE = 2

Samples: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Sound:
    """Sound at 16 kHz, mono.

    Attributes:
        path: of signed 16-bit little-endian samples, without a header.
        samples_count: how many there are.
    """

    path: Path
    samples_count: int

    @classmethod
    def decode(cls, audio: Path, scratch: Path) -> Sound:
        """Decode a sound file into a scratch folder; raises as `steps.media.ffmpeg.run` does."""
        path = scratch / "sound.s16"
        form = ["-map", "0:a:0", "-ac", "1", "-ar", str(1000 * SAMPLES_PER_MS), "-f", "s16le"]
        ffmpeg.run(["-i", f"file:{audio.absolute()}", *form, f"file:{path.absolute()}"])
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
        return raw.astype(np.float32) / np.float32(32768)
