"""Where faces are in the output, by geometry that is known."""

from itertools import pairwise

import pytest

from steps.model.crop import Keyframe, Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.reframe.faces import MARGIN_SHARE, MOST_PARTS, with_faces
from tests.steps.reframe.shots import SAMPLE_MS, shot, track

OUTPUT = Size(width_px=1080, height_px=1920)
HALVES = (
    Box(x_px=0, y_px=0, width_px=1080, height_px=960),
    Box(x_px=0, y_px=960, width_px=1080, height_px=960),
)


def crop(*windows: tuple[int, Box], end_ms: int = 6_000, moves_px: int = 0) -> ShotCrop:
    """Windows 720 px high by their left edges, each with its target; all move alike."""
    regions = tuple(
        Region(
            window=Size(width_px=720 * target.width_px // target.height_px // 2 * 2, height_px=720),
            target=target,
            keyframes=(
                Keyframe(time_ms=0, x_mpx=1000 * left, y_mpx=0),
                Keyframe(time_ms=end_ms, x_mpx=1000 * (left + moves_px), y_mpx=0),
            ),
        )
        for left, target in windows
    )
    layout = "focus" if len(regions) == 1 else "split"
    return ShotCrop(in_ms=0, out_ms=end_ms, layout=layout, regions=regions)


WHOLE = Box(x_px=0, y_px=0, width_px=1080, height_px=1920)


def test_a_still_face_is_one_box_with_a_margin() -> None:
    face = track("face_1", lambda _: (500, 300), 0, 6_000, side_px=120)
    (found,) = with_faces(crop((300, WHOLE)), shot([face], [], 0, 6_000), OUTPUT, SAMPLE_MS).faces
    scale = 1920 / 720
    margin = MARGIN_SHARE * 120 * scale
    assert (found.in_ms, found.out_ms, found.track) == (0, 6_000, "face_1")
    assert found.box.x_px == pytest.approx((440 - 300) * scale - margin, abs=2)
    assert found.box.y_px == pytest.approx(240 * scale - margin, abs=2)
    assert found.box.bottom_px == pytest.approx(360 * scale + margin, abs=2)


def test_a_window_that_moves_with_the_face_leaves_it_in_place() -> None:
    face = track("face_1", lambda ms: (500 + ms / 20, 300), 0, 6_000)
    moving = crop((300, WHOLE), moves_px=300)
    (found,) = with_faces(moving, shot([face], [], 0, 6_000), OUTPUT, SAMPLE_MS).faces
    assert found.box.width_px == pytest.approx(120 * 1.2 * 1080 / 404, abs=6)


def test_a_face_that_crosses_the_picture_has_a_box_for_each_part() -> None:
    face = track("face_1", lambda ms: (500, 100 + ms / 12), 0, 6_000)
    faces = with_faces(crop((300, WHOLE)), shot([face], [], 0, 6_000), OUTPUT, SAMPLE_MS).faces
    assert 2 <= len(faces) <= MOST_PARTS
    for sample in range(0, 6_000, SAMPLE_MS):
        (now,) = (one for one in faces if one.contains(sample))
        middle = (100 + sample / 12) * 1920 / 720
        assert now.box.y_px <= middle <= now.box.bottom_px
    assert all(one.out_ms == other.in_ms for one, other in pairwise(faces))


def test_a_face_that_comes_and_goes_has_a_box_for_each_stay() -> None:
    """Somebody who walks across a stage, in and out of a window that stands still."""
    walks = track("face_1", lambda ms: (500 if ms % 3000 < 1500 else 1100, 300), 0, 30_000)
    window = crop((300, WHOLE), end_ms=30_000)
    faces = with_faces(window, shot([walks], [], 0, 30_000), OUTPUT, SAMPLE_MS).faces
    assert [face.in_ms // 3000 for face in faces] == list(range(10))
    assert len({face.box for face in faces}) == 1


def test_faces_of_two_panels_are_each_in_their_own() -> None:
    left = track("face_1", lambda _: (300, 300), 0, 6_000, side_px=160)
    right = track("face_2", lambda _: (1000, 300), 0, 6_000, side_px=160)
    tracks = shot([left, right], [], 0, 6_000)
    found = with_faces(crop((0, HALVES[0]), (470, HALVES[1])), tracks, OUTPUT, SAMPLE_MS).faces
    assert {one.track: one.box.y_px // 960 for one in found} == {"face_1": 0, "face_2": 1}


def test_small_and_hidden_faces_do_not_count() -> None:
    tiny = track("face_1", lambda _: (500, 300), 0, 6_000, side_px=20)
    outside = track("face_2", lambda _: (150, 300), 0, 6_000, side_px=160)
    tracks = shot([tiny, outside], [], 0, 6_000)
    assert with_faces(crop((200, WHOLE)), tracks, OUTPUT, SAMPLE_MS).faces == ()
