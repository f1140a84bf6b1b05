"""The step as a command on small real sources: the right frames, in step with the sound."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from steps.contract.receipt import Receipt, RunRecord
from steps.media import ffmpeg
from steps.model.geometry import Size
from steps.model.render_check import RenderCheck
from steps.model.source import SourceMeta
from tests.steps import numbered
from tests.steps.caption.samples import spoken
from tests.steps.render.jobs import FULL, crops_of, fit, focus, make_job, render, split, step


def frames(path: Path) -> list[NDArray[np.uint8]]:
    """All pictures of a file, height x width x 3, BGR."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def sound(path: Path) -> NDArray[np.float32]:
    """All samples of the left channel, as a player without an edit list hears them."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def check(folder: Path) -> RenderCheck:
    return RenderCheck.from_file(folder / "checks/clip_01.json")


def codes(folder: Path) -> list[str]:
    receipt = Receipt.from_file(folder / "receipts/render-clip_01.json")
    return [item.code for item in receipt.degradations]


def whole(size: Size, clip: tuple[int, int]) -> list[object]:
    return [fit(size, clip)]


def shown_numbers(path: Path) -> list[int]:
    """The numbers in the sharp picture of a `fit` layout of a 96x64 source."""
    top, height = (480 - 180) // 2, 180
    return [numbered.number(picture[top : top + height]) for picture in frames(path)]


@pytest.mark.parametrize(
    ("rate", "clip"),
    [
        ("25", (0, 1000)),
        ("25", (1000, 2100)),
        ("24000/1001", (1010, 2200)),
        ("30000/1001", (667, 1600)),
        ("50", (433, 1100)),
    ],
)
def test_every_frame_is_the_one_of_its_moment(
    rate: str, clip: tuple[int, int], tmp_path: Path
) -> None:
    source = numbered.make(tmp_path / "source.mp4", rate=Fraction(rate))
    job = make_job(tmp_path / "job", source, clip, lambda size: [fit(size, clip)])
    assert render(job) == 0
    stamps = [round(number * 1000 / Fraction(rate)) for number in range(80)]
    first = max(number for number, stamp in enumerate(stamps) if stamp <= clip[0])
    found = shown_numbers(job / "clips/clip_01.mp4")
    assert found == list(range(first, first + len(found)))
    assert abs(len(found) - (clip[1] - clip[0]) * Fraction(rate) / 1000) <= 1
    assert check(job).frames == len(found)
    assert check(job).rate == Fraction(rate)


@pytest.mark.parametrize(
    ("rate", "clip", "numbers"),
    [
        ("12", (1000, 2000), [number for number in range(12, 24) for _ in range(2)]),
        ("5", (1000, 2000), [number for number in range(5, 10) for _ in range(5)]),
        ("120", (100, 600), list(range(12, 72, 2))),
    ],
)
def test_every_picture_of_a_slow_source_and_every_second_of_a_fast_one(
    rate: str, clip: tuple[int, int], numbers: list[int], tmp_path: Path
) -> None:
    """Captions need 24 frames a second; the longer a picture stands, the more frames it has."""
    source = numbered.make(tmp_path / "source.mp4", rate=Fraction(rate), frames=2 * int(rate))
    job = make_job(tmp_path / "job", source, clip, lambda size: [fit(size, clip)])
    assert render(job) == 0
    assert shown_numbers(job / "clips/clip_01.mp4") == numbers


def test_layouts_change_on_their_frame_with_one_decode(tmp_path: Path) -> None:
    source = numbered.make(tmp_path / "source.mp4", rate=25)
    spans = [(400, 1000), (1000, 1400), (1400, 1440), (1440, 2400)]

    def shots(size: Size) -> list[object]:
        return [
            fit(size, spans[0]),
            split(size, spans[1]),
            fit(size, spans[2]),
            split(size, spans[3]),
        ]

    job = make_job(tmp_path / "job", source, (400, 2400), shots)  # type: ignore[arg-type]
    assert render(job) == 0
    pictures = frames(job / "clips/clip_01.mp4")
    assert len(pictures) == 50
    is_fit = [bool(p[:100, 200:250].mean() < 0.9 * p[170:230, 200:250].mean()) for p in pictures]
    fits = [numbered.number(p[150:330]) for p, yes in zip(pictures, is_fit, strict=True) if yes]
    assert is_fit == [True] * 15 + [False] * 10 + [True] + [False] * 24
    assert fits == [*range(10, 25), 35]


def test_a_moving_window_is_where_it_should_be_in_every_frame(tmp_path: Path) -> None:
    source = tmp_path / "ramp.mp4"
    ramp = "nullsrc=s=640x360:r=25,geq=lum='30+X/4':cb=128:cr=128"
    tone = ["-f", "lavfi", "-i", "sine=440"]
    ffmpeg.run(
        ["-f", "lavfi", "-i", ramp, *tone, "-t", "3", *numbered.X264, "-c:a", "aac", str(source)]
    )
    steps = [(1000 + 40 * n, 1000 * (20 + (n * 97) % 400)) for n in range(40)]
    keys = [key for time, x in steps for key in ((time, x), (time + 39, x))]
    job = make_job(
        tmp_path / "job",
        source,
        (1000, 2600),
        lambda size: [focus(size, (1000, 2600), keys)],
        output=Size(width_px=270, height_px=480),
    )
    assert render(job, "--crf=12") == 0
    for (_, x), picture in zip(steps, frames(job / "clips/clip_01.mp4"), strict=True):
        middle = picture[200:280, 125:145].mean()
        wanted = (30 + (x / 1000 + 101) / 4 - 16) * 255 / 219
        assert middle == pytest.approx(wanted, abs=1.5)


def test_sound_and_picture_stay_in_step(tmp_path: Path) -> None:
    source = tmp_path / "clap.mp4"
    click = "aevalsrc='0.8*between(t,2,2.004)*sin(2*PI*3000*t)+0.001*sin(2*PI*200*t)':s=44100:d=3"
    flash = "color=black:s=320x180:r=30:d=3,drawbox=c=white:t=fill:enable='eq(n,60)'"
    inputs = ["-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", click]
    ffmpeg.run([*inputs, "-c:v", "libx264", "-bf", "3", "-c:a", "aac", str(source)])
    clip = (1010, 2610)
    job = make_job(tmp_path / "job", source, clip, lambda size: [focus(size, clip, [(1010, 0)])])
    assert render(job) == 0
    video = job / "clips/clip_01.mp4"
    bright = [n for n, picture in enumerate(frames(video)) if picture.mean() > 100]
    assert bright == [30]
    loud = np.abs(sound(video))
    heard_ms = 1000 * int(np.argmax(loud > loud.max() / 2)) / 48_000
    assert abs(heard_ms - 1000 * bright[0] / 30) <= 10


def test_a_source_without_sound_gets_a_silent_track(tmp_path: Path) -> None:
    source = numbered.make(tmp_path / "source.mp4", sound=None, options=numbered.X264)
    job = make_job(tmp_path / "job", source, (0, 1000), lambda size: [fit(size, (0, 1000))])
    assert render(job) == 0
    assert check(job).loudness is None
    assert codes(job) == ["no-sound"]


def test_a_black_source_is_said(tmp_path: Path) -> None:
    source = tmp_path / "black.mp4"
    inputs = ["-f", "lavfi", "-i", "color=black:s=320x180:d=2", "-f", "lavfi", "-i", "sine=440:d=2"]
    ffmpeg.run([*inputs, str(source)])
    job = make_job(tmp_path / "job", source, (0, 1000), lambda size: [fit(size, (0, 1000))])
    assert render(job) == 0
    assert codes(job) == ["black-picture"]


def test_a_varying_rate_becomes_constant_and_keeps_its_moments(tmp_path: Path) -> None:
    uneven = "setpts='(2*N+mod(N,2))/(30*TB)'"
    source = numbered.make(
        tmp_path / "source.mkv",
        rate=30,
        frames=60,
        filters=uneven,
        options=(*numbered.X264, "-c:a", "aac", "-fps_mode", "vfr"),
    )
    job = make_job(tmp_path / "job", source, (500, 2500), lambda size: [fit(size, (500, 2500))])
    assert SourceMeta.from_file(job / "source_meta.json").video.variable_rate
    assert render(job) == 0
    rate = check(job).rate
    found = shown_numbers(job / "clips/clip_01.mp4")
    for place, number in enumerate(found):
        shown_ms = 1000 * (2 * number + number % 2) / 30
        assert abs(shown_ms - (500 + 1000 * place / rate)) <= 101, (place, number)
    assert found == sorted(found)


@pytest.mark.slow
def test_a_rotated_source_with_captions_at_full_size(tmp_path: Path) -> None:
    upright = tmp_path / "upright.mp4"
    numbered.make(upright, rate=25, size="360x640")
    source = tmp_path / "rotated.mp4"
    ffmpeg.run(["-display_rotation", "90", "-i", str(upright), "-c", "copy", str(source)])
    words = spoken("turned but still here")
    job = make_job(
        tmp_path / "job",
        source,
        (0, 800),
        lambda size: [focus(size, (0, 800), [(0, 0)], FULL)],
        words=words,
        output=FULL,
    )
    meta = SourceMeta.from_file(job / "source_meta.json")
    assert (meta.video.size.width_px, meta.video.size.height_px) == (640, 360)
    assert render(job) == 0
    assert check(job).size == FULL


@pytest.fixture(scope="module")
def captioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A job of 0.8 s with captions, which no test changes."""
    folder = tmp_path_factory.mktemp("captioned")
    source = numbered.make(folder / "source.mp4", frames=30)
    words = spoken("here")
    return make_job(
        folder / "job", source, (0, 800), lambda size: [fit(size, (0, 800))], words=words
    )


def test_a_further_aspect_is_a_file_of_its_own_from_the_same_cut(tmp_path: Path) -> None:
    source, clip = numbered.make(tmp_path / "source.mp4"), (0, 1000)
    folder = make_job(tmp_path / "job", source, clip, lambda size: [fit(size, clip)])
    cache = f"--cache={tmp_path / 'cache'}"
    assert render(folder, cache) == 0
    size, square = (
        SourceMeta.from_file(folder / "source_meta.json").video.size,
        Size(width_px=270, height_px=270),
    )
    (folder / "crops").mkdir()
    plan = crops_of(size, [fit(size, clip, square)], square)
    (folder / "crops/1x1.json").write_bytes(plan.canonical_bytes())
    assert step("caption", folder) == 0
    assert render(folder, cache) == 0
    assert RunRecord.from_file(folder / "runs/render-clip_01.json").cache_hit
    assert step("render", folder, "--clip=clip_01_1x1", "--preset=ultrafast", cache) == 0
    assert {picture.shape for picture in frames(folder / "clips/clip_01_1x1.mp4")} == {
        (270, 270, 3)
    }
    assert RenderCheck.from_file(folder / "checks/clip_01_1x1.json").id == "clip_01_1x1"
    assert (folder / "clips/clip_01_1x1.jpg").is_file()
    assert {picture.shape for picture in frames(folder / "clips/clip_01.mp4")} == {(480, 270, 3)}


@pytest.mark.parametrize("missing", ["crops.json", "cuts/clip_01.mkv", "clips/clip_01.ass"])
def test_a_missing_input_is_named(
    missing: str, captioned: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    job = Path(shutil.copytree(captioned, tmp_path / "job"))
    (job / missing).unlink()
    assert render(job) == 84
    assert missing in capfd.readouterr().err
    assert not (job / "clips/clip_01.mp4").exists()


CONTRADICTIONS = {
    "another time": ("crops.json", '"out_ms":800', '"out_ms":900', "from 0 to 900 ms"),
    "another size": (
        "crops.json",
        '"size":{"height_px":64,"width_px":96}',
        '"size":{"height_px":64,"width_px":98}',
        "has 96x64",
    ),
    "another clip": ("crops.json", "clip_01", "clip_02", "crops.json has no clip_01"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_documents_of_two_plans_are_refused(
    name: str, captioned: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file, old, new, message = CONTRADICTIONS[name]
    job = Path(shutil.copytree(captioned, tmp_path / "job"))
    text = (job / file).read_text()
    assert old in text
    (job / file).write_text(text.replace(old, new))
    shutil.rmtree(job / "receipts")
    assert render(job) == 84
    assert message in capfd.readouterr().err


def test_a_cut_of_another_part_is_refused(
    captioned: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    job = Path(shutil.copytree(captioned, tmp_path / "job"))
    for file in ("clips.json", "crops.json"):
        text = (job / file).read_text().replace('"out_ms":800', '"out_ms":90800')
        (job / file).write_text(text)
    shutil.rmtree(job / "receipts")
    assert render(job) == 84
    assert "clip_01 is 0 to 90800 ms" in capfd.readouterr().err
