"""Windows, jumps and keyframes of shots."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.model.crop import Keyframe, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.tracks import Detection, Track
from steps.reframe.framing import shot_crops, window_size
from steps.reframe.keying import STRAIGHT_PX, keyframes
from steps.reframe.path import GRID_S
from tests.steps.reframe.shots import CANVAS, SAMPLE_MS, shot, talking, track

HD = Size(width_px=1280, height_px=720)


def place(frames: Sequence[Keyframe], time_ms: float) -> tuple[float, float]:
    """Where the window is at a moment, in pixels."""
    times = [frame.time_ms for frame in frames]
    x, y = (
        float(np.interp(time_ms, times, [getattr(frame, name) / 1000 for frame in frames]))
        for name in ("x_mpx", "y_mpx")
    )
    return x, y


@pytest.mark.parametrize(
    ("size", "window"),
    [
        ((1920, 1080), (608, 1080)),
        ((1280, 720), (404, 720)),
        ((640, 360), (202, 360)),
        ((3840, 2160), (1216, 2160)),
        ((1440, 1080), (608, 1080)),
        ((720, 720), (404, 720)),
        ((1080, 1920), (1080, 1920)),
        ((720, 1280), (720, 1280)),
        ((1080, 2400), (1080, 1920)),
        ((641, 361), (202, 360)),
        ((102, 1001), (102, 182)),
    ],
)
def test_the_largest_window(size: tuple[int, int], window: tuple[int, int]) -> None:
    found = window_size(Size(width_px=size[0], height_px=size[1]), CANVAS.size)
    assert (found.width_px, found.height_px) == window


@given(st.integers(64, 4096), st.integers(64, 4096))
def test_windows_are_even_inside_and_of_the_outputs_shape(width: int, height: int) -> None:
    window = window_size(Size(width_px=width, height_px=height), CANVAS.size)
    assert window.width_px % 2 == window.height_px % 2 == 0
    assert window.width_px <= width
    assert window.height_px <= height
    aspect = CANVAS.size.width_px / CANVAS.size.height_px
    assert abs(window.width_px - aspect * window.height_px) <= 2


def only(crops: tuple[ShotCrop, ...]) -> ShotCrop:
    (crop,) = crops
    return crop


def test_focus_is_still_and_around_the_face() -> None:
    crop = only(shot_crops(talking(500), "focus", HD, SAMPLE_MS, CANVAS))
    (region,) = crop.regions
    assert (crop.layout, crop.subject, crop.background) == ("focus", "face_1", "none")
    assert region.target == Box(x_px=0, y_px=0, width_px=1080, height_px=1920)
    assert region.window == Size(width_px=364, height_px=648)
    assert region.keyframes == (Keyframe(time_ms=0, x_mpx=318_000, y_mpx=72_000),)


@pytest.mark.parametrize(
    ("y", "side_px", "height"),
    [
        (200, 120, 720),  # the eyes are above a third: the full height
        (300, 120, 648),
        (340, 120, 588),
        (500, 120, 480),  # no closer than the bound
        (380, 340, 720),  # a large face would lose its margin
        (360, 230, 720),  # a close-up is not enlarged
    ],
)
def test_a_low_face_is_shown_closer_with_its_eyes_at_a_third(
    y: float, side_px: int, height: int
) -> None:
    crop = only(shot_crops(talking(500, y=y, side_px=side_px), "focus", HD, SAMPLE_MS, CANVAS))
    (region,) = crop.regions
    assert region.window.height_px == height
    if 480 < height < 720:
        eyes_px = y - side_px * 0.1 - region.keyframes[0].y_mpx / 1000
        assert eyes_px == pytest.approx(height / 3, abs=2)


@pytest.mark.parametrize(("x", "left"), [(40, 0), (1250, 916_000)])
def test_a_face_at_the_edge_keeps_the_window_inside(x: float, left: int) -> None:
    crop = only(shot_crops(talking(x), "focus", HD, SAMPLE_MS, CANVAS))
    assert [frame.x_mpx for frame in crop.regions[0].keyframes] == [left]


def test_in_a_tall_source_the_eyes_are_at_a_third() -> None:
    tall = Size(width_px=1080, height_px=2400)
    crop = only(shot_crops(talking(500, y=1000, side_px=300), "focus", tall, SAMPLE_MS, CANVAS))
    (frame,) = crop.regions[0].keyframes
    assert frame.x_mpx == 0
    assert 970 - frame.y_mpx / 1000 == pytest.approx(1920 / 3, abs=1)


def test_the_top_of_a_large_head_is_inside_with_its_margin() -> None:
    """Hair begins a third of the face's height above the face's box, at 235."""
    tall = Size(width_px=1080, height_px=2400)
    crop = only(shot_crops(talking(540, y=1000, side_px=900), "focus", tall, SAMPLE_MS, CANVAS))
    (frame,) = crop.regions[0].keyframes
    assert frame.y_mpx / 1000 == pytest.approx(235 - 0.15 * 1215, abs=1)


def test_an_upright_source_of_the_right_shape_is_shown_whole() -> None:
    upright = Size(width_px=720, height_px=1280)
    crop = only(shot_crops(talking(100, y=1200), "focus", upright, SAMPLE_MS, CANVAS))
    assert crop.regions[0].window == upright
    assert crop.regions[0].keyframes == (Keyframe(time_ms=0, x_mpx=0, y_mpx=0),)


@pytest.mark.parametrize(
    ("size", "target"),
    [
        ((1280, 720), (0, 432, 1080, 608)),
        ((2048, 858), (0, 588, 1080, 452)),
        ((960, 720), (0, 230, 1080, 810)),
        ((1000, 1000), (0, 420, 1080, 1080)),
        ((720, 1280), (0, 0, 1080, 1920)),
        ((500, 2000), (300, 0, 480, 1920)),
    ],
)
def test_fit_shows_the_whole_frame(size: tuple[int, int], target: tuple[int, ...]) -> None:
    frame = Size(width_px=size[0], height_px=size[1])
    crop = only(shot_crops(shot([], [], 0, 3_000), "fit", frame, SAMPLE_MS, CANVAS))
    (region,) = crop.regions
    assert region.window == frame
    box = region.target
    assert (box.x_px, box.y_px, box.width_px, box.height_px) == target
    assert crop.background == ("none" if target[2:] == (1080, 1920) else "blur")


def test_centre_is_in_the_middle() -> None:
    crop = only(shot_crops(shot([], [], 1_000, 3_000), "centre", HD, SAMPLE_MS, CANVAS))
    assert crop.regions[0].keyframes == (Keyframe(time_ms=1_000, x_mpx=438_000, y_mpx=0),)


def two(apart: float) -> tuple[ShotCrop, ...]:
    """Two people; the second speaks from 4 s on."""
    left = track("face_1", lambda _: (500, 300), 0, 8_000)
    right = track("face_2", lambda _: (500 + apart, 300), 0, 8_000)
    turns = [(0, 4_000, "face_1"), (4_000, 8_000, "face_2")]
    return shot_crops(shot([left, right], turns, 0, 8_000), "focus", HD, SAMPLE_MS, CANVAS)


def test_far_speakers_are_cut_to() -> None:
    first, second = two(apart=500)
    assert (first.out_ms, second.in_ms) == (4_000, 4_000)
    assert (first.subject, second.subject) == ("face_1", "face_2")
    assert [len(crop.regions[0].keyframes) for crop in (first, second)] == [1, 1]
    assert second.regions[0].keyframes[0].x_mpx == 818_000


def test_near_speakers_are_panned_to() -> None:
    frames = only(two(apart=180)).regions[0].keyframes
    assert place(frames, 0)[0] == pytest.approx(298, abs=20)
    assert place(frames, 7_900)[0] == pytest.approx(478, abs=20)
    jumps = [abs(place(frames, t + 33)[0] - place(frames, t)[0]) for t in range(0, 7_900, 33)]
    assert max(jumps) < 12


def test_nothing_carries_over_a_cut() -> None:
    """A shot is framed the same whatever came before it, and at another time of the film."""
    alone = only(shot_crops(talking(900, 0, 4_000), "focus", HD, SAMPLE_MS, CANVAS))
    later = only(shot_crops(talking(900, 7_300, 11_300), "focus", HD, SAMPLE_MS, CANVAS))
    assert [(frame.x_mpx, frame.time_ms) for frame in alone.regions[0].keyframes] == [
        (frame.x_mpx, frame.time_ms - 7_300) for frame in later.regions[0].keyframes
    ]


walks = st.lists(st.floats(-50, 50), min_size=6, max_size=40)


@given(walks, st.floats(100, 1180), st.sampled_from([60, 120, 220]))
@settings(max_examples=40, deadline=None)
def test_the_window_is_inside_and_so_is_the_face(
    moves: list[float], start: float, side_px: int
) -> None:
    xs = np.clip(start + np.cumsum(moves), side_px / 2, 1280 - side_px / 2)
    end_ms = len(xs) * SAMPLE_MS
    face = track("face_1", lambda ms: (xs[ms // SAMPLE_MS], 300), 0, end_ms, side_px)
    crops = shot_crops(
        shot([face], [(0, end_ms, "face_1")], 0, end_ms), "focus", HD, SAMPLE_MS, CANVAS
    )
    (region,) = only(crops).regions
    frames, window = region.keyframes, region.window
    assert all(one.time_ms < other.time_ms for one, other in pairwise(frames))
    assert all(0 <= frame.x_mpx <= 1000 * (1280 - window.width_px) for frame in frames)
    assert all(0 <= frame.y_mpx <= 1000 * (720 - window.height_px) for frame in frames)
    middles = [one.box.centre_x_px for one in face.detections]
    for index in range(2, len(middles) - 2):
        seen = float(np.median(middles[index - 2 : index + 3]))
        left = place(frames, index * SAMPLE_MS)[0]
        assert left <= seen - side_px / 2 + STRAIGHT_PX
        assert left + window.width_px >= seen + side_px / 2 - STRAIGHT_PX


@given(st.lists(st.floats(0, 876), min_size=2, max_size=50))
@settings(max_examples=60)
def test_keyframes_are_few_and_true(xs: list[float]) -> None:
    x = np.array(xs)
    frames = keyframes(Span(in_ms=500, out_ms=9_000), x, np.zeros(len(x)))
    for index, value in enumerate(x):
        assert abs(place(frames, 500 + index * 1000 * GRID_S)[0] - value) <= STRAIGHT_PX + 0.001


def test_a_straight_pan_has_two_keyframes() -> None:
    x = np.linspace(0, 300, round(3 / GRID_S) + 1)
    frames = keyframes(Span(in_ms=0, out_ms=3_000), x, np.zeros(len(x)))
    assert [(frame.time_ms, frame.x_mpx) for frame in frames] == [(0, 0), (3_000, 300_000)]


def test_the_head_of_a_person_is_followed_and_not_its_whole_body() -> None:
    """The arms reach far to the right; the head is at 400."""
    head = Box(x_px=370, y_px=100, width_px=60, height_px=80)
    body = Box(x_px=300, y_px=90, width_px=700, height_px=600)
    seen = tuple(
        Detection(time_ms=time, box=body, score=800, head=head, eyes_y_px=130)
        for time in range(0, 6_000, SAMPLE_MS)
    )
    person = Track(id="person_1", subject="person", detections=seen)
    (crop,) = shot_crops(
        shot([person], [(0, 6_000, "person_1")], 0, 6_000), "focus", HD, SAMPLE_MS, CANVAS
    )
    region = crop.regions[0]
    left, _ = place(region.keyframes, 3_000)
    assert left + region.window.width_px / 2 == pytest.approx(400, abs=2)


def test_a_face_sampled_every_two_seconds_stays_inside() -> None:
    """It walks 60 px a second: between two samples it is on the line."""
    walk = [
        one
        for one in track("face_1", lambda time: (300 + 0.06 * time, 300), 0, 10_001).detections
        if one.time_ms % 2_000 == 0
    ]
    face = Track(id="face_1", subject="face", detections=tuple(walk))
    (crop,) = shot_crops(
        shot([face], [(0, 10_000, "face_1")], 0, 10_000), "focus", HD, 2_000, CANVAS
    )
    region = crop.regions[0]
    for time in range(0, 10_000, 500):
        left, _ = place(region.keyframes, time)
        assert left < 300 + 0.06 * time - 60
        assert left + region.window.width_px > 300 + 0.06 * time + 60
