"""Bradley-Terry: strengths of passages from comparisons of two, with their ratings as prior.

The model of Bradley and Terry (1952): `i` beats `j` with the probability `1 / (1 + exp(j - i))` of
the difference of their strengths. The prior is normal around the log-odds of the rating. It keeps
the mean of the strengths, so that compared passages stay comparable with the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

PRIOR_DEVIATION = 1.0
"""In log-odds: a rating of 500 is thought to lie between 270 and 730. Chosen, not fitted."""
EDGE = 20
"""Ratings are drawn in by this many thousandths: 0 and 1000 have no log-odds."""
ROUNDS = 400
"""Of gradient ascent, at most. For the dozen that is compared, the error shrinks by a twelfth each
round."""


def strengths(ratings: Sequence[int], wins: Mapping[tuple[int, int], int]) -> list[int]:
    """The ratings after the comparisons.

    Args:
        ratings: in thousandths.
        wins: how sure it is that the first index beats the second, in thousandths; both orders of a
            pair are two comparisons.

    Returns:
        The most probable strengths, in thousandths, in the order of the ratings.
    """
    prior = [_log_odds(min(1000 - EDGE, max(EDGE, rating))) for rating in ratings]
    games = sorted((one, other, won / 1000) for (one, other), won in wins.items())
    played = [sum(index in game[:2] for game in games) for index in range(len(ratings))]
    pull = 1 / PRIOR_DEVIATION**2
    step = 1 / (pull + max(played, default=0) / 2)  # no curve is steeper, so no step overshoots
    found = list(prior)
    for _ in range(ROUNDS):
        slope = [[pull * (expected - now)] for expected, now in zip(prior, found, strict=True)]
        for one, other, won in games:
            surprise = won - _share(found[one] - found[other])
            slope[one].append(surprise)
            slope[other].append(-surprise)
        before = found
        found = [now + step * math.fsum(parts) for now, parts in zip(before, slope, strict=True)]
        if found == before:  # every further round would give the same
            break
    return [round(1000 * _share(strength)) for strength in found]


def _log_odds(thousandths: int) -> float:
    return math.log(thousandths / (1000 - thousandths))


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
