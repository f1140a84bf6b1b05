"""When each word is lit: as it is spoken, and never so briefly that it flickers. Pure.

Many words take less than the quarter of a second that a highlight needs to be seen. To delay each
one adds up; so a short word is lit together with its neighbour, or a little late, whichever keeps
the highlights of all words of the cue closest to their sound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

STATE_MS = 250
"""What is lit stays so for at least this long."""
LAG_MS = 90
"""A word is lit at most this long after it is due; over the sample's 239 words 40 gave a mean error
of 50 ms, 60 of 43, 80 of 41 and 100 of 38, and from 100 on some are over 100 ms late."""
LEAD_MS = 15
"""How much before its sound a highlight is due: the next frame shows it half a frame later."""
_LEAST_MS = 10
"""States of words that no grouping can help are at least one unit of ASS apart."""
_SHORT = 10_000
"""The cost of a state under STATE_MS: more than any errors of the words of a cue."""


def lit(cues: Sequence[Sequence[int]]) -> list[list[int]]:
    """When each word of each cue is lit; words that are lit together have one time.

    Args:
        cues: when the words of each cue are spoken, in order, in milliseconds.
    """
    found: list[list[int]] = []
    free_ms = latest_ms = -STATE_MS
    for place, spoken in enumerate(cues):
        following = cues[place + 1][0] if place + 1 < len(cues) else None
        best: tuple[int, list[int]] | None = None
        for groups in groupings(len(spoken)):
            cost, starts = _lay(spoken, groups, free_ms, latest_ms, following)
            if best is None or cost < best[0]:
                best = cost, starts
        assert best is not None
        found.append(best[1])
        latest_ms = best[1][-1]
        free_ms = latest_ms + STATE_MS
    return found


@cache
def groupings(count: int) -> tuple[tuple[int, ...], ...]:
    """Every way to cut a number of words into groups that follow each other; few groups last."""
    return tuple(sorted(_compositions(count), key=lambda sizes: (-len(sizes), sizes)))


def _compositions(count: int) -> Iterator[tuple[int, ...]]:
    if count == 0:
        yield ()
    for first in range(1, count + 1):
        for rest in _compositions(count - first):
            yield (first, *rest)


def _lay(
    spoken: Sequence[int],
    groups: Sequence[int],
    free_ms: int,
    latest_ms: int,
    following_ms: int | None,
) -> tuple[int, list[int]]:
    """The cost of a grouping, and when each of its words is lit.

    Each group starts with its first word, or as late as LAG_MS if the state before needs time.
    """
    starts: list[int] = []
    cost = at = 0
    for size in groups:
        first = spoken[at]
        start = max(first, min(free_ms, first + LAG_MS), latest_ms + _LEAST_MS)
        cost += _too_short(free_ms - start)
        cost += sum(abs(start - time) for time in spoken[at : at + size])
        starts += [start] * size
        latest_ms, free_ms, at = start, start + STATE_MS, at + size
    if following_ms is not None:
        late_ms = max(0, free_ms - following_ms)
        cost += min(late_ms, LAG_MS) + _too_short(late_ms - LAG_MS)
    return cost, starts


def _too_short(missing_ms: int) -> int:
    return _SHORT + 10 * missing_ms if missing_ms > 0 else 0
