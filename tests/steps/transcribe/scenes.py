"""The sound of made scenes as recordings, with the truth about their words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from steps.model.timing import Span
from steps.model.weights import SILERO
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.recording import Recording, Samples, detect_voice
from tests.media import sound
from tests.media.catalogue import SCENES
from tests.media.scene import Sound
from tests.media.truth import Word


@cache
def samples(scene: str, music: float = 0.0) -> Samples:
    """The sound of a scene at 16 kHz, shape [n]."""
    mixed = sound.mix(SCENES[scene](), Sound(rate_hz=16_000, layout="mono", music=music))
    return np.asarray(mixed[:, 0], np.float32)


def music(count: int) -> Samples:
    """Music at 16 kHz, shape [count]."""
    return sound.chords(count, 16_000)


def words(scene: str) -> tuple[Word, ...]:
    """What is said in a scene."""
    return sound.words(SCENES[scene]())


def recorded(found: Samples, folder: Path) -> Recording:
    """Samples as a recording."""
    path = folder / "sound.s16"
    (np.clip(found, -1, 1) * 32767).astype("<i2").tofile(path)
    return Recording(path, len(found))


def heard(found: Samples, folder: Path) -> tuple[Recording, VoiceActivity]:
    """Samples as a recording, and the voice that Silero finds in it."""
    recording = recorded(found, folder)
    return recording, detect_voice(recording, SILERO.locate())


def spans(found: Sequence[Word]) -> list[Span]:
    """The time ranges of words."""
    return [Span(in_ms=word.in_ms, out_ms=word.out_ms) for word in found]
