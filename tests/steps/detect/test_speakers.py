"""Mouths that move with the sound score, others do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.detect.engines.largest import by_size
from steps.detect.engines.mouth import WATCHED_FPS
from steps.detect.engines.protocol import Sight
from steps.detect.speakers import by_mouth, envelope, grid, nearest
from steps.model.timing import Span

SHOT = Span(in_ms=5_000, out_ms=15_000)
TIMES = np.array([5_000 + n * 1000 // WATCHED_FPS for n in range(150)])
STEP_MS = 10


def syllables(seconds: np.ndarray) -> np.ndarray:
    """An uneven voice: two rhythms of a few syllables a second."""
    return np.clip(np.sin(2 * np.pi * 2.1 * seconds) + np.sin(2 * np.pi * 3.3 * seconds), 0, 2) / 2


def sound(loud_ms: tuple[int, int] = (0, 30_000)) -> np.ndarray:
    at = np.arange(0, 20_000, STEP_MS)
    level = 5000 * syllables(at / 1000) * ((at >= loud_ms[0]) & (at < loud_ms[1]))
    return level.astype(np.int32)


def mouth(lag_ms: int = 0) -> np.ndarray:
    return 0.2 * syllables((TIMES - lag_ms) / 1000)


def restless() -> np.ndarray:
    return np.random.default_rng(3).uniform(0, 0.12, len(TIMES))


@pytest.mark.parametrize("lag_ms", [-130, 0, 130])
def test_the_mouth_in_step_with_the_sound_wins(lag_ms: int) -> None:
    movements = np.stack([restless(), mouth(lag_ms)], axis=1)
    scores = by_mouth(SHOT, TIMES, movements, sound(), STEP_MS, WATCHED_FPS)
    assert scores.shape == (len(grid(SHOT)), 2)
    speech = scores.sum(axis=1) > 0
    assert scores[speech, 1].mean() > 2.5 * scores[speech, 0].mean()


def test_silence_gives_no_score() -> None:
    movements = np.stack([restless(), mouth()], axis=1)
    scores = by_mouth(SHOT, TIMES, movements, sound((0, 10_000)), STEP_MS, WATCHED_FPS)
    late = grid(SHOT) >= 10_200
    assert scores[~late].max() > 0.5
    assert scores[late].max() == 0


def test_a_track_that_is_not_there_has_no_score() -> None:
    movements = np.stack([mouth(), mouth()], axis=1)
    movements[75:, 0] = np.nan
    scores = by_mouth(SHOT, TIMES, movements, sound(), STEP_MS, WATCHED_FPS)
    assert np.isnan(scores[51:, 0]).all()
    assert not np.isnan(scores[:49, 0]).any()
    assert not np.isnan(scores[:, 1]).any()


def test_envelope_is_the_mean_before_a_moment_and_silence_beyond() -> None:
    loudness = np.array([0, 100, 200, 300], np.int32)
    times = np.array([10, 20, 40, 45, 90])
    assert envelope(times, 20, loudness, 10) == pytest.approx([0, 50, 250, 200, 0])


def test_the_larger_face_scores_by_size() -> None:
    marks = np.zeros((5, 2))

    def track(side: float) -> list[Sight]:
        times = range(5_000, 7_001, 200)
        return [
            Sight(n, time, np.array([0, 0, side, side]), 1.0, marks) for n, time in enumerate(times)
        ]

    scores = by_size(Span(in_ms=5_000, out_ms=9_000), [track(30), track(60)])
    assert scores[5] == pytest.approx([0.2, 0.8])
    assert np.isnan(scores[-1]).all()


@given(
    st.lists(st.integers(0, 5_000), min_size=2, max_size=60, unique=True),
    st.lists(st.integers(-500, 6_000), min_size=1, max_size=60),
)
def test_the_nearest_time_is_found_without_a_matrix(times: list[int], moments: list[int]) -> None:
    known, asked = np.array(sorted(times)), np.array(moments)
    matrix = np.abs(known[None, :] - asked[:, None]).argmin(axis=1)
    assert nearest(known, asked).tolist() == matrix.tolist()
