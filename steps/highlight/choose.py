"""From candidates to the plan: the best set without overlap, at most two clips of one topic."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from steps.highlight.candidates import Candidate

Likeness = Callable[[Candidate, Candidate], float]
"""How alike two passages are, -1 to 1."""

SAME_TOPIC, REPEATED = 0.5, 0.9
"""Likeness from which two passages are about the same thing, and from which one says what the other
says, as a trailer at the beginning does."""
CLIPS_PER_TOPIC = 2
SHORTLIST = 60
"""How many candidates go on after overlapping ones are suppressed."""
SAME_IOU = 0.5
"""Two candidates that share more than this of their union are the same moment."""


def choose(
    candidates: Sequence[Candidate], count: int, gap_ms: int, likeness: Likeness
) -> list[Candidate]:
    """The clips, in order of time.

    Of each topic at most `CLIPS_PER_TOPIC`, and nothing twice: while a set has more, the lowest of
    them is taken out and the rest is scheduled again.
    """
    left = shortlist(candidates)
    while True:
        chosen = schedule(left, count, gap_ms)
        surplus = _surplus(chosen, likeness)
        if surplus is None:
            return chosen
        left = [item for item in left if item is not surplus]


def _surplus(chosen: Sequence[Candidate], likeness: Likeness) -> Candidate | None:
    """The lowest clip of a topic that has too many, or None."""
    for item in sorted(chosen, key=lambda item: item.rank_key, reverse=True):
        others = [other for other in chosen if other is not item]
        if repeats(item, others, likeness):
            return item
    return None


def repeats(item: Candidate, chosen: Sequence[Candidate], likeness: Likeness) -> list[Candidate]:
    """The clips that make one more of a topic too many: two like it, or one that says the same."""
    found = {id(other): likeness(item, other) for other in chosen}
    same = [other for other in chosen if found[id(other)] >= REPEATED]
    alike = [other for other in chosen if found[id(other)] >= SAME_TOPIC]
    return same or (alike if len(alike) >= CLIPS_PER_TOPIC else [])


def why_not(
    rated: Sequence[Candidate],
    chosen: Sequence[Candidate],
    count: int,
    gap_ms: int,
    likeness: Likeness,
) -> list[tuple[Candidate, str]]:
    """The best candidates that were not chosen, best first, each with the reason."""
    names = {id(item): f"clip_{number:02}" for number, item in enumerate(chosen, start=1)}
    found = []
    for item in shortlist(rated):
        if id(item) in names:
            continue
        overlapping = [clip for clip in chosen if clip.span.overlap_ms(item.span)]
        near = [names[id(clip)] for clip in chosen if _distance_ms(clip, item) < gap_ms]
        alike = [names[id(clip)] for clip in repeats(item, chosen, likeness)]
        if overlapping:
            reason = f"overlaps {_listed([names[id(clip)] for clip in overlapping])}"
            if sum(clip.score for clip in overlapping) > item.score:
                reason += ", which scores more" if len(overlapping) == 1 else _TOGETHER
        elif near:
            reason = f"is less than {gap_ms / 1000:g} s from {_listed(near)}"
        elif alike:
            reason = f"is about the same as {_listed(alike)}"
        elif len(chosen) >= count:
            reason = f"scores less than the {count} chosen"
        else:
            reason = "does not fit beside the chosen"
        found.append((item, reason))
    return found


def _distance_ms(one: Candidate, other: Candidate) -> int:
    return max(other.span.in_ms - one.span.out_ms, one.span.in_ms - other.span.out_ms)


_TOGETHER = ", which together score more"


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)}{' and ' if others else ''}{last}"


def too_short(lengths: str) -> str:
    """The report of a fallback to a clip that is shorter than wanted."""
    return f"no passage has a wanted length ({lengths}): the longest of the shorter ones is taken"


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
