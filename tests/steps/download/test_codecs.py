"""Every codec either reaches the clips or is refused by download, before anything is paid for."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from steps.contract.errors import BadInput, UnsupportedMedia
from steps.media import ffmpeg
from steps.media.cuts import frame_times, read_cut, seek_arguments
from steps.media.excerpt import copy_span
from steps.media.frames import sampled
from steps.model.timing import Span
from tests.media.clocks import BEEPS, RATE
from tests.steps import numbered
from tests.steps.download.running import download, receipt_of, tones

TONE = "sine=frequency=440:sample_rate=48000"
SPAN = Span(in_ms=700, out_ms=1400)

KEPT = {
    "hevc.mp4": "-c:v libx265 -x265-params log-level=error:open-gop=1:keyint=24 -c:a aac",
    "av1.mp4": "-c:v libsvtav1 -preset 12 -g 24 -c:a aac",
    "av1.webm": "-c:v libaom-av1 -cpu-used 8 -usage realtime -g 24 -c:a libopus",
    "vp9.webm": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 24 -c:a libvorbis",
    "vvc.mp4": "-c:v libvvenc -preset faster -vvenc-params poc0idr=1 -c:a aac",
    "theora.ogv": "-c:v libtheora -q:v 10 -g 24 -c:a libvorbis",
    "mpeg2.ts": "-c:v mpeg2video -q:v 2 -c:a mp2",
    "msmpeg4v3.avi": "-c:v msmpeg4 -q:v 2 -c:a mp2",
    "prores.mov": "-c:v prores_ks -c:a pcm_s16be",
    "mjpeg.avi": "-c:v mjpeg -q:v 2 -c:a ac3",
}


@pytest.mark.parametrize("name", KEPT)
def test_a_codec_reaches_the_clips(name: str, tmp_path: Path) -> None:
    """The cut holds the right pictures, for detect (PyAV) and for render (ffmpeg) alike."""
    film = numbered.make(tmp_path / name, frames=50, options=KEPT[name].split(), sound=TONE)
    assert download(film, tmp_path / "out") == 0
    source, path = tmp_path / "out" / "source.mkv", tmp_path / "cut.mkv"
    times, _ = frame_times(source)
    copy_span(source, SPAN, path)
    cut = read_cut(path)
    assert cut.span.in_ms <= SPAN.in_ms
    seen = [(one.time_ms, numbered.number(one.pixels)) for one in sampled(path, 10, SPAN)]
    assert seen == [(ms, bisect_right(times, ms) - 1) for ms in range(700, 1400, 100)]
    picture = tmp_path / "picture.png"
    ffmpeg.run([*seek_arguments(path, cut.shown_at(1000)), "-frames:v", "1", str(picture)])
    pixels = cv2.imread(str(picture))
    assert pixels is not None
    assert numbered.number(np.asarray(pixels, np.uint8)) == bisect_right(times, 1000) - 1
    sound = tmp_path / "sound.wav"
    ffmpeg.run([*seek_arguments(path, cut.shown_at(700)), "-vn", str(sound)])
    assert sound.stat().st_size > 48_000


REFUSED = {
    ("wmv2", "a.wmv"): "-c:v wmv2 -c:a aac",
    ("dvvideo", "a.mov"): "-c:v dvvideo -s 720x576 -pix_fmt yuv420p -c:a aac",
    ("h263", "a.mov"): "-c:v h263 -s 352x288 -c:a aac",
    ("flv", "a.flv"): "-c:v flv -ar 44100 -c:a aac",
    ("dnxhd", "a.mov"): "-c:v dnxhd -profile:v dnxhr_sq -s 320x240 -pix_fmt yuv422p -c:a aac",
    ("cfhd", "a.mov"): "-c:v cfhd -s 320x240 -pix_fmt yuv422p10le -c:a aac",
    ("huffyuv", "a.avi"): "-c:v huffyuv -pix_fmt yuv422p -c:a mp2",
    ("png", "a.mov"): "-c:v png -c:a aac",
    ("msmpeg4v2", "a.avi"): "-c:v msmpeg4v2 -c:a mp2",
    ("rawvideo", "a.avi"): "-c:v rawvideo -c:a mp2",
    ("apv", "a.mp4"): "-c:v liboapv -pix_fmt yuv422p10le -strict -2 -c:a aac",
    ("hap", "a.mov"): "-c:v hap -s 320x240 -c:a aac",
    ("gif", "a.mkv"): "-c:v gif -pix_fmt rgb8 -c:a aac",
}


@pytest.mark.parametrize(("codec", "name"), REFUSED)
def test_a_codec_that_cannot_be_cut_is_named(codec: str, name: str, tmp_path: Path) -> None:
    options = REFUSED[codec, name].split()
    film = numbered.make(tmp_path / name, frames=30, options=options, sound=TONE)
    assert download(film, tmp_path / "out") == UnsupportedMedia.exit_code
    assert_named(tmp_path / "out", codec, "convert it to H.264 and AAC")


@pytest.mark.parametrize(
    ("suffix", "code", "early"),
    [("mp4", "pictures-before-key-frame", 7), ("mkv", "picture-encoded", 0)],
)
def test_pictures_before_the_first_key_frame_are_left_out(
    suffix: str, code: str, early: int, tmp_path: Path
) -> None:
    """By default vvenc starts with a key frame that is shown 16 pictures or a second later."""
    options = "-c:v libvvenc -preset faster -c:a aac".split()
    whole, out = tmp_path / f"a.{suffix}", tmp_path / "out"
    numbered.make(whole, rate=RATE, frames=50, options=options, sound=BEEPS.format(""))
    assert download(whole, out) == 0
    assert [item.code for item in receipt_of(out).degradations] == [code]
    seen = [(one.time_ms, numbered.number(one.pixels)) for one in sampled(out / "source.mkv", RATE)]
    assert seen == [(100 * number, early + number) for number in range(50 - early)]
    wanted = [(1000 * second - 100 * early, second) for second in range(1 if early else 0, 5)]
    heard = tones(out)
    assert [tone for _, tone in heard] == [second for _, second in wanted]
    assert [at for at, _ in heard] == pytest.approx([at for at, _ in wanted], abs=40)


Patch = Callable[[bytes], bytes]


def swapped(*pairs: tuple[bytes, bytes]) -> Patch:
    def patch(data: bytes) -> bytes:
        for old, new in pairs:
            assert old in data
            data = data.replace(old, new)
        return data

    return patch


PATCHED: dict[str, tuple[str, Patch, Sequence[str]]] = {
    "encv": ("mp4", swapped((b"avc1", b"encv")), ("encrypted", "encv")),
    "drmi": ("mp4", swapped((b"avc1", b"drmi")), ("encrypted", "drmi")),
    "zzzz": ("mp4", swapped((b"avc1", b"zzzz")), ("unknown codec ('zzzz')", "H.264")),
    "not text": ("mp4", swapped((b"avc1", b"\xff\x00\xff\x01")), ("unknown codec", "H.264")),
    "no stsd": ("mp4", swapped((b"stsd", b"free")), ("unknown codec", "H.264")),
    "no minf": ("mp4", swapped((b"minf", b"free")), ("unknown codec", "H.264")),
    "no sizes": ("mp4", swapped((b"stsz", b"free")), ("h264", "damaged")),
    "picture": ("mkv", swapped((b"V_MPEG4/ISO/AVC", b"V_XXXXX/ISO/ABC")), ("video", "unknown")),
    "sound": ("mkv", swapped((b"A_AAC", b"A_XYZ")), ("sound", "unknown codec", "AAC")),
}


@pytest.mark.parametrize("fault", PATCHED)
def test_a_patched_file_is_refused_in_one_line(fault: str, tmp_path: Path) -> None:
    suffix, patch, words = PATCHED[fault]
    whole = numbered.make(tmp_path / f"whole.{suffix}", frames=30)
    film = tmp_path / f"film.{suffix}"
    film.write_bytes(patch(whole.read_bytes()))
    assert download(film, tmp_path / "out") == UnsupportedMedia.exit_code
    assert_named(tmp_path / "out", *words)


def test_sound_without_a_channel_count_is_no_crash(tmp_path: Path) -> None:
    """PCM states its channels only in the container: MKV element 9F, here voided."""
    film = numbered.make(tmp_path / "a.mkv", options=(*numbered.X264, "-c:a", "pcm_s16le"))
    film.write_bytes(film.read_bytes().replace(b"\x9f\x81\x01", b"\x9f\x81\x00", 1))
    assert download(film, tmp_path / "out") == UnsupportedMedia.exit_code
    assert_named(tmp_path / "out", "sound", "unknown codec")


def test_tags_that_are_not_text_are_read(tmp_path: Path) -> None:
    film = numbered.make(
        tmp_path / "a.mkv", options=[*numbered.X264, *"-c:a aac -metadata title=zzzz".split()]
    )
    film.write_bytes(film.read_bytes().replace(b"zzzz", b"z\xff\xfez"))
    assert download(film, tmp_path / "out") == 0


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_damaged_headers_never_crash(suffix: str, tmp_path: Path) -> None:
    """Thirty files, each with twenty bytes of its header overwritten."""
    whole = numbered.make(tmp_path / f"whole.{suffix}", frames=30).read_bytes()
    first, last = (whole.find(b"moov"), len(whole)) if suffix == "mp4" else (0, 1500)
    allowed = {0, BadInput.exit_code, UnsupportedMedia.exit_code}
    for seed in range(30):
        data, random = bytearray(whole), np.random.default_rng(seed)
        for place in random.integers(first, last, 20):
            data[place] = random.integers(256)
        film = tmp_path / f"{seed}.{suffix}"
        film.write_bytes(data)
        assert download(film, tmp_path / "out") in allowed, seed


def assert_named(out: Path, *words: str) -> None:
    failure = receipt_of(out).failure
    assert failure is not None
    assert [word for word in words if word not in failure.message] == [], failure.message
