"""Films that tell their own time, and how it is read.

Their pictures carry their numbers, ten a second, and in second k a tone of 400 + 60 k Hz sounds for
a fifth of a second.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.media.audio import SAMPLE_RATE_HZ
from tests.steps import numbered

RATE = 10
LENGTH_MS = 8000
BEEPS = "aevalsrc='0.4*lt(mod(t,1),0.2)*sin(2*PI*(400+60*floor(t))*t){}':sample_rate=48000"
PICTURE = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-bf", "2", "-g", "24")


def clock(path: Path, *coding: str, sound: str = BEEPS.format("")) -> Path:
    """Eight seconds of numbered pictures and beeps."""
    options = (*PICTURE, *(coding or ("-c:a", "aac")))
    return numbered.make(path, rate=RATE, frames=80, sound=sound, options=options)


def beeps(pcm: NDArray[np.float64]) -> list[tuple[float, int]]:
    """When each tone of such a film begins, in ms, and the second that it stands for.

    Args:
        pcm: of one channel, at 16 kHz.
    """
    level = np.sqrt(np.convolve(pcm**2, np.ones(160) / 160, "same"))
    loud = level > 0.25 * level.max()
    found = []
    for at in np.flatnonzero(np.diff(loud.astype(int), prepend=0) > 0):
        tone = pcm[at + 800 : at + 2400]
        if len(tone) == 1600:
            peak = np.argmax(np.abs(np.fft.rfft(tone * np.hanning(1600))))
            found.append((at / 16, round((peak * SAMPLE_RATE_HZ / 1600 - 400) / 60)))
    return found
