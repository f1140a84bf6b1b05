"""Which layout a shot gets."""

from typing import Literal

import pytest

from steps.model.geometry import Size
from steps.model.tracks import ShotTracks
from steps.reframe.layouts import layout_of
from tests.steps.reframe.shots import shot, talking, track

HD = Size(width_px=1280, height_px=720)


def empty(detail: int, motion: int) -> ShotTracks:
    return shot([], [], 0, 6_000, detail=detail, motion=motion)


def seen_for(ms: int) -> ShotTracks:
    face = track("face_1", lambda _: (600, 300), 0, ms)
    return shot([face], [(0, 6_000, "face_1")], 0, 6_000)


def inset(motion: int, side_px: int) -> ShotTracks:
    face = track("face_1", lambda _: (1100, 600), 0, 6_000, side_px)
    return shot([face], [(0, 6_000, "face_1")], 0, 6_000, detail=80, motion=motion)


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        (talking(600), "focus"),
        (empty(detail=50, motion=0), "fit"),  # a slide
        (empty(detail=50, motion=20), "centre"),  # a street
        (empty(detail=3, motion=0), "centre"),  # black
        (seen_for(3_200), "focus"),
        (seen_for(2_400), "centre"),
        (talking(600, side_px=30), "centre"),  # a face too small to follow
        (inset(motion=1, side_px=74), "fit"),  # a camera in the corner of a screen
        (inset(motion=5, side_px=74), "focus"),
        (inset(motion=1, side_px=140), "focus"),
    ],
)
def test_auto(tracks: ShotTracks, expected: str) -> None:
    assert layout_of(tracks, HD, "auto") == expected


@pytest.mark.parametrize(
    ("asked", "tracks", "expected"),
    [
        ("fit", talking(600), "fit"),
        ("centre", talking(600), "centre"),
        ("focus", seen_for(1_000), "focus"),
        ("focus", empty(detail=50, motion=0), "centre"),
    ],
)
def test_asked_for(
    asked: Literal["focus", "fit", "centre"], tracks: ShotTracks, expected: str
) -> None:
    assert layout_of(tracks, HD, asked) == expected
