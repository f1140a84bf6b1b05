"""Originals of every awkward kind become the same clock, sound and captions."""

from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from steps.media import ffmpeg
from steps.media.audio import samples
from steps.media.cuts import frame_times
from steps.media.frames import sampled
from tests.steps import numbered
from tests.steps.download.running import download, meta_of, receipt_of

CLICK = "aevalsrc='if(between(t,1,1.01),0.9*sin(6283*t),0)':sample_rate=48000"


def click_ms(out: Path) -> float:
    loud = np.abs(samples(out / "audio.flac")) > 6000
    assert loud.any()
    return int(np.argmax(loud)) / 16


def packets(path: Path, kind: str) -> list[bytes]:
    with av.open(str(path)) as container:
        stream = getattr(container.streams, kind)[0]
        return [bytes(packet) for packet in container.demux(stream) if packet.size]


def stamps_ms(path: Path) -> list[float]:
    """When each picture appears, after the first, as the original says."""
    with av.open(str(path)) as container:
        stamps = sorted(
            float(packet.pts * packet.time_base * 1000)
            for packet in container.demux(video=0)
            if packet.pts is not None
        )
    return [stamp - stamps[0] for stamp in stamps]


AAC = ("-c:a", "aac")
MAKERS: dict[str, Callable[[Path], Path]] = {
    "mp4 23.976": lambda to: numbered.make(to / "a.mp4", rate=Fraction(24000, 1001), sound=CLICK),
    "mp4 29.97": lambda to: numbered.make(to / "a.mp4", rate=Fraction(30000, 1001), sound=CLICK),
    "mkv 50": lambda to: numbered.make(to / "a.mkv", rate=50, sound=CLICK),
    "webm opus": lambda to: numbered.make(
        to / "a.webm", rate=30, sound=CLICK, options=("-c:v", "libvpx", "-c:a", "libopus")
    ),
    "mp4 opus": lambda to: numbered.make(
        to / "a.mp4", sound=CLICK, options=(*numbered.X264, "-c:a", "libopus")
    ),
    "ts": lambda to: numbered.make(to / "a.ts", sound=CLICK, options=(*numbered.X264, *AAC)),
    "avi": lambda to: numbered.make(
        to / "a.avi", sound=CLICK, options=("-c:v", "mpeg4", "-q:v", "2", "-c:a", "pcm_s16le")
    ),
    "flv": lambda to: numbered.make(
        to / "a.flv", sound=CLICK.replace("48000", "44100"), options=(*numbered.X264, *AAC)
    ),
    "mov pcm": lambda to: numbered.make(
        to / "a.mov", sound=CLICK, options=(*numbered.X264, "-c:a", "pcm_s16le")
    ),
    "44.1 kHz mono": lambda to: numbered.make(to / "a.mp4", sound=CLICK.replace("48000", "44100")),
    "5.1": lambda to: numbered.make(
        to / "a.mp4",
        sound=f"{CLICK},pan=5.1|FC=c0|FL=0*c0|FR=0*c0|LFE=0*c0|BL=0*c0|BR=0*c0",
        options=(*numbered.X264, "-c:a", "aac"),
    ),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_every_container_becomes_the_same_clock(kind: str, tmp_path: Path) -> None:
    """The first picture is at 0, all pictures are there, the click at 1 s is at 1 s."""
    source = MAKERS[kind](tmp_path)
    out = tmp_path / "out"
    assert download(source, out) == 0
    times, _ = frame_times(out / "source.mkv")
    assert (times[0], len(times)) == (0, 80)
    assert packets(source, "video") == packets(out / "source.mkv", "video") or kind in ("ts",)
    assert [
        time for time, truth in zip(times, stamps_ms(source), strict=True) if abs(time - truth) > 1
    ] == []
    for picture in sampled(out / "source.mkv", 2):
        assert numbered.number(picture.pixels) == bisect_right(times, picture.time_ms) - 1
    assert click_ms(out) == pytest.approx(1000, abs=4)
    assert receipt_of(out).degradations == ()


@pytest.mark.parametrize(
    ("kind", "rate"),
    [("mp4 23.976", "24000/1001"), ("mp4 29.97", "30000/1001"), ("mkv 50", "50"),
     ("webm opus", "30"), ("ts", "25"), ("avi", "25"), ("flv", "25")],
)  # fmt: skip
def test_rates_are_exact(kind: str, rate: str, tmp_path: Path) -> None:
    assert download(MAKERS[kind](tmp_path), tmp_path / "out") == 0
    video = meta_of(tmp_path / "out").video
    assert (video.rate, video.variable_rate) == (Fraction(rate), False)


def offset_pair(folder: Path, video_s: float, audio_s: float) -> Path:
    """A film whose picture or sound starts late."""
    whole = numbered.make(folder / "whole.mp4", sound=CLICK)
    path = folder / "offset.mkv"
    ffmpeg.run(
        [
            *("-itsoffset", str(video_s), "-i", str(whole), "-itsoffset", str(audio_s)),
            *("-i", str(whole), "-map", "0:v", "-map", "1:a", "-c", "copy", str(path)),
        ]
    )
    return path


@pytest.mark.parametrize(
    ("video_s", "audio_s", "heard_ms"), [(0, 0.5, 1500), (0.5, 0, 500), (2, 2, 1000)]
)
def test_sound_is_padded_or_trimmed_to_the_picture(
    video_s: float, audio_s: float, heard_ms: int, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert download(offset_pair(tmp_path, video_s, audio_s), out) == 0
    assert frame_times(out / "source.mkv")[0][0] == 0
    assert click_ms(out) == pytest.approx(heard_ms, abs=4)


def test_a_hole_in_the_sound_stays_a_hole(tmp_path: Path) -> None:
    """Packets from 0.3 to 0.8 s are lost; the click at 1 s must not move."""
    whole = numbered.make(tmp_path / "whole.mkv", sound=CLICK)
    path = tmp_path / "hole.mkv"
    lost = "noise=drop='gt(pts*tb,0.3)*lt(pts*tb,0.8)'"
    ffmpeg.run(["-i", str(whole), "-c", "copy", "-bsf:a", lost, str(path)])
    assert download(path, tmp_path / "out") == 0
    assert click_ms(tmp_path / "out") == pytest.approx(1000, abs=4)


def test_variable_rate_stays_as_it_is(tmp_path: Path) -> None:
    path = numbered.make(
        tmp_path / "vfr.mp4",
        filters="settb=1/1000,setpts='if(lt(N,40),N*0.033,1.3201+(N-40)*0.071)/TB'",
        options=(*numbered.X264, *AAC, "-fps_mode", "vfr", "-enc_time_base", "1:1000"),
    )
    assert download(path, tmp_path / "out") == 0
    times, _ = frame_times(tmp_path / "out" / "source.mkv")
    assert list(times) == [n * 33 if n < 40 else 1320 + (n - 40) * 71 for n in range(80)]
    video = meta_of(tmp_path / "out").video
    assert video.variable_rate
    assert video.rate == Fraction(1000, 33)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_rotation_is_kept(turn: int, tmp_path: Path) -> None:
    flat, turned = numbered.make(tmp_path / "flat.mp4"), tmp_path / "turned.mp4"
    ffmpeg.run(["-display_rotation", str(turn), "-i", str(flat), "-c", "copy", str(turned)])
    assert download(turned, tmp_path / "out") == 0
    video = meta_of(tmp_path / "out").video
    assert video.rotation_deg == 360 - turn
    upright = (96, 64) if turn == 180 else (64, 96)
    assert (video.size.width_px, video.size.height_px) == upright
    shape: NDArray[np.uint8] = next(sampled(tmp_path / "out" / "source.mkv", 1)).pixels
    assert (shape.shape[1], shape.shape[0]) == upright


def test_surround_does_not_clip_and_keeps_the_centre(tmp_path: Path) -> None:
    loud = "aevalsrc='" + "|".join(["0.98*sin(2*PI*300*t)"] * 6) + "':c=5.1:s=48000"
    path = numbered.make(tmp_path / "a.mkv", sound=loud, options=(*numbered.X264, "-c:a", "flac"))
    assert download(path, tmp_path / "out") == 0
    peak = int(np.abs(samples(tmp_path / "out" / "audio.flac").astype(int)).max())
    assert 0.9 * 32768 < peak < 32767
    assert meta_of(tmp_path / "out").audio is not None


def test_silent_video_goes_on_and_says_so(tmp_path: Path) -> None:
    path = numbered.make(tmp_path / "a.mp4", sound=None)
    assert download(path, tmp_path / "out") == 0
    assert meta_of(tmp_path / "out").audio is None
    assert not (tmp_path / "out" / "audio.flac").exists()
    assert [item.code for item in receipt_of(tmp_path / "out").degradations] == ["no-sound"]
