"""The crop path: inside, still, smooth, and never far from its subject."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.reframe.path import (
    EASE_S,
    FAR_PX,
    GRID_S,
    MOVE_COST,
    POSITIONS,
    START_COST_PX,
    TOLERANCE_PX,
    Floats,
    FrameAxis,
    Wish,
    contained,
    eased,
    held,
    median,
    planned,
    ramped,
)

WIDE = FrameAxis(frame_px=1280, window_px=404, scale_px=1280)
SAMPLE_S = 0.2


def wish(centres: Floats, face_px: float = 120, axis: FrameAxis = WIDE) -> Wish:
    """What following a face of this size asks for."""
    half = 0.65 * face_px
    return Wish(centres - axis.window_px / 2, centres + half - axis.window_px, centres - half)


def path(centres: Floats, face_px: float = 120) -> Floats:
    return planned(wish(centres, face_px), WIDE, SAMPLE_S)


def at_samples(offsets: Floats, count: int) -> Floats:
    return np.interp(np.arange(count) * SAMPLE_S, np.arange(len(offsets)) * GRID_S, offsets)


centres_of_faces = st.lists(st.floats(-100, 1400), min_size=1, max_size=60).map(np.array)


@given(centres_of_faces, st.floats(20, 900), st.floats(100, 1279))
@settings(max_examples=60)
def test_the_window_never_leaves_the_frame(
    centres: Floats, face_px: float, window_px: float
) -> None:
    axis = FrameAxis(1280, window_px, 1280)
    offsets = planned(wish(centres, face_px, axis), axis, SAMPLE_S)
    assert len(offsets) == round(SAMPLE_S / GRID_S) * (len(centres) - 1) + 1
    assert offsets.min() >= 0
    assert offsets.max() <= axis.way_px


steps = st.lists(st.floats(-60, 60), min_size=4, max_size=60)


@given(steps, st.floats(40, 250))
@settings(max_examples=60)
def test_the_face_stays_inside_where_it_can(moves: list[float], face_px: float) -> None:
    """A face that walks at random, up to a fifth of the frame's width a second."""
    half = face_px / 2
    centres = np.clip(640 + np.cumsum(moves), half, 1280 - half)
    seen = median(centres)
    offsets = at_samples(planned(wish(centres, face_px), WIDE, SAMPLE_S), len(centres))
    assert (offsets <= np.maximum(seen - half, 0) + 1e-6).all()
    assert (offsets + WIDE.window_px >= np.minimum(seen + half, 1280) - 1e-6).all()


@given(st.floats(0, 1280), st.integers(1, 60), st.integers(0, 2**16))
@settings(max_examples=40)
def test_a_face_that_stays_gets_a_still_window(centre: float, count: int, seed: int) -> None:
    """Also when the detector trembles by 8 px and is wild now and then, but not thrice in five."""
    rng = np.random.default_rng(seed)
    centres = centre + rng.normal(0, 8, count)
    centres[::5][1:] = 640
    offsets = path(centres)
    assert np.ptp(offsets) == 0
    if count > 10:
        assert abs(offsets[0] - np.clip(centre - 202, 0, 876)) < 12


def test_an_even_pan_is_panned_evenly() -> None:
    centres = np.interp(np.arange(60), [8, 52], [400, 880])
    speeds = np.diff(path(centres)) / GRID_S
    inner = speeds[round(2.4 / GRID_S) : round(9.6 / GRID_S)]
    pace = (880 - 400) / (44 * SAMPLE_S)
    assert inner.min() > 0.6 * pace
    assert inner.max() < 1.5 * pace
    assert np.abs(np.diff(inner)).max() < 0.1 * pace


def test_a_wild_detection_moves_nothing() -> None:
    centres = np.full(40, 500.0)
    centres[[7, 8, 20]] = 1200
    assert np.ptp(path(centres)) == 0


def test_a_face_that_goes_elsewhere_is_reached_once_and_softly() -> None:
    centres = np.where(np.arange(50) < 25, 450.0, 640.0)
    offsets = path(centres)
    assert offsets[0] == pytest.approx(248, abs=20)
    assert offsets[-1] == pytest.approx(438, abs=20)
    assert (np.diff(offsets) >= -1e-9).all()
    assert np.abs(np.diff(offsets, 2)).max() / GRID_S**2 < 190 / EASE_S**2
    assert (np.diff(offsets) > 0.5).sum() * GRID_S < 8 * EASE_S


def test_held_is_the_cheapest_of_all_paths() -> None:
    """Against brute force, for three positions."""
    axis = FrameAxis(640, 120, 640)
    rng = np.random.default_rng(11)
    grid = np.linspace(0, axis.way_px, POSITIONS)
    few = grid[[0, 26, 52]]

    def cost(places: Floats, wanted: Floats) -> float:
        off = np.minimum(np.maximum(np.abs(places - wanted) - TOLERANCE_PX, 0), FAR_PX)
        moves = np.abs(np.diff(places))
        return float(off.sum() + MOVE_COST * moves.sum() + START_COST_PX * (moves > 0).sum())

    for _ in range(20):
        wanted = rng.uniform(0, axis.way_px, 5)
        found = cost(held(wanted, axis, SAMPLE_S), wanted)
        best = min(cost(np.array(places), wanted) for places in itertools.product(few, repeat=5))
        assert found <= best + 1e-9
        if (constant := min(cost(np.full(5, place), wanted) for place in grid)) < best:
            assert found <= constant + 1e-9


def test_a_tight_window_does_not_follow_every_tremble() -> None:
    """The face with its margins is as wide as the window; 12 px of the margins may go."""
    centres = 640 + 6 * np.sin(np.arange(60) / 2)
    tight = wish(centres, face_px=WIDE.window_px / 1.3)
    assert np.ptp(planned(tight, WIDE, SAMPLE_S)) > 8
    still = planned(replace(tight, spare_px=12), WIDE, SAMPLE_S)
    assert np.ptp(still) == 0
    assert still[0] == pytest.approx(640 - WIDE.window_px / 2, abs=1)
    walking = replace(wish(centres + 4 * np.arange(60), WIDE.window_px / 1.3), spare_px=12)
    assert np.ptp(planned(walking, WIDE, SAMPLE_S)) > 200


@pytest.mark.parametrize("factor", [0.25, 0.5, 2])
def test_the_constants_scale_with_the_frame(factor: float) -> None:
    centres = 640 + 200 * np.sin(np.arange(60) / 7)
    small = path(centres)
    large = planned(
        Wish(
            *(
                factor * part
                for part in (wish(centres).offset, wish(centres).low, wish(centres).high)
            )
        ),
        FrameAxis(factor * 1280, factor * 404, factor * 1280),
        SAMPLE_S,
    )
    assert large == pytest.approx(factor * small)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([0, 0, 0, 0, 0, 9, 9, 9, 9, 9], [0, 0, 0, 0, 0, 9, 9, 9, 9, 9]),
        ([0, 0, 4, 4, 4, 8, 8, 8, 12, 12], [0, 0, 2, 4, 16 / 3, 20 / 3, 8, 10, 12, 12]),
        ([0, 0, 4, 4, 4, 4, 0, 0], [0, 0, 4, 4, 4, 4, 0, 0]),  # there and back: a real stop
        ([5], [5]),
    ],
)
def test_stairs_become_ramps(before: list[float], after: list[float]) -> None:
    assert ramped(np.array(before, float), SAMPLE_S) == pytest.approx(after)


def test_easing_keeps_ends_and_sums() -> None:
    line = np.concatenate([np.zeros(40), np.ones(40)])
    soft = eased(line, GRID_S)
    assert soft[0] == 0
    assert soft[-1] == pytest.approx(1)
    assert soft.sum() == pytest.approx(40)


@given(
    st.lists(st.tuples(st.floats(0, 800), st.floats(0, 300)), min_size=1, max_size=40),
    st.floats(0, 800),
)
@settings(max_examples=60)
def test_containment_is_kept_and_changes_nothing_that_is_inside(
    rows: list[tuple[float, float]], place: float
) -> None:
    low = np.array([row[0] for row in rows])
    high = low + [row[1] for row in rows]
    still = np.full(len(rows), place)
    offsets = contained(still, low, high, GRID_S)
    assert (offsets >= low).all()
    assert (offsets <= high).all()
    if (still >= low).all() and (still <= high).all():
        assert (offsets == still).all()
