"""How fast words are heard, beside bare faster-whisper: the same sound, model and settings.

CPU time of this process with all its threads, each the least of two runs on four rounds of the
sample. Ours holds all that the step does for words: decoding, voice activity, windows, guards; the
bench `voices` has its other engines.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from faster_whisper import BatchedInferencePipeline, WhisperModel

from steps.contract import Context
from steps.contract.cores import usable_cores
from steps.media.audio import as_float, samples
from steps.model import artifacts
from steps.model.source import SourceMeta
from steps.model.weights import TINY_EN
from steps.transcribe import STEP, TranscribeParams
from steps.transcribe.engines.faster_whisper import MOST_THREADS
from steps.transcribe.languages import ENGLISH
from steps.transcribe.work import run
from tests.bench.figure import Figure
from tests.bench.source import downloaded

ROUNDS = 4
LEAST_RATIO = 0.9


def measure() -> list[Figure]:
    """Bare over ours: 1 is as fast, more is faster."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        job = downloaded(Path(folder), ROUNDS)
        seconds = SourceMeta.from_file(job / artifacts.SOURCE_META.path).duration_ms / 1000
        ours = _least(lambda: _ours(job, Path(folder)))
        bare = _least(lambda: _bare(job / artifacts.AUDIO.path))
    return [
        Figure("bare / step", bare / ours, "x", least=LEAST_RATIO),
        Figure("step", seconds / ours, "s of sound a CPU second"),
        Figure("bare", seconds / bare, "s of sound a CPU second"),
    ]


def _ours(job: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        words_only = TranscribeParams(aligner="whisper", diarizer="off", sounds="off")
        run(Context(STEP, words_only, job, job, Path(scratch)))


def _bare(audio: Path) -> None:
    model = WhisperModel(
        str(TINY_EN.locate()),
        device="cpu",
        compute_type="int8",
        cpu_threads=usable_cores(MOST_THREADS),
    )
    segments, _ = BatchedInferencePipeline(model).transcribe(
        as_float(samples(audio)),
        language=ENGLISH,
        temperature=0,
        word_timestamps=True,
        batch_size=TranscribeParams().batch_size,
    )
    for _ in segments:
        pass


def _least(work: Callable[[], None]) -> float:
    return min(_cpu_s(work) for _ in range(2))


def _cpu_s(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before
