"""The sound of a source, read piece by piece, and the voice in it as Silero VAD finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from steps.media import audio
from steps.media.audio import SAMPLES_PER_MS
from steps.model.timing import Span
from steps.transcribe.activity import FRAME_MS, VoiceActivity, voice_spans

BYTES_PER_SAMPLE = 2
FRAME_SAMPLES = FRAME_MS * SAMPLES_PER_MS
BLOCK_FRAMES = 3750
"""Two minutes at once: the network's states are as large as its input is long."""
LEAD_FRAMES = 125
"""Four seconds before each block go through the network too, to warm its memory."""

Samples: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Recording:
    """Sound at 16 kHz, mono, in a file: the samples of two hours never fill the memory.

    Attributes:
        path: of signed 16-bit little-endian samples, without a header.
        samples_count: how many there are.
    """

    path: Path
    samples_count: int

    @classmethod
    def decode(cls, flac: Path, scratch: Path) -> Recording:
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

    def pcm(self, span: Span) -> bytes:
        """The sound of a time range as the file has it: signed 16-bit, little-endian."""
        with self.path.open("rb") as stream:
            stream.seek(span.in_ms * SAMPLES_PER_MS * BYTES_PER_SAMPLE)
            return stream.read(span.duration_ms * SAMPLES_PER_MS * BYTES_PER_SAMPLE)

    def slice(self, first: int, count: int) -> Samples:
        """`count` samples from sample `first` on, shape [n], -1 to 1."""
        raw = np.fromfile(self.path, "<i2", count=count, offset=first * BYTES_PER_SAMPLE)
        return audio.as_float(raw)


def detect_voice(recording: Recording, weights: Path) -> VoiceActivity:
    """Where somebody speaks in a recording."""
    return voice_spans(voice_probabilities(recording, weights), recording.duration_ms)


def voice_probabilities(recording: Recording, weights: Path) -> Iterator[float]:
    """The probability of voice in each frame of FRAME_MS, the last padded with silence."""
    from faster_whisper.vad import SileroVADModel  # after `kernels.pin`: it imports CTranslate2

    model = SileroVADModel(str(weights))
    frames = -(-recording.samples_count // FRAME_SAMPLES)
    for start in range(0, frames, BLOCK_FRAMES):
        lead = min(start, LEAD_FRAMES)
        count = min(BLOCK_FRAMES, frames - start) + lead
        samples = recording.slice((start - lead) * FRAME_SAMPLES, count * FRAME_SAMPLES)
        padded = np.pad(samples, (0, count * FRAME_SAMPLES - len(samples)))
        yield from model(padded).reshape(-1)[lead:].tolist()
