"""Windows of speech for the recogniser: at most 30 s each, long silences left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from steps.model.timing import Span
from steps.transcribe.activity import VoiceActivity, merged

LONGEST_MS = 30_000
"""What Whisper takes at once."""
PADDING_MS = 400
"""Kept around voice, so that no soft start or end is lost: faster-whisper's value."""
APART_MS = 5_000
"""A silence this long ends a window: Whisper skips what comes after a turn that seems complete."""


@dataclass(frozen=True)
class Window:
    """Pieces of the source, transcribed one after the other as one stretch of sound."""

    pieces: tuple[Span, ...]

    @cached_property
    def duration_ms(self) -> int:
        """Length of the pieces together."""
        return sum(piece.duration_ms for piece in self.pieces)

    def source_span(self, in_ms: int, out_ms: int) -> Span:
        """Where a time range of the window is in the source: in the piece that holds its middle."""
        middle = (in_ms + out_ms) // 2
        offset = 0
        for piece in self.pieces:
            if middle < offset + piece.duration_ms or piece is self.pieces[-1]:
                start = piece.in_ms + max(0, in_ms - offset)
                end = piece.in_ms + max(0, out_ms - offset)
                return Span(in_ms=start, out_ms=max(start, end)).clamp(piece)
            offset += piece.duration_ms
        raise ValueError("a window without pieces")


def windows(activity: VoiceActivity, longest_ms: int = LONGEST_MS) -> tuple[Window, ...]:
    """Pack the voice of a source into windows, in order, each as full as its pauses allow."""
    packed: list[list[Span]] = []
    room = 0
    for piece in pieces(activity, longest_ms):
        apart = bool(packed) and piece.in_ms - packed[-1][-1].out_ms >= APART_MS
        if not packed or apart or piece.duration_ms > room:
            packed.append([])
            room = longest_ms
        packed[-1].append(piece)
        room -= piece.duration_ms
    return tuple(Window(tuple(merged(group))) for group in packed)


def pieces(activity: VoiceActivity, longest_ms: int) -> list[Span]:
    """Each span of voice with its padding, half a short pause to each side, cut at longest_ms."""
    found = []
    spans = activity.spans
    for index, span in enumerate(spans):
        before = spans[index - 1].out_ms if index else -2 * PADDING_MS
        after = spans[index + 1].in_ms if index + 1 < len(spans) else activity.duration_ms
        last = index + 1 == len(spans)
        start = span.in_ms - min(PADDING_MS, (span.in_ms - before + 1) // 2)
        room = after - span.out_ms if last else (after - span.out_ms) // 2
        end = span.out_ms + min(PADDING_MS, room)
        found += cut(Span(in_ms=max(0, start), out_ms=end), longest_ms)
    return found


def cut(span: Span, longest_ms: int) -> list[Span]:
    """A span without a pause in equal parts of at most longest_ms."""
    parts = max(1, -(-span.duration_ms // longest_ms))
    edges = [span.in_ms + span.duration_ms * part // parts for part in range(parts + 1)]
    return [Span(in_ms=edges[part], out_ms=edges[part + 1]) for part in range(parts)]
