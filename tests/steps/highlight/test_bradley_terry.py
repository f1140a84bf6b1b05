"""Strengths from comparisons, with the ratings as prior."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from steps.highlight.bradley_terry import strengths

RATINGS = st.lists(st.integers(20, 980), min_size=1, max_size=12)


@given(RATINGS)
def test_without_comparisons_the_ratings_stay(ratings: list[int]) -> None:
    assert strengths(ratings, {}) == ratings


@given(RATINGS)
def test_even_games_bring_strengths_together_and_keep_their_order(ratings: list[int]) -> None:
    found = strengths(ratings, dict.fromkeys(permutations(range(len(ratings)), 2), 500))
    order = sorted(range(len(ratings)), key=ratings.__getitem__)
    assert [found[index] for index in order] == sorted(found)
    assert max(found) - min(found) <= max(ratings) - min(ratings)


def test_who_wins_all_games_goes_first_and_the_mean_stays() -> None:
    wins = {(one, other): 1000 if one > other else 0 for one, other in permutations(range(12), 2)}
    found = strengths([500] * 12, wins)
    assert found == sorted(set(found))
    assert abs(sum(found) - 12 * 500) <= 12


def test_a_contradiction_between_the_orders_is_a_draw() -> None:
    assert strengths([400, 600], {(0, 1): 1000, (1, 0): 1000}) == strengths([400, 600], {
        (0, 1): 500, (1, 0): 500
    })  # fmt: skip


def test_one_pair_is_where_the_slope_is_zero() -> None:
    """Both games won: `2 (1 - share(d)) = d / 2` for a difference of `d`."""
    upper, lower = strengths([500, 500], {(0, 1): 1000, (1, 0): 0})
    assert (upper, lower) == (627, 373)


@given(st.permutations(range(5)))
def test_the_order_of_the_games_changes_nothing(order: list[int]) -> None:
    games = [((0, 1), 900), ((1, 2), 700), ((2, 0), 300), ((3, 4), 650), ((4, 1), 10)]
    assert strengths([100, 400, 500, 600, 900], dict(games[at] for at in order)) == strengths(
        [100, 400, 500, 600, 900], dict(games)
    )
