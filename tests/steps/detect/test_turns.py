"""Turns from scores: switches cost, holds are long enough, the voice is led."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.detect.speakers import HOLD_MS, STEP_MS, SWITCH_S, best_tracks, turns
from steps.detect.switches import LEAD_MS, Cues
from steps.model.timing import Span

NAN = float("nan")


def scores(*runs: tuple[float, tuple[float, ...]]) -> np.ndarray:
    """(seconds, scores of the tracks) one after the other."""
    return np.array([row for seconds, row in runs for _ in range(round(seconds * 10))], float)


def spoken(table: np.ndarray, in_ms: int = 0) -> list[tuple[int, int, int]]:
    shot = Span(in_ms=in_ms, out_ms=in_ms + len(table) * STEP_MS)
    return [(turn.span.in_ms, turn.span.out_ms, turn.track) for turn in turns(shot, table)]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([(5, (1, 0))], [(0, 5000, 0)]),
        ([(4, (1, 0)), (4, (0, 1))], [(0, 4000 - LEAD_MS, 0), (4000 - LEAD_MS, 8000, 1)]),
        # Less than a second of another voice does not pay for two switches.
        ([(4, (1, 0)), (0.9, (0, 1)), (4, (1, 0))], [(0, 8900, 0)]),
        (
            [(4, (1, 0)), (1.3, (0, 1)), (4, (1, 0))],
            [(0, 3850, 0), (3850, 5150, 1), (5150, 9300, 0)],
        ),
        # Nobody is heard: it stays.
        ([(3, (0, 1)), (3, (0, 0))], [(0, 6000, 1)]),
        # The track ends: to the one that is there.
        ([(3, (1, NAN)), (3, (NAN, 0))], [(0, 2850, 0), (2850, 6000, 1)]),
        ([(3, (0, 0))], [(0, 3000, 0)]),
    ],
)
def test_who_speaks(
    runs: list[tuple[float, tuple[float, ...]]], expected: list[tuple[int, int, int]]
) -> None:
    assert spoken(scores(*runs)) == expected


@pytest.mark.parametrize(
    ("silences", "switch_ms"),
    [
        ([(4_200, 4_600)], 4_450),
        ([(3_500, 3_720), (5_000, 5_300)], 3_570),
        # The voice goes on in the pause: to move the switch there would cut it off.
        ([(4_450, 4_750)], 4_000),
        ([], 4_000),
    ],
)
def test_a_switch_goes_into_a_pause(silences: list[tuple[int, int]], switch_ms: int) -> None:
    quiet = silences == [(4_200, 4_600)]
    runs = [(4.0, (1, 0)), (0.6, (0, 0) if quiet else (0, 1)), (4, (0, 1))]
    table = scores(*runs)
    cues = Cues(tuple(Span(in_ms=a, out_ms=b) for a, b in silences))
    first, second = turns(Span(in_ms=0, out_ms=len(table) * STEP_MS), table, cues)
    assert first.span.out_ms == second.span.in_ms == switch_ms


def test_a_switch_to_who_has_just_come_waits_for_them() -> None:
    table = scores((3, (1, NAN)), (3, (0, 1)))
    cues = Cues((Span(in_ms=2_000, out_ms=2_500),))
    first, second = turns(Span(in_ms=0, out_ms=6_000), table, cues)
    assert first.span.out_ms == 2_850
    assert second.track == 1


def test_nobody_there_means_no_turns() -> None:
    assert turns(Span(in_ms=0, out_ms=1000), np.zeros((10, 0))) == ()


tables = st.integers(1, 3).flatmap(
    lambda tracks: st.lists(
        st.lists(st.integers(0, 10).map(lambda n: n / 10), min_size=tracks, max_size=tracks),
        min_size=1,
        max_size=60,
    )
)


@given(tables, st.integers(0, 10_000))
def test_turns_cover_the_shot_and_are_held(table: list[list[float]], in_ms: int) -> None:
    found = spoken(np.array(table), in_ms)
    assert found[0][0] == in_ms
    assert found[-1][1] == in_ms + len(table) * STEP_MS
    for before, after in itertools.pairwise(found):
        assert before[1] == after[0]
        assert before[2] != after[2]
    for start, end, _ in found[1:-1]:
        assert end - start >= HOLD_MS


def value(table: np.ndarray, chosen: tuple[int, ...]) -> float:
    gain = sum(table[step, track] for step, track in enumerate(chosen))
    changes = sum(one != other for one, other in itertools.pairwise(chosen))
    return gain - changes * SWITCH_S * 1000 / STEP_MS


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=10, max_size=17))
def test_no_other_choice_is_better(rows: list[tuple[int, int]]) -> None:
    """Against all choices with at most one switch; three do not fit."""
    table = np.array(rows, float)
    steps, hold = len(rows), HOLD_MS // STEP_MS
    choices = [(0,) * steps, (1,) * steps]
    for first in range(1, steps):
        choices += [(a,) * first + (1 - a,) * (steps - first) for a in (0, 1)]
        for second in range(first + hold, steps):
            choices += [
                (a,) * first + (1 - a,) * (second - first) + (a,) * (steps - second) for a in (0, 1)
            ]
    best = max(value(table, choice) for choice in choices)
    assert value(table, tuple(best_tracks(table))) == pytest.approx(best)
