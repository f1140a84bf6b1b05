"""The embedded recogniser: faster-whisper's batched pipeline on the CPU.

Repeatable: no temperature fallback, 8-bit weights, a spectrogram of our own, pinned kernels. The
same words, times and confidences came out with 1, 2, 4 and 8 threads and batches of 2 and 8.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from steps.contract import Context
from steps.media.audio import SAMPLE_RATE_HZ, SAMPLES_PER_MS
from steps.model.timing import Span
from steps.model.weights import TINY_EN
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.engines.protocol import Recognized
from steps.transcribe.recording import Recording
from steps.transcribe.spectrogram import ExactFeatureExtractor
from steps.transcribe.windows import LONGEST_MS, Window, windows
from steps.transcribe.word_times import RawWord

BATCH = 8
MOST_THREADS = 4
"""More than this gains little in a model this small."""
LATENESS_MS = 90
"""How late tiny.en's alignment puts word edges: the median against the true word times of two
synthetic voices (tests/media/speech), confirmed by forced alignment of three recordings of people,
on each of which the median was 100 to 120 ms."""
ENGLISH = "en"
SLOT_SAMPLES = LONGEST_MS * SAMPLES_PER_MS
SEEK_MS = 10
"""The unit of `Segment.seek`: one frame of the spectrogram."""


def load(context: Context[TranscribeParams]) -> FasterWhisper:
    """The engine with the bundled model; it sees the checked files and no others."""
    return FasterWhisper(context.weights(TINY_EN))


class FasterWhisper:
    """A `Recognizer`.

    Args:
        folder: a CTranslate2 Whisper model: model.bin, config.json, tokenizer.json, vocabulary.
    """

    def __init__(self, folder: Path) -> None:
        self._model = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads()
        )
        self._model.feature_extractor = ExactFeatureExtractor(**self._model.feat_kwargs)
        self._pipeline = BatchedInferencePipeline(self._model)

    @property
    def languages(self) -> frozenset[str]:
        """Those that the model was trained for."""
        return frozenset(self._model.supported_languages)

    def detect(self, recording: Recording, spans: Sequence[Span]) -> list[Mapping[str, float]]:
        """Always English: the model knows no other."""
        return [{ENGLISH: 1.0} for _ in spans]

    def recognize(
        self,
        recording: Recording,
        activity: VoiceActivity,
        language: str,
        on_time_ms: Callable[[int], None],
    ) -> Recognized:
        """The words of a recording, batch by batch."""
        planned = windows(activity)
        words: list[RawWord] = []
        for first in range(0, len(planned), BATCH):
            batch = planned[first : first + BATCH]
            words += self._batch(recording, batch)
            on_time_ms(batch[-1].pieces[-1].out_ms)
        return Recognized(words, TINY_EN.name)

    def _batch(self, recording: Recording, batch: Sequence[Window]) -> Iterator[RawWord]:
        """Transcribe some windows, each in a slot of its own; words go back to their places."""
        slots = np.zeros(len(batch) * SLOT_SAMPLES, np.float32)
        clips = []
        for index, window in enumerate(batch):
            samples = np.concatenate([recording.samples(piece) for piece in window.pieces])
            start = index * SLOT_SAMPLES
            slots[start : start + len(samples)] = samples
            clips.append(
                {"start": start / SAMPLE_RATE_HZ, "end": (start + len(samples)) / SAMPLE_RATE_HZ}
            )
        segments, _ = self._pipeline.transcribe(
            slots,
            language=ENGLISH,
            temperature=0,
            word_timestamps=True,
            batch_size=BATCH,
            clip_timestamps=clips,
        )
        for segment in segments:
            index = segment.seek * SEEK_MS // LONGEST_MS
            yield from _words(segment.words or (), batch[index], index * LONGEST_MS)


def threads() -> int:
    """Threads to use: the cores that this process may have, at most MOST_THREADS."""
    if hasattr(os, "sched_getaffinity"):
        return min(MOST_THREADS, len(os.sched_getaffinity(0)))
    return min(MOST_THREADS, os.cpu_count() or 1)


def _words(words: Sequence[Any], window: Window, offset_ms: int) -> Iterator[RawWord]:
    """Words of one window on the source's clock; a token without a space ends the word before."""
    whole: list[Any] = []
    for word in words:
        if whole and not word.word.startswith(" "):
            whole[-1][0] += word.word
            whole[-1][2] = word.end
        else:
            whole.append([word.word, word.start, word.end, word.probability])
    for text, start, end, probability in whole:
        if not any(map(str.isalnum, text)):
            continue  # in music it says " ."
        in_ms, out_ms = (round(1000 * float(at)) - offset_ms - LATENESS_MS for at in (start, end))
        span = window.source_span(in_ms, max(in_ms, out_ms))
        confidence = min(1000, max(0, round(1000 * float(probability))))
        yield RawWord(text.strip(), span.in_ms, span.out_ms, confidence)
