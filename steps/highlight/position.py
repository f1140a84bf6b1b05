"""Clips of a source without speech: by loudness where there is sound, else evenly spread."""

from __future__ import annotations

import math
from collections.abc import Sequence

from steps.highlight.candidates import Candidate
from steps.model.timing import Span

STEP_MS = 1000
"""Distance of the windows that are compared."""
EVEN_SCORE = 500


def wanted_length_ms(ranges: Sequence[tuple[int, int]], duration_ms: int) -> int:
    """The middle of the shortest range, or the whole of a shorter source."""
    low, high = min(ranges)
    return min((low + high) // 2, duration_ms)


def position_candidates(
    duration_ms: int,
    ranges: Sequence[tuple[int, int]],
    count: int,
    levels: Sequence[int],
    level_ms: int,
) -> list[Candidate]:
    """Windows of one length: every second, scored by loudness; without sound, one in each part.

    Args:
        duration_ms: of the source.
        ranges: allowed lengths.
        count: how many clips are wanted.
        levels: loudness of each `level_ms` of sound, in tenths of dBFS; empty without sound.
        level_ms: what one level covers.
    """
    length_ms = wanted_length_ms(ranges, duration_ms)
    if length_ms == 0:
        return []
    if not levels:
        parts = max(1, min(count, duration_ms // length_ms))
        starts = [(duration_ms * (2 * part + 1) // parts - length_ms) // 2 for part in range(parts)]
        return [_window(start, length_ms, EVEN_SCORE) for start in starts]
    loudness = math.fsum(levels) / len(levels)
    starts = list(range(0, duration_ms - length_ms + 1, STEP_MS))
    found = []
    for start in starts:
        part = levels[
            start // level_ms : max(start // level_ms + 1, (start + length_ms) // level_ms)
        ]
        above_db = (math.fsum(part) / len(part) - loudness) / 10 if part else 0.0
        found.append(_window(start, length_ms, round(1000 / (1 + math.exp(-above_db / 6)))))
    return found


def _window(start_ms: int, length_ms: int, score: int) -> Candidate:
    return Candidate(Span(in_ms=start_ms, out_ms=start_ms + length_ms), score)
