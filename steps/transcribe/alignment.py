"""Passages of words for forced alignment: at most 10 s each, cut at silences. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steps.model.timing import Span
from steps.transcribe.word_times import RawWord

LONGEST_MS = 10_000
"""A longer passage costs more than it helps: the search grows with the words in it."""
MARGIN_MS = 350
"""Sound around a passage, for words that start before or end after their given times."""
OVERLAP_MS = 100
"""How far into the words beside it a passage may reach."""
WIDE_MS = 1200
"""Both, on a second try: a recogniser may put a word on the wrong side of a pause."""


@dataclass(frozen=True)
class Passage:
    """Words that are aligned together.

    Attributes:
        words: in order, with times.
        sound: where in the source they are looked for.
        wide: where else, if they are not found there.
    """

    words: tuple[RawWord, ...]
    sound: Span
    wide: Span


def passages(words: Sequence[RawWord], duration_ms: int) -> list[Passage]:
    """Words in passages, in order; all words have times.

    Args:
        words: in order of their in points.
        duration_ms: of the sound.
    """
    groups = _cut(list(words)) if words else []
    found = []
    for index, group in enumerate(groups):
        own = Span(
            in_ms=group[0].span.in_ms,
            out_ms=max(group[0].span.in_ms, *(word.span.out_ms for word in group)),
        )
        before = groups[index - 1][-1].span.out_ms if index else 0
        after = groups[index + 1][0].span.in_ms if index + 1 < len(groups) else duration_ms
        sound, wide = (
            _around(own, margin, before - overlap, after + overlap, duration_ms)
            for margin, overlap in ((MARGIN_MS, OVERLAP_MS), (WIDE_MS, WIDE_MS))
        )
        found.append(Passage(tuple(group), sound, wide))
    return found


def _around(own: Span, margin_ms: int, floor_ms: int, ceiling_ms: int, duration_ms: int) -> Span:
    """A span with a margin, inside some bounds and the sound."""
    start = min(max(0, own.in_ms - margin_ms, floor_ms), duration_ms)
    end = min(own.out_ms + margin_ms, ceiling_ms, duration_ms)
    return Span(in_ms=start, out_ms=max(start, end))


def _cut(words: list[RawWord]) -> list[list[RawWord]]:
    """Cut at the longest pauses until no part is over LONGEST_MS; ties: nearest the middle."""
    waiting, done = [words], []
    while waiting:
        part = waiting.pop()
        start, end = part[0].span.in_ms, part[-1].span.out_ms
        if end - start <= LONGEST_MS or len(part) == 1:
            done.append(part)
            continue
        cuts = [
            (after.span.in_ms - before.span.out_ms, -abs(after.span.in_ms * 2 - start - end), at)
            for at, (before, after) in enumerate(pairwise(part), start=1)
        ]
        at = max(cuts)[2]
        waiting += [part[at:], part[:at]]
    return done
