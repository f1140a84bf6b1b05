"""The vernier of a push-in: near enough in every frame, in numbers and in pixels."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from steps.media import ffmpeg
from steps.model.crop import Keyframe, ShotCrop
from steps.model.geometry import Box, Size, even
from steps.render.camera import camera
from steps.render.plan import FrameRun, Grid, Pane
from steps.render.vernier import ZOOM
from steps.render.viewer_checks import HIGHEST_JITTER_PX
from steps.render.zoom import border_px, cuts
from tests.steps.render.jobs import FULL, focus, make_job, render

FRAMES = 90


def pane(size: Size, output: Size) -> Pane:
    """A push-in by 8 %, with the eyes at a third of the height."""
    across = even(size.height_px * output.width_px / output.height_px)
    window = Size(width_px=min(across, size.width_px), height_px=size.height_px)
    done = np.linspace(0, 1, FRAMES)
    closer = 1 + 0.08 * done**2 * (3 - 2 * done)
    middles = size.height_px / 2 - (1 - 1 / closer) * size.height_px / 6
    centres = tuple((size.width_px / 2 + 1.3, float(y)) for y in middles)
    return Pane(window, Box.whole(output), centres, tuple(map(float, closer)))


@pytest.mark.parametrize(
    ("width", "height", "output", "most_px"),
    [
        (1920, 1080, FULL, 0.2),
        (1280, 720, FULL, 0.3),
        (3840, 2160, FULL, 0.1),
        (854, 480, FULL, 0.5),
        (1920, 1080, Size(width_px=1080, height_px=1080), 0.8),
        (1280, 720, Size(width_px=1080, height_px=1350), 1.3),
    ],
)
def test_every_frame_is_near(width: int, height: int, output: Size, most_px: float) -> None:
    size = Size(width_px=width, height_px=height)
    planned = pane(size, output)
    errors = []
    for place, axes in enumerate(cuts(planned, size)):
        for axis, (cut, length, target) in enumerate(
            zip(axes, (width, height), (output.width_px, output.height_px), strict=True)
        ):
            border = border_px(length)
            shown = planned.sides_px(place)[axis] / (1 + ZOOM)
            wanted = planned.centres_px[place][axis] - shown / 2 + border
            first, last = cut.shown_px(target)
            scale = target / shown
            errors += [(first - wanted) * scale, (last - wanted - shown) * scale]
            assert first >= border - 1
            assert last <= border + length + 1
            assert cut.first + cut.window <= length + 2 * border
            sides = (cut.window, cut.scaled, cut.first, cut.second)
            assert all(side % 2 == 0 for side in sides)
    assert np.abs(errors).max() <= most_px
    assert float(np.sqrt(np.mean(np.square(errors)))) <= HIGHEST_JITTER_PX


def test_the_gate_measures_a_push_in() -> None:
    grid = Grid(Fraction(30), FRAMES, 0, 0, 0)
    size = Size(width_px=1920, height_px=1080)
    good = pane(size, FULL)
    trembling = tuple(one + 0.002 * (place % 2) for place, one in enumerate(good.closer))
    back = good.closer[: FRAMES // 2] + good.closer[: FRAMES // 2][::-1]
    found = []
    for closer in (good.closer, trembling, back):
        shaken = Pane(good.window, good.target, good.centres_px, closer)
        run = FrameRun(0, FRAMES, "none", (shaken,))
        found.append(camera([], [], [run], [], grid, size))
    assert [one.jitter_px is not None and one.jitter_px <= 0.15 for one in found] == [
        True, False, True,
    ]  # fmt: skip
    assert [bool(one.reversals_per_s) for one in found] == [False, False, True]


@pytest.mark.slow
def test_a_push_in_glides(tmp_path: Path) -> None:
    width, height = 1280, 720
    picture = np.full((height, width, 3), 60, np.uint8)
    for y in range(40, height, 80):
        for x in range(460, 840, 60):
            cv2.circle(picture, (16 * x, 16 * y), 16 * 7, (230, 230, 230), -1, cv2.LINE_AA, 4)
    still, source = tmp_path / "dots.png", tmp_path / "source.mp4"
    cv2.imwrite(str(still), picture)
    loop = ["-loop", "1", "-framerate", "30", "-t", "1.6", "-i", str(still)]
    tone = ["-f", "lavfi", "-i", "sine=440:d=1.6"]
    coding = ["-c:v", "libx264", "-crf", "8", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    ffmpeg.run([*loop, *tone, *coding, str(source)])

    def shots(size: Size) -> list[ShotCrop]:
        crop = focus(size, (0, 1200), [(0, 438_000)], FULL)
        keys = tuple(
            Keyframe(time_ms=time, x_mpx=438_000, y_mpx=y, closer_ppm=ppm)
            for time, y, ppm in ((0, 0, 0), (200, 0, 0), (1200, -4_000, 30_000))
        )
        return [crop.model_copy(update={"regions": (crop.regions[0].model_copy(
            update={"keyframes": keys}),)})]  # fmt: skip

    job = make_job(tmp_path / "job", source, (0, 1200), shots, output=FULL)
    assert render(job, "--crf=12") == 0
    with av.open(str(job / "clips/clip_01.mp4")) as container:
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    places = np.array([_dots(picture) for picture in pictures])
    spread = places[:, :, 1].max(axis=1) - places[:, :, 1].min(axis=1)
    assert spread[-1] / spread[0] == pytest.approx(1.03 * (1 - 1 / 3600), abs=0.003)
    frames = np.arange(len(pictures))[10:]
    away = []
    for path in places[10:].reshape(len(frames), -1).T:
        away.append(path - np.polyval(np.polyfit(frames, path, 2), frames))
    rms = float(np.sqrt(np.mean(np.square(away))))
    print(f"{rms:.3f} px RMS")
    assert rms <= 0.12


def _dots(picture: np.ndarray) -> list[tuple[float, float]]:
    """The middles of the dots in the inner part of a picture, from row to row."""
    _, _, stats, middles = cv2.connectedComponentsWithStats((picture > 150).astype(np.uint8))
    found = []
    for (x, y), area in zip(middles[1:], stats[1:, 4], strict=True):
        if area > 300 and 100 < x < 980 and 180 < y < 1740:
            left, top = round(x) - 32, round(y) - 32
            part = np.clip(picture[top : top + 65, left : left + 65].astype(float) - 110, 0, None)
            down, across = np.mgrid[:65, :65]
            total = part.sum()
            found.append((left + (part * across).sum() / total, top + (part * down).sum() / total))
    return sorted(found, key=lambda one: (round(one[1] / 60), one[0]))
