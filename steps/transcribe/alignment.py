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


@dataclass(frozen=True)
class Passage:
    """Words that are aligned together.

    Attributes:
        words: in order, with times.
        sound: where in the source they are looked for.
    """

    words: tuple[RawWord, ...]
    sound: Span


def passages(words: Sequence[RawWord], duration_ms: int) -> list[Passage]:
    """Words in passages, in order; all words have times.

    Args:
        words: in order of their in points.
        duration_ms: of the sound.
    """
    groups = _cut(list(words)) if words else []
    found = []
    for index, group in enumerate(groups):
        start = group[0].span.in_ms - MARGIN_MS
        end = max(word.span.out_ms for word in group) + MARGIN_MS
        if index:
            start = max(start, groups[index - 1][-1].span.out_ms - OVERLAP_MS)
        if index + 1 < len(groups):
            end = min(end, groups[index + 1][0].span.in_ms + OVERLAP_MS)
        start = min(max(0, start), duration_ms)
        sound = Span(in_ms=start, out_ms=min(max(start, end), duration_ms))
        found.append(Passage(tuple(group), sound))
    return found


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
