"""WhisperX: Whisper in batches without timestamps, then forced alignment by wav2vec2.

WhisperX does both on our windows, batch by batch: it never gets the whole sound, so two hours take
as much memory as two minutes.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any

import numpy as np

from steps.contract import AUTO, Context, Unusable
from steps.contract.cores import usable_cores
from steps.contract.errors import BadInput
from steps.media.audio import SAMPLE_RATE_HZ, SAMPLES_PER_MS
from steps.model.timing import Span
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.captions import lay_over_voice
from steps.transcribe.engines.batches import in_batches, placed, sound
from steps.transcribe.engines.faster_whisper import MOST_THREADS
from steps.transcribe.engines.protocol import Recognized
from steps.transcribe.engines.whisper_models import aligner_of, for_whisperx
from steps.transcribe.glossary import read_glossary
from steps.transcribe.recording import Recording
from steps.transcribe.windows import LONGEST_MS, Window, windows
from steps.transcribe.word_times import RawWord

with warnings.catch_warnings(action="ignore"):  # of torchcodec: it decodes files, which we do
    import torch
    import whisperx
    from whisperx import alignment
    from whisperx.audio import N_SAMPLES, log_mel_spectrogram
    from whisperx.vads import Vad

SLOT_SAMPLES = LONGEST_MS * SAMPLES_PER_MS


def load(context: Context[TranscribeParams]) -> WhisperX:
    """The engine on the first GPU; by name it runs on a CPU too.

    Raises:
        Unusable: the GPU is too old or there is none, and `auto` chose the engine.
    """
    gpu = torch.cuda.is_available()
    if not gpu and context.params.asr == AUTO:
        raise Unusable("it finds no GPU, and without one it is slow: --asr=whisperx insists")
    with redirect_stdout(sys.stderr):  # WhisperX prints to it
        return WhisperX(context, "cuda" if gpu else "cpu")


class OurWindows(Vad):  # type: ignore[misc]
    """Stands in for WhisperX's voice activity: the windows are planned already.

    Attributes:
        segments: where they are in the batch's sound, as WhisperX writes it.
    """

    def __init__(self) -> None:
        super().__init__(vad_onset=0.5)
        self.segments: list[dict[str, Any]] = []

    def __call__(self, audio: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The windows, whatever the sound."""
        return self.segments

    @staticmethod
    def preprocess_audio(audio: Any) -> Any:
        """The sound as it is."""
        return audio

    @staticmethod
    def merge_chunks(segments: Any, *_arguments: Any, **_options: Any) -> Any:
        """The windows as they are."""
        return segments


class WholeText:
    """Stands in for NLTK's sentence splitter, which would be downloaded: a window is one."""

    @staticmethod
    def span_tokenize(text: str) -> list[tuple[int, int]]:
        """One span over all of the text."""
        return [(0, len(text))]


class WhisperX:
    """A `Recognizer`.

    Args:
        context: of the step.
        device: `cuda` or `cpu`.
    """

    def __init__(self, context: Context[TranscribeParams], device: str) -> None:
        self._context, self._device = context, device
        self._weights = for_whisperx(context.params)[0]
        self._windows = OurWindows()
        self._pipeline = whisperx.load_model(
            str(context.weights(self._weights)),
            device,
            compute_type=context.params.asr_precision if device == "cuda" else "int8",
            asr_options={"hotwords": read_glossary(context.content("glossary")).hints or None},
            vad_model=self._windows,
            threads=usable_cores(MOST_THREADS),
            local_files_only=True,
        )

    @property
    def languages(self) -> frozenset[str]:
        """Those that the model was trained for."""
        return frozenset(self._pipeline.model.supported_languages)

    def detect(
        self, recording: Recording, chosen: Sequence[Window], room_ms: int = LONGEST_MS
    ) -> Iterator[Mapping[str, float]]:
        """The probability of each language in each window; on a GPU, room for 30 s is cheap."""
        model = self._pipeline.model
        bands = model.feat_kwargs.get("feature_size") or 80
        for window in chosen:
            if not model.model.is_multilingual:
                yield {"en": 1.0}
                continue
            samples = sound(recording, window)
            features = log_mel_spectrogram(samples, bands, padding=N_SAMPLES - len(samples))
            (found,) = model.model.detect_language(model.encode(features))
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
        """The words of a recording, batch by batch; raises BadInput for an unusable aligner."""
        aligner = self._aligner(language)

        def work(batch: Sequence[Window]) -> list[RawWord]:
            with redirect_stdout(sys.stderr):
                heard = self._heard(recording, batch, language)
                return [
                    word
                    for window, segment in zip(batch, heard, strict=True)
                    for word in self._timed(recording, activity, window, segment, aligner)
                ]

        words: list[RawWord] = []
        for batch, found in in_batches(self._context, windows(activity), work):
            words += found
            on_time_ms(batch[-1].pieces[-1].out_ms)
        return Recognized(words, self._weights.name)

    def _heard(
        self, recording: Recording, batch: Sequence[Window], language: str
    ) -> list[Mapping[str, Any]]:
        """WhisperX's segment for each window."""
        slots = np.zeros(len(batch) * SLOT_SAMPLES, np.float32)
        self._windows.segments = []
        for index, window in enumerate(batch):
            samples = sound(recording, window)
            start = index * SLOT_SAMPLES
            slots[start : start + len(samples)] = samples
            edges = {
                "start": start / SAMPLE_RATE_HZ,
                "end": (start + len(samples)) / SAMPLE_RATE_HZ,
            }
            self._windows.segments.append({**edges, "segments": [tuple(edges.values())]})
        found: list[Mapping[str, Any]] = self._pipeline.transcribe(
            slots, batch_size=len(batch), language=language
        )["segments"]
        return found

    def _aligner(self, language: str) -> tuple[Any, dict[str, Any]] | None:
        """WhisperX's model for the language with its metadata; None, reported, without one."""
        weights = aligner_of(language)
        if weights is None:
            fetch = f"`clipmill models fetch wav2vec2-{language}` gets one, where there is one"
            message = f"no model aligns {language!r}, so word times are estimated: {fetch}"
            self._context.degrade("no-aligner", message)
            return None
        alignment.nltk_load = lambda _name: WholeText()
        place = self._context.weights(weights)
        try:
            with redirect_stdout(sys.stderr):
                found: tuple[Any, dict[str, Any]] = whisperx.load_align_model(
                    language,
                    self._device,
                    model_name=str(place) if place.is_dir() else None,
                    model_dir=None if place.is_dir() else str(place.parent),
                    model_cache_only=True,
                )
        except ValueError as error:
            raise BadInput(f"{weights.name} in {place} is not a wav2vec2 model") from error
        return found

    def _timed(
        self,
        recording: Recording,
        activity: VoiceActivity,
        window: Window,
        segment: Mapping[str, Any],
        aligner: tuple[Any, dict[str, Any]] | None,
    ) -> list[RawWord]:
        """The words of one window on the source's clock; some may have no time."""
        text = segment["text"].strip()
        if not any(map(str.isalnum, text)):
            return []
        confidence = min(1000, round(1000 * math.exp(segment["avg_logprob"])))
        if aligner is None:
            return estimated(text.split(), activity, window, confidence)
        model, metadata = aligner
        whole = {"text": text, "start": 0.0, "end": window.duration_ms / 1000}
        found = whisperx.align([whole], model, metadata, sound(recording, window), self._device)[
            "word_segments"
        ]
        if not found:
            return estimated(text.split(), activity, window, confidence)
        return list(placed([_word(item, confidence) for item in found], window))


def estimated(
    texts: Sequence[str], activity: VoiceActivity, window: Window, confidence: int
) -> list[RawWord]:
    """Words of a window laid over the voice in it by their lengths."""
    whole = Span(in_ms=window.pieces[0].in_ms, out_ms=window.pieces[-1].out_ms)
    spans = lay_over_voice(texts, activity.within(whole) or (whole,))
    return [
        RawWord(text, span.in_ms, span.out_ms, confidence, interpolated=True)
        for text, span in zip(texts, spans, strict=True)
    ]


def _word(item: Mapping[str, Any], confidence: int) -> RawWord:
    """A word as WhisperX aligned it; one of which no letter was aligned has no time."""
    word = RawWord(str(item["word"]), None, None, confidence)
    if "score" not in item or "start" not in item or "end" not in item:
        return word
    in_ms, out_ms = (round(1000 * float(item[edge])) for edge in ("start", "end"))
    return replace(word, in_ms=in_ms, out_ms=max(in_ms, out_ms), aligned=True)
