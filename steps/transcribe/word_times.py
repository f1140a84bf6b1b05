"""Words on their way into the transcript: each gets a time, in order, apart, inside the source.

A recogniser or captions give `RawWord`s; `interpolate`, `trim_pauses` and `remove_overlaps`, in
this order, make the words of transcript.json of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from steps.model.timing import Span
from steps.model.transcript import Word
from steps.transcribe.activity import VoiceActivity

SHORTEST_MS = 40
"""No word is shorter, where there is room: one frame at 25 fps."""
REACH_MS = 400
"""A pause separates two words when the boundary between them is at most this far from it."""


@dataclass(frozen=True)
class RawWord:
    """A word with the time that its source measured; spans may overlap and be out of order.

    Attributes:
        text: with its punctuation, without white space around it, never empty.
        in_ms: where it starts, or None.
        out_ms: where it ends, or None.
        confidence: in thousandths.
        interpolated: its time was not measured.
        aligned: its time comes from an aligner.
    """

    text: str
    in_ms: int | None
    out_ms: int | None
    confidence: int = 1000
    interpolated: bool = False
    aligned: bool = False

    @property
    def span(self) -> Span:
        """Its time range; only for a word that has one."""
        if self.in_ms is None or self.out_ms is None:
            raise ValueError(f"{self.text!r} has no time yet")
        return Span(in_ms=self.in_ms, out_ms=self.out_ms)


def interpolate(raw: Sequence[RawWord], duration_ms: int) -> list[RawWord]:
    """Give words without a time one, spread by length between their neighbours.

    WhisperX leaves numbers, amounts and addresses without a time (its issues 559, 1104, 1115).
    Where the neighbours leave less than SHORTEST_MS a word, the one before shares its own time.
    """
    runs = [list(run) for _, run in groupby(raw, key=lambda word: word.in_ms is None)]
    filled: list[RawWord] = []
    for index, run in enumerate(runs):
        if run[0].in_ms is not None:
            filled += run
            continue
        end = runs[index + 1][0].span.in_ms if index + 1 < len(runs) else duration_ms
        start = filled[-1].span.out_ms if filled else 0
        if filled and end - start < SHORTEST_MS * len(run):
            run = [filled.pop(), *run]
            start = run[0].span.in_ms
        spans = spread([word.text for word in run], Span(in_ms=start, out_ms=max(start, end)))
        filled += [
            replace(word, in_ms=span.in_ms, out_ms=span.out_ms, interpolated=True)
            for word, span in zip(run, spans, strict=True)
        ]
    return filled


def spread(texts: Sequence[str], span: Span) -> list[Span]:
    """Cut a time range into one part per text, by their lengths in characters."""
    weights = [len(text) + 1 for text in texts]
    total, passed, edges = sum(weights), 0, [span.in_ms]
    for weight in weights:
        passed += weight
        edges.append(span.in_ms + span.duration_ms * passed // total)
    return [Span(in_ms=start, out_ms=end) for start, end in pairwise(edges)]


def trim_pauses(raw: Sequence[RawWord], activity: VoiceActivity) -> list[RawWord]:
    """Move word edges out of silences: a recogniser lets a word swallow the pause beside it.

    Each pause goes to the boundary between two words that is nearest to it (ties: the nearer to
    its middle, then the earlier): the word before ends where the voice stops, the word after
    starts where it sets in. A pause far from every boundary stays inside its word.
    """
    if not raw:
        return []
    starts = [word.span.in_ms for word in raw]
    ends = [word.span.out_ms for word in raw]
    befores, afters = [0, *ends], [*starts, activity.duration_ms]
    low = 0
    for pause in activity.pauses:
        while low < len(raw) and afters[low] < pause.in_ms - REACH_MS:
            low += 1
        best: tuple[int, int, int] | None = None
        for boundary in range(low, len(raw) + 1):
            if befores[boundary] > pause.out_ms + REACH_MS:
                break
            candidate = (*_distance(befores[boundary], afters[boundary], pause), boundary)
            best = candidate if best is None else min(best, candidate)
        if best is None or best[0] > REACH_MS:
            continue
        boundary = best[2]
        if boundary > 0:
            ends[boundary - 1] = min(ends[boundary - 1], pause.in_ms)
        if boundary < len(raw):
            starts[boundary] = max(starts[boundary], pause.out_ms)
    return [
        replace(word, in_ms=start, out_ms=max(start, end))
        for word, start, end in zip(raw, starts, ends, strict=True)
    ]


def remove_overlaps(raw: Sequence[RawWord], duration_ms: int) -> tuple[Word, ...]:
    """Words with spans in order, apart from each other and inside `[0, duration_ms)`."""
    if not raw:
        return ()
    room = min(SHORTEST_MS, duration_ms // len(raw))
    starts = [word.span.in_ms for word in raw]
    for index in range(1, len(starts)):
        starts[index] = max(starts[index], starts[index - 1] + room)
    bound = duration_ms
    words: list[Word] = []
    for word, start in zip(reversed(raw), reversed(starts), strict=True):
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


def _distance(before: int, after: int, pause: Span) -> tuple[int, int]:
    """How far the boundary `[before, after]` is from a pause, then from its middle."""
    after = max(before, after)
    apart = max(0, before - pause.out_ms, pause.in_ms - after)
    return apart, abs(before + after - pause.in_ms - pause.out_ms)
