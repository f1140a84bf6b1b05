"""The grid of frames and the runs of shots."""

from fractions import Fraction

import pytest

from steps.model.crop import ShownFace
from steps.model.geometry import Box, Size
from steps.model.source import Video
from steps.model.timing import Span
from steps.render.plan import (
    THUMBNAIL_CANDIDATES,
    clip_grid,
    frame_runs,
    output_rate,
    thumbnail_frames,
)
from tests.steps.render.jobs import fit, focus

SIZE = Size(width_px=1280, height_px=720)
NTSC = Fraction(30_000, 1001)


@pytest.mark.parametrize(
    ("rate", "varies", "answer"),
    [
        ("25", False, "25"),
        ("24000/1001", False, "24000/1001"),
        ("60000/1001", False, "60000/1001"),
        ("120", False, "60"),
        ("240000/1001", False, "60000/1001"),
        ("17/2", True, "24000/1001"),
        ("2973/100", True, "30000/1001"),
        ("59", True, "60000/1001"),
        ("143", True, "143/4"),
        ("1", False, "24"),
        ("1/12", False, "24"),
        ("10", False, "30"),
        ("12", False, "24"),
        ("15", False, "30"),
        ("1/12", True, "24000/1001"),
        ("2000/190", True, "24000/1001"),
        ("25", True, "25"),
    ],
)
def test_output_rate(rate: str, varies: bool, answer: str) -> None:
    video = Video(codec="h264", size=SIZE, rate=rate, variable_rate=varies, rotation_deg=0)
    assert output_rate(video) == Fraction(answer)


@pytest.mark.parametrize(
    ("rate", "asked", "answer"),
    [
        ("60", "30", "30"),
        ("60000/1001", "30", "30000/1001"),
        ("25", "30", "30"),
        ("24000/1001", "60", "60000/1001"),
        ("1/12", "30", "30"),
    ],
)
def test_a_rate_that_is_asked_for(rate: str, asked: str, answer: str) -> None:
    video = Video(codec="h264", size=SIZE, rate=rate, variable_rate=False, rotation_deg=0)
    assert output_rate(video, asked) == Fraction(answer)


@pytest.mark.parametrize(
    ("clip", "shown_ms", "origin_ms", "count"),
    [
        ((0, 2000), 0, 0, 60),
        ((1010, 3010), 1001, 1001, 60),
        ((5000, 6000), 1000, 5000, 30),  # a slide that has stood for four seconds
        ((100, 101), 100, 100, 1),
    ],
)
def test_grid(clip: tuple[int, int], shown_ms: int, origin_ms: int, count: int) -> None:
    grid = clip_grid(Span(in_ms=clip[0], out_ms=clip[1]), NTSC, shown_ms)
    assert (grid.origin_ms, grid.seek_ms, grid.count) == (
        origin_ms,
        min(shown_ms, origin_ms),
        count,
    )


def test_pictures_halfway_between_two_frames_are_never_taken() -> None:
    """120 a second, of which 60 are kept: a nudge of half of their distance is far from both."""
    span = Span(in_ms=100, out_ms=500)
    assert clip_grid(span, Fraction(60), 100, Fraction(120)).nudge_s == Fraction(1, 240)
    assert clip_grid(span, Fraction(60), 100, Fraction(60)).nudge_s == 0
    assert clip_grid(span, Fraction(24), 100, Fraction(12)).nudge_s == 0


def test_a_shot_begins_with_the_frame_of_its_rounded_stamp() -> None:
    grid = clip_grid(Span(in_ms=0, out_ms=60_000), NTSC, 0)
    for frame in range(grid.count):
        exact = grid.time_ms(frame)
        for stamp in (int(exact), round(exact), int(exact) + 1):
            assert grid.frame(stamp) == frame


def test_shots_of_one_geometry_are_one_run() -> None:
    grid = clip_grid(Span(in_ms=1000, out_ms=9000), Fraction(25), 1000)
    shots = [
        focus(SIZE, (1000, 3000), [(1000, 0), (3000, 100_000)]),
        focus(SIZE, (3000, 5000), [(3000, 400_000)]),
        fit(SIZE, (5000, 6000)),
        focus(SIZE, (6000, 9000), [(6000, 10_000)]),
    ]
    found = frame_runs(shots, grid)
    assert [(run.start, run.end) for run in found] == [(0, 100), (100, 125), (125, 200)]
    assert [run.background for run in found] == ["none", "blur", "none"]
    centres = [x - 202 for x, _ in found[0].panes[0].centres_px]
    assert centres[0] == 0
    assert centres[25] == pytest.approx(50)
    assert centres[49] < 100
    assert set(centres[50:]) == {400}


def test_a_shot_shorter_than_a_frame_is_passed_over() -> None:
    grid = clip_grid(Span(in_ms=0, out_ms=1000), Fraction(25), 0)
    shots = [fit(SIZE, (0, 480)), focus(SIZE, (480, 490), [(480, 0)]), fit(SIZE, (490, 1000))]
    assert [(run.start, run.end) for run in frame_runs(shots, grid)] == [(0, 25)]


def test_the_thumbnail_is_sought_where_someone_is() -> None:
    grid = clip_grid(Span(in_ms=0, out_ms=30_000), Fraction(30), 0)
    shots = [
        fit(SIZE, (0, 12_000)),
        focus(SIZE, (12_000, 20_000), [(12_000, 0)]),
        fit(SIZE, (20_000, 30_000)),
    ]
    found = thumbnail_frames(shots, grid)
    assert len(found) == THUMBNAIL_CANDIDATES
    assert 367 <= found[0] < found[-1] <= 592
    face = ShownFace(in_ms=25_000, out_ms=26_000, track="f", box=Box.of_edges(0, 0, 100, 100))
    shots[2] = shots[2].model_copy(update={"faces": (face,)})
    assert all(750 <= frame < 780 for frame in thumbnail_frames(shots, grid))
    whole = thumbnail_frames([fit(SIZE, (0, 30_000))], grid)
    assert (whole[0], whole[-1]) == (52, 847)


def test_the_thumbnail_of_a_single_frame() -> None:
    grid = clip_grid(Span(in_ms=0, out_ms=40), Fraction(25), 0)
    assert thumbnail_frames([fit(SIZE, (0, 40))], grid) == (0,)
