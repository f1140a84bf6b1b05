from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from steps.media import ffmpeg
from steps.media.audio import SAMPLE_RATE_HZ, as_float, blocks, loudness, samples
from steps.media.cuts import frame_times
from steps.media.frames import key_frames, key_frames_at, sampled
from steps.model.timing import Span
from tests.steps import numbered

CORNERS = (
    "color=black:size={size}:rate=10:duration=1,"
    "drawbox=x=0:y=0:w=iw/2:h=ih/2:color=red:t=fill,"
    "drawbox=x=iw/2:y=0:w=iw/2:h=ih/2:color=lime:t=fill,"
    "drawbox=x=0:y=ih/2:w=iw/2:h=ih/2:color=blue:t=fill"
)
COLOURS = {"red": (0, 0, 255), "lime": (0, 255, 0), "blue": (255, 0, 0), "black": (0, 0, 0)}


def corners(pixels: np.ndarray) -> list[str]:
    """The colours at top left, top right, bottom left, bottom right."""
    height, width = pixels.shape[:2]
    at = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [
        min(COLOURS, key=lambda name: int(np.abs(pixels[place].astype(int) - COLOURS[name]).sum()))
        for place in at
    ]


@pytest.mark.parametrize(
    ("turn", "seen"),
    [
        (0, ["red", "lime", "blue", "black"]),
        (90, ["lime", "black", "red", "blue"]),
        (180, ["black", "blue", "lime", "red"]),
        (270, ["blue", "red", "black", "lime"]),
    ],
)
def test_pictures_stand_upright(turn: int, seen: list[str], tmp_path: Path) -> None:
    """The stored picture is turned counterclockwise as its matrix says: as ffmpeg shows it."""
    flat, turned = tmp_path / "flat.mp4", tmp_path / "turned.mp4"
    ffmpeg.run(["-f", "lavfi", "-i", CORNERS.format(size="1280x720"), "-c:v", "libx264", str(flat)])
    ffmpeg.run(["-display_rotation", str(turn), "-i", str(flat), "-c", "copy", str(turned)])
    picture = next(sampled(turned, 1))
    size = (640, 360) if turn in (0, 180) else (640, 1138)
    assert (picture.pixels.shape[1], picture.pixels.shape[0]) == size
    assert picture.scale == pytest.approx(0.5 if turn in (0, 180) else 640 / 720)
    assert corners(picture.pixels) == seen


def test_wide_pixels_become_square(tmp_path: Path) -> None:
    path = tmp_path / "dv.mp4"
    source = CORNERS.format(size="360x288")
    ffmpeg.run(["-f", "lavfi", "-i", f"{source},setsar=64/45", "-c:v", "libx264", str(path)])
    assert next(sampled(path, 1)).pixels.shape == (288, 512, 3)


def test_small_pictures_are_not_enlarged(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "small.mp4", frames=5, sound=None)
    picture = next(sampled(path, 5))
    assert (picture.pixels.shape, picture.scale) == ((64, 96, 3), 1.0)


@pytest.mark.parametrize("rate", [Fraction(5), Fraction(25), Fraction(7, 2)])
def test_moments_are_even_and_show_what_is_on_screen(rate: Fraction, tmp_path: Path) -> None:
    """Frames of 100 and of 20 ms: 10 slow ones, then fast ones."""
    uneven = "settb=1/1000,setpts='if(lt(N,10),N*0.1,1+(N-10)*0.02)/TB'"
    path = numbered.make(
        tmp_path / "vfr.mkv",
        filters=uneven,
        sound=None,
        options=(*numbered.X264, "-fps_mode", "vfr", "-enc_time_base", "1:1000"),
        frames=60,
    )
    seen = list(sampled(path, rate))
    assert [picture.time_ms for picture in seen] == [int(n * 1000 / rate) for n in range(len(seen))]
    for picture in seen:
        place = min(
            59,
            picture.time_ms // 100
            if picture.time_ms < 1000
            else 10 + (picture.time_ms - 1000) // 20,
        )
        assert numbered.number(picture.pixels) == place
    _, end_ms = frame_times(path)
    assert len(seen) == -(-end_ms * rate // 1000)


def test_a_span_gives_its_own_moments_only(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "film.mkv", sound=None)
    seen = [picture.time_ms for picture in sampled(path, 10, Span(in_ms=1010, out_ms=1310))]
    assert seen == [1010, 1110, 1210]


def test_key_frames_alone(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "film.mkv", sound=None)  # one in 24, 25 a second
    assert [numbered.number(picture.pixels) for picture in key_frames(path)] == [0, 24, 48, 72]
    assert [picture.time_ms for picture in key_frames(path, least_gap_ms=1000)] == [0, 1920]
    asked = key_frames_at(path, (500, 0, 2000, 2100, 3000))
    assert [(one.time_ms, numbered.number(one.pixels)) for one in asked] == [
        (0, 0), (1920, 48), (2880, 72),
    ]  # fmt: skip


def make_flac(path: Path, expression: str, seconds: float = 3) -> Path:
    source = f"aevalsrc='{expression}':sample_rate={SAMPLE_RATE_HZ}:duration={seconds}"
    ffmpeg.run(["-f", "lavfi", "-i", source, "-sample_fmt", "s16", str(path)])
    return path


def test_samples_of_a_span(tmp_path: Path) -> None:
    path = make_flac(tmp_path / "ramp.flac", "t/4")
    part = samples(path, Span(in_ms=1000, out_ms=1500))
    assert part.shape == (8000,)
    assert as_float(part)[0] == pytest.approx(0.25, abs=1e-4)
    assert samples(path).shape == (48_000,)
    assert [block.size for block in blocks(path, 1300)] == [20_800, 20_800, 6400]


def test_loudness_follows_the_sound(tmp_path: Path) -> None:
    path = make_flac(tmp_path / "tone.flac", "if(between(t,1,2),0.5*sin(2*PI*400*t),0)")
    envelope = loudness(path)
    assert envelope.shape == (300,)
    assert envelope[:100].max() == 0
    assert envelope[100:200] == pytest.approx(0.5 / 2**0.5 * 32768, rel=0.02)
    assert envelope[200:].max() == 0
