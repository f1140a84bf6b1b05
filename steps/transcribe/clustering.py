"""How many voices there are, and which window is whose: clustering of voice embeddings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float64]
"""Shape [n, dimensions]; every row has length 1."""
Labels: TypeAlias = NDArray[np.int64]

SAME_VOICE = 0.5
"""Mean cosine similarity from which two groups of windows are one voice. The last two groups of one
voice had 0.57 to 0.79 (four synthetic voices, three recordings of people), those of two voices 0.46
at most."""
MOST_POINTS = 3000
"""Points in the clustering: its matrix of similarities then takes 72 MB."""
STAY = 0.35
"""What a change of voice must gain in similarity, added over the windows of the new voice."""
STAY_AFTER_PAUSE = 0.15
"""The same at a pause, where voices change more often."""


def group(points: Vectors, weights: Sequence[int], least: int, count: int = 0) -> Vectors:
    """The centres of the voices, shape [voices, dimensions], each of length 1.

    Agglomerative clustering with average linkage, by nearest-neighbour chains (Murtagh, 1983).

    Args:
        points: embeddings in order of time.
        weights: how much speech each point stands for.
        least: a group with less speech in all is noise, unless there is no other.
        count: how many voices there are; 0 to estimate it.

    Returns:
        At least one centre; fewer than `count` where so many cannot be told apart.
    """
    stride = -(-len(points) // MOST_POINTS)
    kept, shares = points[::stride], np.asarray(weights[::stride], dtype=np.int64) * stride
    merges = _merges(kept)
    groups = _cut(merges, shares, least, count)
    sums = np.stack([(kept[members] * shares[members, None]).sum(axis=0) for members in groups])
    return unit(sums)


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1."""
    lengths = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    scaled: Vectors = vectors / np.maximum(lengths, 1e-12)
    return scaled


def label(points: Vectors, centres: Vectors, pauses: Sequence[bool]) -> Labels:
    """The voice of each point: the best path through all similarities (Viterbi, 1967).

    Args:
        points: embeddings in order of time, shape [n, dimensions].
        centres: of the voices.
        pauses: whether there is a pause before each point.
    """
    scores = points @ centres.T
    best = scores[0]
    came = np.zeros(scores.shape, dtype=np.int64)
    for at in range(1, len(scores)):
        change = best.max() - (STAY_AFTER_PAUSE if pauses[at] else STAY)
        came[at] = np.where(best >= change, np.arange(len(best)), int(best.argmax()))
        best = np.maximum(best, change) + scores[at]
    found = np.zeros(len(scores), dtype=np.int64)
    found[-1] = int(best.argmax())
    for at in range(len(scores) - 1, 0, -1):
        found[at - 1] = came[at, found[at]]
    return found


def _merges(points: Vectors) -> list[tuple[float, int, int]]:
    """Every merge as (similarity, group, group), the most similar first; groups by first point."""
    similar = points @ points.T
    np.fill_diagonal(similar, -np.inf)
    sizes = np.ones(len(points))
    alive = np.ones(len(points), dtype=bool)
    chain: list[int] = []
    merges: list[tuple[float, int, int]] = []
    while len(merges) < len(points) - 1:
        if not chain:
            chain.append(int(alive.argmax()))
        last = chain[-1]
        nearest = int(similar[last].argmax())
        if len(chain) > 1 and similar[last, chain[-2]] >= similar[last, nearest]:
            nearest = chain[-2]
        if len(chain) < 2 or nearest != chain[-2]:
            chain.append(nearest)
            continue
        del chain[-2:]
        keep, gone = min(last, nearest), max(last, nearest)
        merges.append((float(similar[keep, gone]), keep, gone))
        share = sizes[keep] / (sizes[keep] + sizes[gone])
        row = share * similar[keep] + (1 - share) * similar[gone]
        row[keep] = -np.inf
        similar[keep], similar[:, keep] = row, row
        similar[gone], similar[:, gone] = -np.inf, -np.inf
        sizes[keep] += sizes[gone]
        alive[gone] = False
    return sorted(merges, key=lambda merge: -merge[0])


def _cut(
    merges: Sequence[tuple[float, int, int]], weights: NDArray[np.int64], least: int, count: int
) -> list[list[int]]:
    """The members of each voice's group, in order of their first points."""
    if count:
        wanted = _merges_for(merges, weights, least, count)
    else:
        wanted = sum(similarity >= SAME_VOICE for similarity, _, _ in merges)
    members = {point: [point] for point in range(len(weights))}
    for _, keep, gone in merges[:wanted]:
        members[keep] += members.pop(gone)
    totals = {first: int(weights[group].sum()) for first, group in members.items()}
    most = sorted(totals, key=lambda first: (-totals[first], first))
    large = [first for first in most if totals[first] >= least] or most[:1]
    return [sorted(members[first]) for first in sorted(large[: count or len(large)])]


def _merges_for(
    merges: Sequence[tuple[float, int, int]], weights: NDArray[np.int64], least: int, count: int
) -> int:
    """After how many merges there are `count` groups of at least `least`, or nearly so many."""
    totals = {point: int(weight) for point, weight in enumerate(weights)}
    large = sum(total >= least for total in totals.values())
    best, closest = 0, abs(large - count)
    for done, (_, keep, gone) in enumerate(merges, start=1):
        before = (totals[keep] >= least) + (totals[gone] >= least)
        totals[keep] += totals.pop(gone)
        large += (totals[keep] >= least) - before
        if abs(large - count) <= closest:
            best, closest = done, abs(large - count)
    return best
