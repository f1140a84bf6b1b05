"""No window holds a black bar: bars are found shot by shot and left out."""

from pathlib import Path

import pytest

from steps.media import ffmpeg
from steps.model import artifacts
from steps.model.crop import Crops
from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.tracks import Tracks
from steps.reframe.framing import shot_crops
from steps.reframe.inside import moved_in, moved_out
from steps.reframe.panels import person_region
from steps.reframe.pushes import pushes_of, with_pushes
from tests.steps.reframe.shots import CANVAS, talking
from tests.steps.render.jobs import step
from tests.steps.scenes import detected, prepare

BARS = {
    "above and below": (
        "pad=320:180:0:22:black",
        Box(x_px=0, y_px=24, width_px=320, height_px=132),
    ),
    "left and right": ("pad=320:180:40:0:black", Box(x_px=42, y_px=0, width_px=236, height_px=180)),
    "none": ("null", Box(x_px=0, y_px=0, width_px=320, height_px=180)),
}
SOURCES = {"above and below": "mandelbrot=s=320x136", "left and right": "testsrc2=s=240x180"}
PART_MS = 1600


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three shots: letterboxed, pillarboxed, and without bars."""
    folder = tmp_path_factory.mktemp("bars")
    inputs, chains = [], []
    for place, (name, (pad, _)) in enumerate(BARS.items()):
        source = f"{SOURCES.get(name, 'smptebars=s=320x180')}:rate=25"
        inputs += ["-f", "lavfi", "-t", str(PART_MS / 1000), "-i", source]
        chains.append(f"[{place}:v]{pad},setsar=1,format=yuv420p[p{place}]")
    graph = ";".join(chains) + ";[p0][p1][p2]concat=n=3"
    film = folder / "film.mp4"
    ffmpeg.run([*inputs, "-filter_complex", graph, "-c:v", "libx264", "-crf", "20", str(film)])
    prepare(film, folder, Span(in_ms=0, out_ms=3 * PART_MS), sound=False)
    detected(folder, detector="off")
    return folder


@pytest.mark.parametrize("layout", ["centre", "fit"])
def test_windows_stay_inside_the_bars_of_their_shot(job: Path, layout: str) -> None:
    (clip,) = Tracks.from_file(job / artifacts.TRACKS.path).clips
    assert [shot.inside for shot in clip.shots] == [
        None if name == "none" else box for name, (_, box) in BARS.items()
    ]
    assert step("reframe", job, f"--layout={layout}") == 0
    (planned,) = Crops.from_file(job / artifacts.CROPS.path).clips
    for shot, (_, box) in zip(planned.shots, BARS.values(), strict=True):
        (region,) = shot.regions
        (place,) = region.keyframes
        left, top = place.x_mpx / 1000, place.y_mpx / 1000
        assert box.x_px <= left
        assert left + region.window.width_px <= box.right_px
        assert box.y_px <= top
        assert top + region.window.height_px <= box.bottom_px
        if layout == "fit":
            assert (region.window.width_px, region.window.height_px) == (
                box.width_px,
                box.height_px,
            )


def test_faces_move_with_the_picture_and_windows_move_back() -> None:
    inside = Box(x_px=100, y_px=90, width_px=1000, height_px=540)
    shot = talking(300, y=150)
    moved = moved_in(shot, inside)
    (before,), (after,) = shot.tracks, moved.tracks
    first, second = before.detections[0], after.detections[0]
    assert second.box.x_px == first.box.x_px - 100
    assert second.box.bottom_px == first.box.bottom_px - 90
    size = Size(width_px=1000, height_px=540)
    for crop in shot_crops(moved, "focus", size, 200, CANVAS):
        (region,) = moved_out(crop, inside).regions
        for key in region.keyframes:
            assert 100_000 <= key.x_mpx <= 1000 * (1100 - region.window.width_px)
            assert 90_000 <= key.y_mpx <= 1000 * (630 - region.window.height_px)


def test_a_face_in_the_bars_has_a_window_too() -> None:
    """Bars that slide in while a shot goes on cover what was seen before."""
    inside = Box(x_px=0, y_px=300, width_px=1280, height_px=400)
    shot = moved_in(talking(640, y=200), inside)
    size = Size(width_px=1280, height_px=400)
    (crop,) = shot_crops(shot, "focus", size, 200, CANVAS)
    assert with_pushes(crop, shot, pushes_of(shot, (), ())).subject == "face_1"
    region = person_region(shot.tracks[0], shot, Box.whole(size), size, 200, CANVAS.whole)
    assert min(region.window.width_px, region.window.height_px) >= 2
