"""From candidates to the plan: the best set without overlap, at most two clips of one topic."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from steps.highlight.candidates import Candidate
from steps.highlight.keywords import SAME_TOPIC, likeness

CLIPS_PER_TOPIC = 2
SHORTLIST = 60
"""How many candidates go on after overlapping ones are suppressed."""
SAME_IOU = 0.5
"""Two candidates that share more than this of their union are the same moment."""


def choose(
    candidates: Sequence[Candidate], count: int, gap_ms: int, text_of: Callable[[Candidate], str]
) -> list[Candidate]:
    """The clips, in order of time.

    Of each topic at most `CLIPS_PER_TOPIC`: while a set has more, the lowest of them is taken out
    and the rest is scheduled again.
    """
    left = shortlist(candidates)
    while True:
        chosen = schedule(left, count, gap_ms)
        surplus = _surplus([(item, text_of(item)) for item in chosen])
        if surplus is None:
            return chosen
        left = [item for item in left if item is not surplus]


def _surplus(chosen: Sequence[tuple[Candidate, str]]) -> Candidate | None:
    """The lowest clip of a topic that has too many, or None."""
    for item, text in sorted(chosen, key=lambda pair: pair[0].rank_key, reverse=True):
        alike = sum(bool(text) and likeness(text, other) >= SAME_TOPIC for _, other in chosen)
        if alike > CLIPS_PER_TOPIC:
            return item
    return None


def too_short(lengths: str) -> str:
    """The report of a fallback to a clip that is shorter than wanted."""
    return f"no passage is as long as wanted ({lengths}): the longest one is taken"


def shortfall(wanted: int, found: int, candidates: int, lengths: str, *, short: bool) -> str:
    """Why there are fewer clips than wanted; empty if there are as many."""
    if found >= wanted:
        return ""
    if candidates == 0:
        return f"the source has no passage of the wanted lengths ({lengths})"
    if short:
        return too_short(lengths)
    return (
        f"only {found} of {wanted} clips fit: other passages of the wanted lengths ({lengths})"
        " overlap a better one, are too near to it, or repeat its topic"
    )


def overlap_share(a: Candidate, b: Candidate) -> float:
    """Intersection over union in time."""
    common = a.span.overlap_ms(b.span)
    return common / (a.span.duration_ms + b.span.duration_ms - common) if common else 0.0


def shortlist(candidates: Sequence[Candidate], limit: int = SHORTLIST) -> list[Candidate]:
    """The best candidates, best first, without those that are nearly the same as a better one."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda item: item.rank_key):
        if all(overlap_share(candidate, better) <= SAME_IOU for better in kept):
            kept.append(candidate)
            if len(kept) == limit:
                break
    return kept


def schedule(candidates: Sequence[Candidate], count: int, gap_ms: int) -> list[Candidate]:
    """At most `count` candidates, at least `gap_ms` apart, with the greatest sum of scores.

    Weighted interval scheduling: `D[k, i] = max(D[k, i-1], D[k-1, p(i)] + s_i)` over candidates in
    order of their out points, O(n k). Ties go to fewer clips, then to earlier ones. Candidates
    with no score are never worth a place.

    Returns:
        The chosen ones in order of time.
    """
    order = sorted(candidates, key=lambda item: (item.span.out_ms, item.span.in_ms))
    outs = [item.span.out_ms for item in order]
    before = [bisect_right(outs, item.span.in_ms - gap_ms, hi=i) for i, item in enumerate(order)]
    best = [[0] * (len(order) + 1) for _ in range(count + 1)]
    for k in range(1, count + 1):
        for i, item in enumerate(order, start=1):
            best[k][i] = max(best[k][i - 1], best[k - 1][before[i - 1]] + item.score)
    chosen: list[Candidate] = []
    k, i = count, len(order)
    while k > 0 and i > 0:
        if best[k][i] == best[k - 1][i]:
            k -= 1
        elif best[k][i] == best[k][i - 1]:
            i -= 1
        else:
            chosen.append(order[i - 1])
            k, i = k - 1, before[i - 1]
    return chosen[::-1]
