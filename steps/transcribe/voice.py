"""Voice activity by Silero VAD, run through faster-whisper's own class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from faster_whisper.vad import SileroVADModel

from steps.media.audio import SAMPLES_PER_MS
from steps.transcribe.activity import FRAME_MS, Activity, activity
from steps.transcribe.sound import Sound

FRAME_SAMPLES = FRAME_MS * SAMPLES_PER_MS
BLOCK_FRAMES = 3750
"""Two minutes at once: the network's states are as large as its input is long."""
LEAD_FRAMES = 125
"""Four seconds heard before each block, so that the network's memory is warm when it begins."""


def voice(sound: Sound, weights: Path) -> Activity:
    """Where somebody speaks in a sound."""
    return activity(probabilities(sound, weights), sound.duration_ms)


def probabilities(sound: Sound, weights: Path) -> Iterator[float]:
    """The probability of voice for each frame of FRAME_MS, the last padded with silence."""
    model = SileroVADModel(str(weights))
    frames = -(-sound.samples_count // FRAME_SAMPLES)
    for start in range(0, frames, BLOCK_FRAMES):
        lead = min(start, LEAD_FRAMES)
        count = min(BLOCK_FRAMES, frames - start) + lead
        samples = sound.slice((start - lead) * FRAME_SAMPLES, count * FRAME_SAMPLES)
        padded = np.pad(samples, (0, count * FRAME_SAMPLES - len(samples)))
        yield from model(padded).reshape(-1)[lead:].tolist()
