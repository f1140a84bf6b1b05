"""Whisper by faster-whisper's batched pipeline, on the CPU or a GPU.

On the CPU it is repeatable: no temperature fallback, 8-bit weights, our own spectrogram, pinned
kernels. The same words, times and confidences came out with 1, 2, 4 and 8 threads and batches of 2
and 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.audio import pad_or_trim

from steps.contract import Context, Unusable, Weights
from steps.contract.cores import usable_cores
from steps.contract.errors import BadInput
from steps.media.audio import SAMPLE_RATE_HZ, SAMPLES_PER_MS
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.engines.batches import in_batches, placed, sound
from steps.transcribe.engines.protocol import Recognized
from steps.transcribe.engines.whisper_models import LATENESS_MS, embedded, missing_file
from steps.transcribe.glossary import read_glossary
from steps.transcribe.languages import ENGLISH
from steps.transcribe.recording import Recording
from steps.transcribe.spectrogram import ExactFeatureExtractor
from steps.transcribe.windows import LONGEST_MS, Window, windows
from steps.transcribe.word_times import RawWord

MOST_THREADS = 4
"""More than this gains little in a model this small."""
SLOT_SAMPLES = LONGEST_MS * SAMPLES_PER_MS
SEEK_MS = 10
"""The unit of `Segment.seek`: one frame of the spectrogram."""
UNSPACED = frozenset("zh ja th lo my yue".split())
"""Languages that are written without spaces: each of the model's tokens is a word."""


def load(context: Context[TranscribeParams]) -> FasterWhisper:
    """The engine on the CPU."""
    return FasterWhisper(context, "cpu", "int8")


def load_gpu(context: Context[TranscribeParams]) -> FasterWhisper:
    """The engine on the first GPU; raises Unusable where there is none that it can use."""
    if not ctranslate2.get_cuda_device_count():
        raise Unusable("it needs a GPU, and CTranslate2 finds none: use --asr=faster-whisper")
    kinds = ctranslate2.get_supported_compute_types("cuda")
    if context.params.asr_precision not in kinds:
        raise Unusable(
            f"the GPU cannot compute in {context.params.asr_precision}, only in"
            f" {', '.join(sorted(kinds))}"
        )
    return FasterWhisper(context, "cuda", context.params.asr_precision)


class FasterWhisper:
    """A `Recognizer`; it sees checked files and no others, and keeps one model in memory.

    Args:
        context: of the step.
        device: `cpu` or `cuda`.
        precision: one of CTranslate2's compute types.
    """

    def __init__(self, context: Context[TranscribeParams], device: str, precision: str) -> None:
        self._context = context
        self._device, self._precision = device, precision
        self._weights = embedded(context.params)
        self._hints = read_glossary(context.content("glossary")).hints
        self._loaded: tuple[Weights, WhisperModel] | None = None

    @property
    def languages(self) -> frozenset[str]:
        """Those that the models were trained for."""
        return frozenset(self._model(self._weights[-1]).supported_languages)

    def detect(
        self, recording: Recording, chosen: Sequence[Window], room_ms: int = LONGEST_MS
    ) -> Iterator[Mapping[str, float]]:
        """The probability of each language in each window; only English where that is all."""
        model = self._model(self._weights[-1])
        for window in chosen:
            if not model.model.is_multilingual:
                yield {ENGLISH: 1.0}
                continue
            features = model.feature_extractor(sound(recording, window))[..., :-1]
            encoded = model.encode(pad_or_trim(features, room_ms // SEEK_MS))
            (found,) = model.model.detect_language(encoded)
            yield {token[2:-2]: float(probability) for token, probability in found}

    def recognize(
        self,
        recording: Recording,
        activity: VoiceActivity,
        language: str,
        on_time_ms: Callable[[int], None],
        *,
        over_music: bool = False,
    ) -> Recognized:
        """The words of a recording, batch by batch; raises BadInput for an unreadable model."""
        weights = self._weights[0 if language == ENGLISH and not over_music else -1]
        pipeline = BatchedInferencePipeline(self._model(weights))
        late_ms = LATENESS_MS.get(weights.name, 0)

        def work(batch: Sequence[Window]) -> list[RawWord]:
            heard = self._batch(pipeline, recording, batch, language)
            return [word for window, words in heard for word in placed(words, window, late_ms)]

        words: list[RawWord] = []
        for batch, found in in_batches(self._context, windows(activity), work):
            words += found
            on_time_ms(batch[-1].pieces[-1].out_ms)
        return Recognized(words, weights.name)

    def _batch(
        self,
        pipeline: BatchedInferencePipeline,
        recording: Recording,
        batch: Sequence[Window],
        language: str,
    ) -> Iterator[tuple[Window, list[RawWord]]]:
        """Transcribe some windows, each in a slot of its own; times count from a window's start."""
        slots = np.zeros(len(batch) * SLOT_SAMPLES, np.float32)
        clips = []
        for index, window in enumerate(batch):
            samples = sound(recording, window)
            start = index * SLOT_SAMPLES
            slots[start : start + len(samples)] = samples
            clips.append(
                {"start": start / SAMPLE_RATE_HZ, "end": (start + len(samples)) / SAMPLE_RATE_HZ}
            )
        segments, _ = pipeline.transcribe(
            slots,
            language=language,
            temperature=0,
            word_timestamps=True,
            batch_size=len(batch),
            clip_timestamps=clips,
            hotwords=self._hints or None,
        )
        for segment in segments:
            index = segment.seek * SEEK_MS // LONGEST_MS
            spaced = language not in UNSPACED
            yield batch[index], _words(segment.words or (), index * LONGEST_MS, spaced)

    def _model(self, weights: Weights) -> WhisperModel:
        """The model, loaded; another one leaves the memory first."""
        if self._loaded and self._loaded[0] is weights:
            return self._loaded[1]
        self._loaded = None
        folder = self._context.weights(weights)
        if missing := missing_file(folder):
            raise BadInput(f"the model {weights.name} is not Whisper: it has no {missing}")
        model = WhisperModel(
            str(folder),
            device=self._device,
            compute_type=self._precision,
            cpu_threads=usable_cores(MOST_THREADS),
            local_files_only=True,
        )
        model.feature_extractor = ExactFeatureExtractor(**model.feat_kwargs)
        self._loaded = (weights, model)
        return model


def _words(words: Sequence[Any], offset_ms: int, spaced: bool) -> list[RawWord]:
    """Words of one window; in most languages a token without a space ends the word before."""
    whole: list[list[Any]] = []
    for word in words:
        if whole and spaced and not word.word.startswith(" "):
            whole[-1][0] += word.word
            whole[-1][2] = word.end
        else:
            whole.append([word.word, word.start, word.end, word.probability])
    found = []
    for text, start, end, probability in whole:
        if not any(map(str.isalnum, text)):
            continue  # in music it says " ."
        in_ms, out_ms = (round(1000 * float(at)) - offset_ms for at in (start, end))
        confidence = min(1000, max(0, round(1000 * float(probability))))
        found.append(RawWord(text.strip(), in_ms, out_ms, confidence))
    return found
