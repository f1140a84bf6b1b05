"""What it costs to place words, to tell voices apart and to find music: CPU seconds a minute.

CPU time of this process with all its threads, on two rounds of the sample, models loaded. The words
are those that the recogniser gives, with its own times.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from steps.contract import Context
from steps.model import artifacts
from steps.model.weights import (
    FIRERED_AED,
    G2P_EN,
    POCKETSPHINX_EN,
    SILERO,
    VOICE_EMBEDDER,
)
from steps.transcribe import STEP, TranscribeParams, kernels
from steps.transcribe.engines import FASTER_WHISPER
from steps.transcribe.recording import Recording, detect_voice
from tests.bench.figure import Figure
from tests.bench.source import downloaded

ROUNDS = 2
UNIT = "CPU s a minute"


def measure() -> list[Figure]:
    """Each engine by itself, and the recogniser beside them."""
    kernels.pin()
    from steps.transcribe.engines.d_vectors import DVectors
    from steps.transcribe.engines.faster_whisper import FasterWhisper
    from steps.transcribe.engines.firered import FireRed
    from steps.transcribe.engines.pocketsphinx import Pocketsphinx

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        job = downloaded(Path(folder), ROUNDS)
        recording = Recording.decode(job / artifacts.AUDIO.path, Path(folder))
        activity = detect_voice(recording, SILERO.locate())
        minutes = recording.duration_ms / 60_000
        tiny, base = (
            FasterWhisper(using(model, job), "cpu", "int8") for model in ("tiny.en", "base")
        )
        aligner = Pocketsphinx(POCKETSPHINX_EN.locate(), G2P_EN.locate())
        diarizer = DVectors(VOICE_EMBEDDER.locate())
        classifier = FireRed(FIRERED_AED.locate(), Path(folder))
        words = tiny.recognize(recording, activity, "en", lambda _: None).words

        def cost(work: Callable[[], object]) -> float:
            before = time.process_time()
            work()
            return (time.process_time() - before) / minutes

        return [
            Figure("aligner pocketsphinx", cost(lambda: aligner.align(recording, words)), UNIT),
            Figure(
                "diarizer d-vectors", cost(lambda: diarizer.turns(recording, activity, 0)), UNIT
            ),
            Figure("sounds firered", cost(lambda: classifier.sounds(recording)), UNIT),
            Figure(
                "voice activity silero",
                cost(lambda: detect_voice(recording, SILERO.locate())),
                UNIT,
            ),
            Figure(
                "asr faster-whisper tiny.en",
                cost(lambda: tiny.recognize(recording, activity, "en", lambda _: None)),
                UNIT,
            ),
            Figure(
                "asr faster-whisper base",
                cost(lambda: base.recognize(recording, activity, "en", lambda _: None)),
                UNIT,
            ),
        ]


def using(model: str, job: Path) -> Context[TranscribeParams]:
    """The context of a recogniser with one model."""
    context = Context(STEP, TranscribeParams(asr_model=model), job, job, job)
    context.engine_in_use = FASTER_WHISPER
    return context
