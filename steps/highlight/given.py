"""Clips at times that the user gave, moved so that they cut no word."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from steps.highlight.candidates import Candidate, lead_ms, tail_ms
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
        start_ms, end_ms = (_snapped(time_ms, words, ins) for time_ms in (span.in_ms, span.out_ms))
        moved = Span(in_ms=start_ms, out_ms=end_ms) if start_ms < end_ms else span
        found.append(Candidate(moved, score=1000))
    return found


def _snapped(time_ms: int, words: Sequence[Word], ins: Sequence[int]) -> int:
    """The time, or where to cut instead of inside a word: in the nearer of the pauses around it.

    A little of that pause stays with the word that is kept, as at the edges of a passage.
    """
    at = bisect_right(ins, time_ms) - 1
    if at < 0 or time_ms >= words[at].out_ms or time_ms == words[at].in_ms:
        return time_ms
    word = words[at]
    if 2 * time_ms < word.in_ms + word.out_ms:
        pause_ms = word.in_ms - (words[at - 1].out_ms if at else 0)
        return word.in_ms - lead_ms(pause_ms)
    pause_ms = words[at + 1].in_ms - word.out_ms if at + 1 < len(words) else 0
    return word.out_ms + tail_ms(pause_ms)
