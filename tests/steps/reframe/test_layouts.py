"""Which layout a shot gets."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from steps.__main__ import main
from steps.model.clips import LayoutHint
from steps.model.crop import Crops
from steps.model.geometry import Box, Size
from steps.model.layouts import LAYOUTS, LayoutName
from steps.model.screens import Inset, Screen
from steps.model.tracks import ClipTracks, ShotTracks, Tracks
from steps.reframe.layouts import TALL, Asked, Seen, layouts_of
from tests.steps.reframe.shots import SAMPLE_MS, shot, talking, track

HD = Size(width_px=1280, height_px=720)
CAMERA = Box(x_px=940, y_px=500, width_px=300, height_px=180)


def seen(tracks: ShotTracks, hint: LayoutHint = "", *, is_tall: bool = True) -> Seen:
    return Seen(tracks, HD, hint, TALL if is_tall else HD)


def empty(detail: int, motion: int) -> ShotTracks:
    return shot([], [], 0, 6_000, detail=detail, motion=motion)


def seen_for(ms: int) -> ShotTracks:
    face = track("face_1", lambda _: (600, 300), 0, ms)
    return shot([face], [(0, 6_000, "face_1")], 0, 6_000)


def seen_aside(ms: int, side_px: int = 120) -> ShotTracks:
    face = track("face_1", lambda _: (1000, 300), 0, ms, side_px)
    return shot([face], [(0, 6_000, "face_1")], 0, 6_000)


def drawn(motion: int, side_px: int) -> ShotTracks:
    face = track("face_1", lambda _: (1100, 600), 0, 6_000, side_px)
    return shot([face], [(0, 6_000, "face_1")], 0, 6_000, detail=80, motion=motion)


def with_screen(tracks: ShotTracks, *, inset: bool) -> ShotTracks:
    insets = (Inset(in_ms=tracks.in_ms, out_ms=tracks.out_ms, box=CAMERA, track="face_1"),)
    screen = Screen(
        content=Box(x_px=100, y_px=60, width_px=1000, height_px=600),
        colour="#FFFFFF",
        insets=insets if inset else (),
    )
    return tracks.model_copy(update={"screen": screen})


def printed(tracks: ShotTracks) -> ShotTracks:
    """The same, its faces on paper."""
    still = tuple(one.model_copy(update={"lives": False}) for one in tracks.tracks)
    return tracks.model_copy(update={"tracks": still})


def pair(turn_ms: int, *, at: Sequence[float] = (250, 1000), out_ms: int = 12_000) -> ShotTracks:
    """Two or more people who speak in turn."""
    names = [f"face_{number + 1}" for number in range(len(at))]
    faces = [
        track(name, lambda _, x=x: (x, 300), 0, out_ms)  # type: ignore[misc]
        for name, x in zip(names, at, strict=True)
    ]
    starts = range(0, out_ms, turn_ms)
    turns = [
        (start, min(out_ms, start + turn_ms), names[number % len(names)])
        for number, start in enumerate(starts)
    ]
    return shot(faces, turns, 0, out_ms)


def with_mouths(tracks: ShotTracks, *moves: Callable[[int], int]) -> ShotTracks:
    """The same, each face's mouth moving by so many thousandths at a time."""
    moving = tuple(
        one.model_copy(
            update={
                "detections": tuple(
                    seen.model_copy(update={"mouth": move(seen.time_ms)}) for seen in one.detections
                )
            }
        )
        for one, move in zip(tracks.tracks, moves, strict=True)
    )
    return tracks.model_copy(update={"tracks": moving})


def alone() -> ShotTracks:
    """Two people, of whom one has the turn throughout."""
    shown = pair(12_000)
    return shown.model_copy(update={"turns": shown.turns[:1]})


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (lambda _: 12, "focus"),  # listens
        (lambda at: 250 if 3_000 <= at < 6_400 else 12, "split"),  # speaks into the turn
        (lambda at: 250 if 3_000 <= at < 3_800 else 12, "focus"),  # laughs for a moment
    ],
)
def test_who_talk_at_the_same_time_are_both_shown(
    other: Callable[[int], int], expected: str
) -> None:
    shown = with_mouths(alone(), lambda at: 300 if at % 600 else 0, other)
    assert layouts_of([seen(shown)], "auto") == [expected]


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
        (seen_aside(2_400), "focus"),  # a window in the middle would be empty
        (seen_aside(6_000, side_px=30), "focus"),
        (seen_aside(1_000), "centre"),
        (drawn(motion=1, side_px=74), "fit"),  # a face in the corner of a screen
        (drawn(motion=5, side_px=74), "focus"),
        (drawn(motion=1, side_px=140), "focus"),
        (with_screen(drawn(motion=1, side_px=74), inset=True), "stack"),
        (with_screen(drawn(motion=90, side_px=74), inset=True), "stack"),  # a game
        (with_screen(drawn(motion=0, side_px=140), inset=False), "focus"),
        (with_screen(printed(drawn(motion=0, side_px=140)), inset=False), "fit"),
        (pair(2_000), "split"),
        (pair(4_000), "focus"),
        (pair(2_400, out_ms=4_800), "split"),  # both talk in a short shot
        (pair(6_000), "focus"),
        (pair(2_000, at=(150, 640, 1100)), "grid"),
        (pair(1_500, at=(150, 480, 800, 1100)), "grid"),
    ],
)
def test_a_shot_by_itself(tracks: ShotTracks, expected: str) -> None:
    assert layouts_of([seen(tracks)], "auto") == [expected]


@pytest.mark.parametrize(
    ("tracks", "hint", "expected"),
    [
        (pair(3_000), "conversation", "split"),
        (empty(detail=50, motion=20), "screen-share", "fit"),
        (drawn(motion=1, side_px=74), "talking-head", "focus"),
    ],
)
def test_what_is_said_gives_a_hint(tracks: ShotTracks, hint: LayoutHint, expected: str) -> None:
    assert layouts_of([seen(tracks)], "auto") != [expected]
    assert layouts_of([seen(tracks, hint)], "auto") == [expected]


def test_a_wide_output_has_no_panels() -> None:
    shots = [pair(2_000), with_screen(drawn(motion=1, side_px=74), inset=True)]
    found = layouts_of([seen(one, is_tall=False) for one in shots], "auto")
    assert found == ["focus", "fit"]


def test_shots_of_one_set_have_one_layout() -> None:
    quick, slow, other = pair(2_000), pair(4_000, out_ms=8_000), pair(4_000, at=(250, 700))
    assert layouts_of([seen(one) for one in (quick, slow, other)], "auto") == [
        "split", "split", "focus",
    ]  # fmt: skip
    short = pair(2_000, out_ms=4_000)
    assert layouts_of([seen(slow), seen(short)], "auto") == ["focus", "focus"]


@pytest.mark.parametrize(
    ("asked", "tracks", "expected"),
    [
        ("fit", talking(600), "fit"),
        ("centre", talking(600), "centre"),
        ("focus", seen_for(1_000), "focus"),
        ("focus", empty(detail=50, motion=0), "centre"),
        ("stack", with_screen(drawn(motion=1, side_px=74), inset=True), "stack"),
        ("stack", empty(detail=50, motion=0), "fit"),
        ("split", pair(6_000), "split"),
        ("split", talking(600), "focus"),
        ("grid", pair(6_000, at=(150, 640, 1100)), "grid"),
        ("grid", pair(6_000), "focus"),
    ],
)
def test_asked_for(asked: Asked, tracks: ShotTracks, expected: str) -> None:
    assert layouts_of([seen(tracks)], asked) == [expected]


def test_the_table_has_every_name() -> None:
    assert set(LAYOUTS) == set(LayoutName.__args__)  # type: ignore[attr-defined]


def test_each_aspect_has_a_plan_and_the_first_keeps_its_bytes(tmp_path: Path) -> None:
    clips = tuple(ClipTracks(id=f"clip_0{n}", shots=(talking(600),)) for n in (1, 2))
    tracks = Tracks(
        size=HD, sample_ms=SAMPLE_MS, detector="centerface", speaker_method="mouth", clips=clips
    )
    made = {}
    for aspects in ("4:5", "4:5,16:9"):
        folder = tmp_path / aspects
        folder.mkdir()
        (folder / "tracks.json").write_bytes(tracks.canonical_bytes())
        assert main(["reframe", f"--aspect={aspects}", f"--out={folder}"]) == 0
        made[aspects] = folder
    one, two = made.values()
    assert (one / "crops.json").read_bytes() == (two / "crops.json").read_bytes()
    assert not (one / "crops").exists()
    further = Crops.from_file(two / "crops/16x9.json")
    assert (further.output.width_px, further.output.height_px) == (1920, 1080)
    assert json.loads((one / "clip_ids.json").read_bytes()) == ["clip_01", "clip_02"]
    assert json.loads((two / "clip_ids.json").read_bytes()) == [
        "clip_01", "clip_01_16x9", "clip_02", "clip_02_16x9",
    ]  # fmt: skip
