"""Word times put right: every word has one, in order, apart from each other, inside the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from steps.model.timing import Span
from steps.model.transcript import Word
from steps.transcribe.activity import Activity
from steps.transcribe.heard import Heard

SHORTEST_MS = 40
"""No word is shorter, where there is room: one frame at 25 fps."""
REACH_MS = 400
"""A pause parts two words when the boundary between them is at most this far from it."""


def fill(heard: Sequence[Heard], duration_ms: int) -> list[Heard]:
    """Give words without a time one, spread by length between their neighbours.

    WhisperX leaves numbers, amounts and addresses without a time (its issues 559, 1104, 1115).
    Where the neighbours leave less than SHORTEST_MS a word, the one before shares its own time.
    """
    runs = [list(run) for _, run in groupby(heard, key=lambda word: word.in_ms is None)]
    filled: list[Heard] = []
    for index, run in enumerate(runs):
        if run[0].in_ms is not None:
            filled += run
            continue
        end = _start(runs[index + 1][0]) if index + 1 < len(runs) else duration_ms
        start = filled[-1].span.out_ms if filled else 0
        if filled and end - start < SHORTEST_MS * len(run):
            run = [filled.pop(), *run]
            start = _start(run[0])
        spans = spread([word.text for word in run], Span(in_ms=start, out_ms=max(start, end)))
        filled += [_timed(word, span) for word, span in zip(run, spans, strict=True)]
    return filled


def spread(texts: Sequence[str], span: Span) -> list[Span]:
    """Cut a time range into one part per text, by their lengths in characters."""
    weights = [len(text) + 1 for text in texts]
    total, passed, edges = sum(weights), 0, [span.in_ms]
    for weight in weights:
        passed += weight
        edges.append(span.in_ms + span.duration_ms * passed // total)
    return [Span(in_ms=start, out_ms=end) for start, end in pairwise(edges)]


def part_at_pauses(heard: Sequence[Heard], activity: Activity) -> list[Heard]:
    """Move word edges out of silences: a recognizer lets a word swallow the pause beside it.

    Each pause goes to the boundary between two words that is nearest to it (ties: the nearer to
    its middle, then the earlier): the word before ends where the voice stops, the word behind
    starts where it sets in. A pause far from every boundary stays inside its word.
    """
    if not heard:
        return []
    starts = [word.span.in_ms for word in heard]
    ends = [word.span.out_ms for word in heard]
    befores, behinds = [0, *ends], [*starts, activity.duration_ms]
    low = 0
    for pause in activity.pauses:
        while low < len(heard) and behinds[low] < pause.in_ms - REACH_MS:
            low += 1
        best: tuple[int, int, int] | None = None
        for boundary in range(low, len(heard) + 1):
            if befores[boundary] > pause.out_ms + REACH_MS:
                break
            candidate = (*_distance(befores[boundary], behinds[boundary], pause), boundary)
            best = candidate if best is None else min(best, candidate)
        if best is None or best[0] > REACH_MS:
            continue
        boundary = best[2]
        if boundary > 0:
            ends[boundary - 1] = min(ends[boundary - 1], pause.in_ms)
        if boundary < len(heard):
            starts[boundary] = max(starts[boundary], pause.out_ms)
    return [
        replace(word, in_ms=start, out_ms=max(start, end))
        for word, start, end in zip(heard, starts, ends, strict=True)
    ]


def settle(heard: Sequence[Heard], duration_ms: int) -> tuple[Word, ...]:
    """Words with spans in order, apart from each other and inside `[0, duration_ms)`."""
    if not heard:
        return ()
    room = min(SHORTEST_MS, duration_ms // len(heard))
    starts = [word.span.in_ms for word in heard]
    for index in range(1, len(starts)):
        starts[index] = max(starts[index], starts[index - 1] + room)
    bound = duration_ms
    words: list[Word] = []
    for word, start in zip(reversed(heard), reversed(starts), strict=True):
        begin = max(0, min(start, bound - room))
        end = min(max(word.span.out_ms, begin + room), bound)
        words.append(
            Word(
                text=word.text,
                in_ms=begin,
                out_ms=max(begin, end),
                confidence=word.confidence,
                interpolated=word.interpolated,
            )
        )
        bound = begin
    return tuple(reversed(words))


def _distance(before: int, behind: int, pause: Span) -> tuple[int, int]:
    """How far the boundary `[before, behind]` is from a pause, then from its middle."""
    behind = max(before, behind)
    apart = max(0, before - pause.out_ms, pause.in_ms - behind)
    return apart, abs(before + behind - pause.in_ms - pause.out_ms)


def _start(word: Heard) -> int:
    return word.span.in_ms


def _timed(word: Heard, span: Span) -> Heard:
    return replace(word, in_ms=span.in_ms, out_ms=span.out_ms, interpolated=True)
