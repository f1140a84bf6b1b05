"""Screens, slides and games from the film to the finished pixels, judged by the film's truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from steps.contract import Context
from steps.contract.context import Progress
from steps.media.frames import every
from steps.model import artifacts
from steps.model.crop import ClipCrops, Crops, Region, ShotCrop
from steps.model.geometry import Box, Size, even
from steps.model.timing import Span
from steps.model.tracks import Tracks
from steps.model.transcript import Transcript
from steps.reframe import STEP, ReframeParams
from steps.reframe.work import run
from tests.media.fixtures import Film
from tests.media.screens import CHART, LEFT_MS, MS, PEOPLE, SCREENS, THERE_MS
from tests.media.truth import Truth
from tests.steps.render.jobs import render, step
from tests.steps.scenes import detected, prepare

pytestmark = pytest.mark.slow

SHRINK = 4
"""Tests render the plan at a quarter of its size."""
PIXELS_APART = 12.0
"""Greatest mean difference of brightness between a panel and the part of the source in it."""


@dataclass(frozen=True)
class Framed:
    """A scene after detect and reframe."""

    job: Path
    film: Path
    truth: Truth
    tracks: Tracks
    plan: Crops

    @property
    def shots(self) -> tuple[ShotCrop, ...]:
        return self.plan.clips[0].shots

    def frames(self) -> Iterator[tuple[int, int, ShotCrop]]:
        """Number and time of each frame, and its crop."""
        for number in range(self.truth.frames):
            now = round(number * 1000 / self.truth.fps)
            for one in self.shots:
                if one.contains(now):
                    yield number, now, one


@pytest.fixture(scope="module")
def framed(
    media: Callable[[str], Film], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Framed]:
    known: dict[str, Framed] = {}

    def scene(name: str) -> Framed:
        if name not in known:
            film, truth = media(name)
            job = tmp_path_factory.mktemp(name)
            prepare(film, job, Span(in_ms=0, out_ms=MS), sound=False)
            tracks, _ = detected(job)
            plan = planned(job)
            known[name] = Framed(job, film, truth, tracks, plan)
        return known[name]

    return scene


def planned(job: Path, **params: object) -> Crops:
    context = Context(
        STEP, ReframeParams.model_validate(params), job, job, job / "scratch", Progress(None)
    )
    run(context)
    return Crops.from_file(job / artifacts.CROPS.path)


def box_of(rect: tuple[int, int, int, int]) -> Box:
    left, top, width, height = rect
    return Box(x_px=left, y_px=top, width_px=width, height_px=height)


def window_at(region: Region, now: int) -> tuple[float, float, float, float]:
    times = [key.time_ms for key in region.keyframes]
    x, y = (
        float(np.interp(now, times, [getattr(key, axis) / 1000 for key in region.keyframes]))
        for axis in ("x_mpx", "y_mpx")
    )
    return x, y, x + region.window.width_px, y + region.window.height_px


@pytest.mark.parametrize("name", SCREENS)
def test_the_layout_and_the_insets(framed: Callable[[str], Framed], name: str) -> None:
    seen, right = framed(name), SCREENS[name]
    assert {one.layout for one in seen.shots} == {right.layout}
    (shot,) = seen.tracks.clips[0].shots
    found = shot.screen.insets if shot.screen else ()
    assert len(found) == len(right.insets)
    frame_ms = 1000 / seen.truth.fps
    for inset, (from_ms, rect) in zip(found, right.insets, strict=True):
        assert inset.box.iou(box_of(rect)) >= 0.85
        assert 0 <= inset.in_ms - from_ms <= frame_ms
        assert inset.round == (name == "webcam_round")
    if found:
        assert [(one.track, one.in_ms) for one in shot.turns] == [
            (one.track, one.in_ms) for one in found
        ]


@pytest.mark.parametrize("name", [name for name, one in SCREENS.items() if one.insets])
def test_each_panel_has_what_belongs_there(framed: Callable[[str], Framed], name: str) -> None:
    """In every frame: no part of the camera in the screen's window, the whole face in its own."""
    seen = framed(name)
    for number, now, crop in seen.frames():
        screen, camera = crop.regions
        rect = [rect for from_ms, rect in SCREENS[name].insets if from_ms <= now][-1]
        left, top, right, bottom = window_at(screen, now)
        assert (
            right <= rect[0]
            or left >= rect[0] + rect[2]
            or (bottom <= rect[1] or top >= rect[1] + rect[3])
        )
        face = seen.truth.faces["guest"][number]
        assert face is not None
        left, top, right, bottom = window_at(camera, now)
        assert left <= face[0]
        assert face[0] + face[2] <= right
        assert top <= face[1]
        assert face[1] + face[3] <= bottom
        assert screen.target.area_px >= 0.5 * 1080 * 1056
        assert screen.target.width_px / screen.window.width_px >= 0.6


@pytest.mark.parametrize("name", [name for name, one in SCREENS.items() if one.tiles])
def test_cameras_at_once_have_a_panel_each(framed: Callable[[str], Framed], name: str) -> None:
    """In every frame: one whole face in each window, of its own tile; no tile in the screen's."""
    seen, tiles = framed(name), SCREENS[name].tiles
    (shot,) = seen.tracks.clips[0].shots
    assert shot.screen is not None
    assert shot.screen.is_call == name.startswith("call")
    found = sorted(shot.screen.tiles, key=lambda one: (one.box.y_px, one.box.x_px))
    assert all(one.box.iou(box_of(rect)) >= 0.85 for one, rect in zip(found, tiles, strict=True))
    (crop,) = seen.shots
    screen, cameras = crop.regions[: -len(tiles)], crop.regions[-len(tiles) :]
    whole = Box(x_px=0, y_px=0, width_px=1080, height_px=1920)
    assert sum(one.target.area_px for one in cameras) == whole.area_px * (0.45 if screen else 1)
    for region in screen:
        left, top, right, bottom = (round(edge) for edge in window_at(region, 0))
        window = Box.of_edges(left, top, right, bottom)
        assert not any((window & box_of(rect)).area_px for rect in tiles)
        for text in seen.truth.shots[0].texts:
            x, y, width, height = text.box
            assert left <= x < x + width <= right
            assert top <= y < y + height <= bottom
    for number, now, _ in seen.frames():
        for region, rect, who in zip(cameras, tiles, PEOPLE, strict=False):
            left, top, right, bottom = window_at(region, now)
            assert rect[0] <= left < right <= rect[0] + rect[2]
            assert rect[1] - 3 <= top < bottom <= rect[1] + rect[3] + 3
            x, y, width, height = seen.truth.faces[who][number] or (0, 0, 0, 0)
            assert left <= x < x + width <= right
            assert top <= y < y + height <= bottom


@pytest.mark.parametrize("name", ["slide_alone", "slide_with_face"])
def test_a_slide_fills_the_width_with_its_text(framed: Callable[[str], Framed], name: str) -> None:
    seen = framed(name)
    (crop,) = seen.shots
    (region,) = crop.regions
    assert region.target.width_px == 1080
    left, top, right, bottom = window_at(region, 0)
    texts = seen.truth.shots[0].texts
    assert len(texts) == len(CHART.texts)
    for text in texts:
        x, y, width, height = text.box
        assert left <= x < x + width <= right
        assert top <= y < y + height <= bottom
    assert right - left < 0.9 * seen.plan.size.width_px, "its margins are trimmed"
    colour = [int(crop.background[start : start + 2], 16) for start in (1, 3, 5)]
    wanted = [int(CHART.top[start : start + 2], 16) for start in (0, 2, 4)]
    assert np.abs(np.subtract(colour, wanted)).max() <= 6


def shrunk(plan: Crops) -> Crops:
    """The plan for an output of a quarter of the size."""

    def target(box: Box) -> Box:
        edges = (box.x_px, box.y_px, box.right_px, box.bottom_px)
        return Box.of_edges(*(even(edge / SHRINK) for edge in edges))

    clips = tuple(
        ClipCrops(
            id=clip.id,
            shots=tuple(
                shot.model_copy(
                    update={
                        "faces": (),
                        "texts": (),
                        "regions": tuple(
                            one.model_copy(update={"target": target(one.target)})
                            for one in shot.regions
                        ),
                    }
                )
                for shot in clip.shots
            ),
        )
        for clip in plan.clips
    )
    output = Size(
        width_px=plan.output.width_px // SHRINK, height_px=plan.output.height_px // SHRINK
    )
    return plan.model_copy(update={"output": output, "clips": clips})


@pytest.mark.parametrize("name", ["moving_inset", "slide_alone", "webcam_round"])
def test_the_finished_pixels(framed: Callable[[str], Framed], name: str) -> None:
    """Each panel is the part of the source that the plan names, the rest is the plain colour."""
    seen = framed(name)
    plan = shrunk(seen.plan)
    words = Transcript(engine="captions", language="en", duration_ms=MS, words=())
    (seen.job / artifacts.TRANSCRIPT.path).write_bytes(words.canonical_bytes())
    (seen.job / artifacts.CROPS.path).write_bytes(plan.canonical_bytes())
    assert step("caption", seen.job, "--captions=sidecar") == 0
    assert render(seen.job) == 0
    output, size = plan.output, plan.size
    made = [one.pixels for one in every(seen.job / "clips" / "clip_01.mp4")]
    source = [one.pixels for one in every(seen.film)]
    assert made[0].shape[:2] == (output.height_px, output.width_px)
    assert source[0].shape[:2] == (size.height_px, size.width_px)
    rate = len(made) // len(source)
    for number, pixels in enumerate(source):
        now = round(number * 1000 / seen.truth.fps)
        (crop,) = (one for one in plan.clips[0].shots if one.contains(now))
        drawn = made[number * rate].astype(int)
        rest = np.ones(drawn.shape[:2], bool)
        for region in crop.regions:
            left, top = (even(edge) for edge in window_at(region, now)[:2])
            right, bottom = left + region.window.width_px, top + region.window.height_px
            target = region.target
            there = (slice(target.y_px, target.bottom_px), slice(target.x_px, target.right_px))
            wanted = cv2.resize(
                pixels[top:bottom, left:right],
                (target.width_px, target.height_px),
                interpolation=cv2.INTER_AREA,
            )
            assert np.abs(drawn[there] - wanted).mean() <= PIXELS_APART, (number, target)
            rest[there] = False
        if rest.any():
            red, green, blue = (int(crop.background[at : at + 2], 16) for at in (1, 3, 5))
            assert np.abs(drawn[rest] - (blue, green, red)).mean() <= 3


def test_the_camera_may_lie_over_the_screen(framed: Callable[[str], Framed]) -> None:
    seen = framed("webcam_bottom_right")
    (crop,) = planned(seen.job, stack_webcam="over").clips[0].shots
    screen, camera = (region.target for region in crop.regions)
    assert screen & camera == camera
    assert camera.width_px == camera.height_px < screen.width_px / 2
    assert camera.centre_x_px > screen.centre_x_px, "on the side where it was"


def test_the_screens_part_is_a_param(framed: Callable[[str], Framed]) -> None:
    seen = framed("webcam_bottom_right")
    (crop,) = planned(seen.job, stack_screen_percent=40).clips[0].shots
    assert crop.regions[1].target == Box(x_px=0, y_px=768, width_px=1080, height_px=1152)


def test_an_empty_camera_is_not_shown(media: Callable[[str], Film], tmp_path: Path) -> None:
    """From when the presenter was last seen up to when they are seen again, to a sample."""
    prepare(media("webcam_left")[0], tmp_path, Span(in_ms=0, out_ms=LEFT_MS), sound=False)
    detected(tmp_path)
    shots = planned(tmp_path).clips[0].shots
    assert [one.layout for one in shots] == ["stack", "fit", "stack", "fit"]
    there = [(one.in_ms, one.out_ms) for one in shots[::2]]
    assert there[0][0] == 0
    assert np.abs(np.subtract(there, THERE_MS)).max() <= 200


def test_a_stack_without_a_webcam_falls_back(framed: Callable[[str], Framed]) -> None:
    seen = framed("slide_alone")
    params = ReframeParams(layout="stack")
    context = Context(STEP, params, seen.job, seen.job, seen.job / "scratch", Progress(None))
    run(context)
    (noted,) = context.degradations
    assert noted.code == "no-stack"
    assert noted.message == (
        "clip_01 has 1 of 1 shots without a webcam for --layout=stack, the first at 0 ms: "
        "they are shown as fit"
    )
