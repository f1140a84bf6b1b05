"""People in panels: each whole in their own, nobody cut, together where they fit."""

from collections.abc import Sequence

import pytest

from steps.model.canvas import Canvas
from steps.model.crop import Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.layouts import LayoutName
from steps.model.screens import Inset, Screen
from steps.model.tracks import ShotTracks, Track
from steps.reframe.layouts import Seen
from steps.reframe.people import cast_of
from steps.reframe.shots import crops_of_shot
from steps.reframe.stacks import StackStyle
from tests.steps.reframe.shots import CANVAS, SAMPLE_MS, shot, track

HD = Size(width_px=1280, height_px=720)
LENGTH_MS = 8_000


def people(*xs: float, side_px: int = 110) -> ShotTracks:
    """They speak in turn, two seconds each, and sway a little."""
    names = [f"face_{number + 1}" for number in range(len(xs))]

    def face(name: str, x: float) -> Track:
        return track(name, lambda ms: (x + 6 * (ms // 400 % 2), 300), 0, LENGTH_MS, side_px)

    turns = [
        (start, start + 2_000, names[number % len(names)])
        for number, start in enumerate(range(0, LENGTH_MS, 2_000))
    ]
    return shot([face(*one) for one in zip(names, xs, strict=True)], turns, 0, LENGTH_MS)


def framed(tracks: ShotTracks, layout: LayoutName, canvas: Canvas = CANVAS) -> ShotCrop:
    (crop,) = crops_of_shot(Seen(tracks, HD), layout, SAMPLE_MS, canvas, StackStyle())
    return crop


def share_shown(region: Region, face: Box, now: int) -> float:
    """How much of a face a panel shows."""
    left, top, right, bottom = region.placed(face, now)
    target = region.target
    across = max(0.0, min(right, target.right_px) - max(left, target.x_px))
    down = max(0.0, min(bottom, target.bottom_px) - max(top, target.y_px))
    return across * down / ((right - left) * (bottom - top))


@pytest.mark.parametrize(
    ("layout", "xs"),
    [
        ("split", (200, 1000)),
        ("split", (300, 820)),
        ("split", (70, 1210)),
        ("grid", (150, 640, 1130)),
        ("grid", (120, 450, 800, 1150)),
    ],
)
def test_each_face_is_whole_in_its_own_panel_only(layout: LayoutName, xs: Sequence[float]) -> None:
    tracks = people(*xs)
    crop = framed(tracks, layout)
    assert crop.layout == layout
    assert len(crop.regions) == len(xs)
    for number, region in enumerate(crop.regions):
        for other, one in enumerate(tracks.tracks):
            shares = {
                round(share_shown(region, seen.box, seen.time_ms), 3) for seen in one.detections
            }
            assert shares == {1.0 if other == number else 0.0}


@pytest.mark.parametrize(("layout", "xs"), [("split", (200, 1000)), ("grid", (150, 640, 1130))])
@pytest.mark.parametrize("aspect", ["9:16", "4:5", "1:1"])
def test_panels_cover_any_output_and_keep_the_shape(
    layout: LayoutName, xs: Sequence[float], aspect: str
) -> None:
    canvas = Canvas.of(aspect, 720)
    crop = framed(people(*xs), layout, canvas)
    targets = [region.target for region in crop.regions]
    assert sum(one.area_px for one in targets) == canvas.whole.area_px
    for region in crop.regions:
        across = region.target.width_px / region.window.width_px
        down = region.target.height_px / region.window.height_px
        assert across == pytest.approx(down, rel=0.03)


def test_who_is_not_shown_is_not_cut_either() -> None:
    tracks = people(200, 560, 1000)
    listener = tracks.tracks[1].id
    turns = [
        turn.model_copy(update={"track": "face_1"}) if turn.track == listener else turn
        for turn in tracks.turns
    ]
    silent = tracks.model_copy(update={"turns": tuple(turns)})
    crop = framed(silent, "split")
    for region in crop.regions:
        for seen in tracks.tracks[1].detections:
            assert share_shown(region, seen.box, seen.time_ms) == 0


def test_two_who_fit_one_window_share_it() -> None:
    crop = framed(people(540, 760), "split")
    assert crop.layout == "focus"
    (region,) = crop.regions
    for one in people(540, 760).tracks:
        for seen in one.detections:
            assert share_shown(region, seen.box, seen.time_ms) == pytest.approx(1)


def test_one_who_is_lost_and_found_is_one_person() -> None:
    first = track("face_1", lambda _: (300, 300), 0, 3_000)
    second = track("face_2", lambda _: (310, 305), 4_000, LENGTH_MS)
    turns = [(0, 3_500, "face_1"), (3_500, LENGTH_MS, "face_2")]
    cast = cast_of(shot([first, second], turns, 0, LENGTH_MS), HD)
    assert [one.id for one in cast.people] == ["face_1"]
    assert [(turn.in_ms, turn.out_ms) for turn in cast.turns] == [(0, LENGTH_MS)]


@pytest.mark.parametrize("aspect", ["9:16", "4:5", "1:1"])
@pytest.mark.parametrize("is_round", [False, True])
def test_a_wide_panel_neither_cuts_nor_chases_a_head_that_nods(aspect: str, is_round: bool) -> None:
    inset = Box(x_px=1000, y_px=520, width_px=200, height_px=200 if is_round else 150)
    middle = inset.y_px + inset.height_px // 2 + 8
    nods = (0, 2, 5, 2, 0, -3)
    face = track("face_1", lambda ms: (1100, middle + nods[ms // 200 % 6]), 0, LENGTH_MS, 70)
    seen = shot([face], [(0, LENGTH_MS, "face_1")], 0, LENGTH_MS, motion=0)
    laid = Inset(in_ms=0, out_ms=LENGTH_MS, box=inset, round=is_round, track="face_1")
    screen = Screen(content=Box.whole(HD), colour="#FFFFFF", insets=(laid,))
    canvas = Canvas.of(aspect, 1080)
    crop = framed(seen.model_copy(update={"screen": screen}), "stack", canvas)
    camera = crop.regions[1]
    assert len(camera.keyframes) == 1
    for one in face.detections:
        assert share_shown(camera, one.box, one.time_ms) == 1
    area = sum(region.target.area_px for region in crop.regions)
    assert (crop.background == "none") == (area == canvas.whole.area_px)
