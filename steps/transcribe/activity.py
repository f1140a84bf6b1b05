"""Where somebody speaks: spans of voice on the source's clock."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from steps.model.timing import Span

FRAME_MS = 32
"""One probability of Silero VAD covers 512 samples of 16 kHz sound."""
ENTER = 0.5
LEAVE = 0.35
"""Voice starts at ENTER and ends under LEAVE: Silero's own values."""
PAUSE_MS = 160
"""Silence shorter than this does not separate two spans: faster-whisper's value for batches."""


@dataclass(frozen=True)
class VoiceActivity:
    """Spans of voice, in order, apart from each other by at least PAUSE_MS.

    Attributes:
        spans: where there is voice.
        duration_ms: of the whole sound.
    """

    spans: tuple[Span, ...]
    duration_ms: int

    @cached_property
    def total_ms(self) -> int:
        """Length of all voice."""
        return sum(span.duration_ms for span in self.spans)

    @cached_property
    def pauses(self) -> tuple[Span, ...]:
        """The silences: before, between and after the spans, without empty ones."""
        edges = [0, *(ms for span in self.spans for ms in (span.in_ms, span.out_ms))]
        edges.append(max(self.duration_ms, edges[-1]))
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return tuple(Span(in_ms=start, out_ms=end) for start, end in pairs if end > start)

    def within(self, span: Span) -> tuple[Span, ...]:
        """The parts of `span` in which there is voice."""
        first = bisect_right(self._outs, span.in_ms)
        last = bisect_left(self._ins, span.out_ms)
        return tuple(voiced.clamp(span) for voiced in self.spans[first:last])

    def voice_ms(self, span: Span) -> int:
        """How much of `span` is voice."""
        return sum(part.duration_ms for part in self.within(span))

    @cached_property
    def _ins(self) -> list[int]:
        return [span.in_ms for span in self.spans]

    @cached_property
    def _outs(self) -> list[int]:
        return [span.out_ms for span in self.spans]


def voice_spans(probabilities: Iterable[float], duration_ms: int) -> VoiceActivity:
    """Spans of voice from the probability of each frame of FRAME_MS."""
    found: list[Span] = []
    start: int | None = None
    quiet = 0
    at = 0
    for probability in probabilities:
        if start is None:
            if probability >= ENTER:
                start, quiet = at, at + FRAME_MS
        elif probability >= LEAVE:
            quiet = at + FRAME_MS
        elif at + FRAME_MS - quiet >= PAUSE_MS:
            found.append(Span(in_ms=start, out_ms=quiet))
            start = None
        at += FRAME_MS
    if start is not None:
        found.append(Span(in_ms=start, out_ms=quiet))
    bounds = Span(in_ms=0, out_ms=duration_ms)
    clamped = (span.clamp(bounds) for span in found)
    return VoiceActivity(tuple(span for span in clamped if span.duration_ms), duration_ms)


def merged(spans: Sequence[Span]) -> list[Span]:
    """The union of spans, in order, none touching another."""
    union: list[Span] = []
    for span in sorted(spans, key=lambda item: (item.in_ms, item.out_ms)):
        if union and span.in_ms <= union[-1].out_ms:
            end = max(union[-1].out_ms, span.out_ms)
            union[-1] = Span(in_ms=union[-1].in_ms, out_ms=end)
        else:
            union.append(span)
    return union
