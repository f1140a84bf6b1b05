"""The thumbnail is the sharpest frame with a face."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from steps.media import ffmpeg
from steps.model.crop import Crops, ShownFace
from steps.model.geometry import Box, Size
from steps.render.thumbnail import sharpness, worth
from tests.steps import numbered
from tests.steps.render.jobs import focus, make_job, render, step

NOISE = np.random.default_rng(3).integers(0, 255, (480, 270), dtype=np.uint8)


def blurred(picture: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    around = [np.roll(picture, (y, x), (0, 1)) for y in range(radius) for x in range(radius)]
    return np.mean(around, axis=0).astype(np.uint8)


def test_sharper_is_more() -> None:
    found = [sharpness(blurred(NOISE, radius)) for radius in (1, 3, 6, 12)]
    assert found == sorted(found, reverse=True)
    assert sharpness(np.full((480, 270), 90, np.uint8)) == 0


def test_the_face_counts_and_not_what_is_around_it() -> None:
    box = Box.of_edges(80, 150, 200, 300)
    soft = blurred(NOISE, 8)
    sharp_face, sharp_wall = soft.copy(), NOISE.copy()
    sharp_face[150:300, 80:200] = NOISE[150:300, 80:200]
    sharp_wall[150:300, 80:200] = soft[150:300, 80:200]
    assert worth(sharp_face, [box]) > worth(sharp_wall, [box])
    assert worth(sharp_face, []) < worth(sharp_wall, [])


def picture(job: Path) -> NDArray[np.uint8]:
    """The thumbnail, grey."""
    with av.open(str(job / "clips/clip_01.jpg")) as container:
        (frame,) = container.decode(video=0)
        return np.asarray(frame.to_ndarray(format="gray"))


@pytest.mark.slow
def test_a_clip_that_is_blurred_but_for_a_moment(tmp_path: Path) -> None:
    source, clip = tmp_path / "source.mkv", (0, 3000)
    soft = "gblur=sigma=6:enable=not(between(t\\,1.0\\,2.0))"
    inputs = ["-f", "lavfi", "-i", f"testsrc2=s=180x120:r=25:d=4,{soft}"]
    tone = ["-f", "lavfi", "-i", "sine=440:d=4"]
    ffmpeg.run([*inputs, *tone, *numbered.X264, "-c:a", "aac", str(source)])
    job = make_job(tmp_path / "job", source, clip, lambda size: [focus(size, clip, [(0, 56_000)])])
    assert render(job) == 0
    still = picture(job)
    assert Size(width_px=still.shape[1], height_px=still.shape[0]) == Size(
        width_px=270, height_px=480
    )
    with av.open(str(job / "clips/clip_01.mp4")) as container:
        shown = [one.to_ndarray(format="gray") for one in container.decode(video=0)]
    off = [float(np.abs(one.astype(int) - still).mean()) for one in shown]
    assert 25 <= int(np.argmin(off)) <= 50


@pytest.mark.slow
@pytest.mark.parametrize(("face", "is_low"), [((40, 20, 230, 160), True), ((0, 0, 0, 0), False)])
def test_the_title_is_drawn_in_the_safe_box_away_from_the_face(
    face: tuple[int, int, int, int], is_low: bool, tmp_path: Path
) -> None:
    source = numbered.make(tmp_path / "source.mp4", frames=30, size="180x120")
    job = make_job(
        tmp_path / "job", source, (0, 800), lambda size: [focus(size, (0, 800), [(0, 56_000)])]
    )
    plan, crops = (job / name for name in ("clips.json", "crops.json"))
    plan.write_text(plan.read_text().replace('"title":""', '"title":"A title worth reading"'))
    if is_low:
        document = Crops.from_file(crops)
        (clip,) = document.clips
        seen = ShownFace(in_ms=0, out_ms=800, track="face_1", box=Box.of_edges(*face))
        shot = clip.shots[0].model_copy(update={"faces": (seen,)})
        told = clip.model_copy(update={"shots": (shot,)})
        crops.write_bytes(document.model_copy(update={"clips": (told,)}).canonical_bytes())
    assert render(job) == 0
    plain = picture(job)
    assert step("caption", job, "--thumbnail-text=on") == 0
    assert render(job) == 0
    inked = np.abs(picture(job).astype(int) - plain) > 40
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert 384 / 4 <= rows[0] < rows[-1] <= 1250 / 4
    assert 108 / 4 <= columns[0] < columns[-1] <= 940 / 4
    assert bool(rows[0] > 200) == is_low
