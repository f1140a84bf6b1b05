"""Which candidates become clips: the best set that does not overlap, found exactly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from steps.highlight.candidates import Candidate

SHORTLIST = 60
"""How many candidates go on after overlapping ones are suppressed."""
SAME_IOU = 0.5
"""Two candidates that share more than this of their union are the same moment."""


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
