"""Clips at times that the user gave, moved so that they cut no word."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from steps.highlight.candidates import LEAD_MS, TAIL_MS, Candidate
from steps.model.timing import Span
from steps.model.transcript import Word


def given_candidates(
    spans: Sequence[Span], words: Sequence[Word], *, exact: bool
) -> list[Candidate]:
    """A candidate for each span; an edge inside a word moves to the nearer side of the word."""
    if exact or not words:
        return [Candidate(span, score=1000) for span in spans]
    ins = [word.in_ms for word in words]
    found = []
    for span in spans:
        moved = Span(
            in_ms=_snapped(span.in_ms, words, ins)[1],
            out_ms=max(_snapped(span.out_ms, words, ins)[0], _snapped(span.in_ms, words, ins)[1]),
        )
        found.append(Candidate(moved if moved.duration_ms else span, score=1000))
    return found


def _snapped(time_ms: int, words: Sequence[Word], ins: Sequence[int]) -> tuple[int, int]:
    """Where a clip ends and where one begins that is cut at this time.

    Inside a word that is in the nearer of the pauses around it: the clip before keeps up to two
    thirds of that pause, the clip after a third.
    """
    at = bisect_right(ins, time_ms) - 1
    if at < 0 or time_ms >= words[at].out_ms or time_ms == words[at].in_ms:
        return time_ms, time_ms
    word = words[at]
    after = at + 1 if 2 * time_ms >= word.in_ms + word.out_ms else at
    start_ms = words[after - 1].out_ms if after else 0
    end_ms = words[after].in_ms if after < len(words) else start_ms + TAIL_MS
    pause_ms = max(0, end_ms - start_ms)
    return start_ms + min(TAIL_MS, 2 * pause_ms // 3), end_ms - min(LEAD_MS, pause_ms // 3)
