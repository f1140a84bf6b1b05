"""Cuts are found at the very frame; shots cover the clip."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.detect.shots import MIN_SHOT_MS, ShotFinder, spans
from steps.media.frames import every
from steps.model.timing import Span
from tests.media.fixtures import Film
from tests.media.truth import Truth


def cut_frames(path: Path) -> list[int]:
    finder, times = ShotFinder(), []
    for picture in every(path):
        finder.add(picture.time_ms, picture.pixels)
        times.append(picture.time_ms)
    return [times.index(cut) for cut in finder.cuts_ms]


@pytest.mark.slow
def test_every_cut_of_the_sample_to_the_frame(sample: tuple[Path, Truth]) -> None:
    assert tuple(cut_frames(sample[0])) == sample[1].cuts


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rate_23976", "rate_50", "variable_rate"])
def test_cuts_to_the_frame_at_any_rate(name: str, media: Callable[[str], Film]) -> None:
    path, truth = media(name)
    assert tuple(cut_frames(path)) == truth.cuts


@pytest.mark.slow
@pytest.mark.parametrize("name", ["moving_face", "screencast"])
def test_movement_is_no_cut(name: str, media: Callable[[str], Film]) -> None:
    assert cut_frames(media(name)[0]) == []


@pytest.mark.parametrize(
    ("cuts", "edges"),
    [
        ((), [1000, 9000]),
        ((3000,), [1000, 3000, 9000]),
        ((3000, 3200, 3600), [1000, 3000, 3600, 9000]),  # a flash
        ((1100, 8900), [1000, 1100, 8900, 9000]),
        ((500, 1000, 9000, 9500), [1000, 9000]),  # in the handles, and at the very ends
        ((900, 1200), [1000, 9000]),
    ],
)
def test_shots_of_a_clip(cuts: tuple[int, ...], edges: list[int]) -> None:
    found = spans(cuts, Span(in_ms=1000, out_ms=9000))
    assert [(shot.in_ms, shot.out_ms) for shot in found] == list(pairwise(edges))


@given(st.lists(st.integers(0, 20_000), unique=True).map(sorted), st.integers(0, 10_000))
def test_shots_cover_the_clip(cuts: list[int], in_ms: int) -> None:
    clip = Span(in_ms=in_ms, out_ms=in_ms + 8_000)
    found = spans(tuple(cuts), clip)
    assert found[0].in_ms == clip.in_ms
    assert found[-1].out_ms == clip.out_ms
    assert all(one.out_ms == other.in_ms for one, other in pairwise(found))
    assert all(shot.duration_ms >= MIN_SHOT_MS for shot in found[1:-1])
