"""Cuts are stream copies whose timestamps are the source's clock, exact to the picture."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from steps.cut.work import with_handles
from steps.media import ffmpeg
from steps.media.cuts import frame_times, read_cut, seek_arguments
from steps.media.excerpt import copy_span
from steps.media.frames import sampled
from steps.model.timing import Span
from tests.steps import numbered

OPEN_GOP = (*numbered.X264, "-x264-params", "open-gop=1", "-c:a", "aac")


@pytest.mark.parametrize(
    ("clip", "handles_ms", "kept"),
    [
        ((0, 1000), 500, (0, 1500)),
        ((400, 1000), 500, (0, 1500)),
        ((4000, 9800), 500, (3500, 10_000)),
        ((4000, 9000), 0, (4000, 9000)),
        ((9000, 10_010), 500, (8500, 10_010)),
    ],
)
def test_handles_stay_inside_the_source(
    clip: tuple[int, int], handles_ms: int, kept: tuple[int, int]
) -> None:
    span = with_handles(Span(in_ms=clip[0], out_ms=clip[1]), handles_ms, 10_000)
    assert (span.in_ms, span.out_ms) == kept


SOURCES = [
    ("24000/1001", "", (*numbered.X264, "-c:a", "aac")),
    ("30000/1001", "", OPEN_GOP),
    ("25", "", (*numbered.X264, "-c:a", "libopus")),
    ("50", "", ("-c:v", "libx264", "-g", "1", "-c:a", "aac")),
    (
        "30",
        "settb=1/1000,setpts='(N+0.4*mod(N,3))/(30*TB)'",
        (*OPEN_GOP, "-fps_mode", "vfr", "-enc_time_base", "1:1000"),
    ),
]


@pytest.mark.parametrize(("rate", "filters", "options"), SOURCES)
def test_a_moment_of_the_source_is_the_same_picture_in_the_cut(
    rate: str, filters: str, options: Sequence[str], tmp_path: Path
) -> None:
    source = numbered.make(
        tmp_path / "source.mkv", rate=Fraction(rate), filters=filters, options=options
    )
    times, end_ms = frame_times(source)
    assert len(times) == 80
    span = Span(in_ms=end_ms // 3, out_ms=2 * end_ms // 3)
    path = tmp_path / "cut.mkv"
    start_ms = copy_span(source, span, path)
    cut = read_cut(path)

    assert cut.span.in_ms == start_ms <= span.in_ms
    inside = [time for time in times if start_ms <= time < span.out_ms]
    assert list(cut.frame_times_ms)[: len(inside)] == inside

    for time_ms in (span.in_ms, inside[-20], inside[-20] + 1, inside[-19] - 1, inside[-1]):
        truth = bisect_right(times, time_ms) - 1
        assert times[truth] == cut.shown_at(time_ms)
        picture = tmp_path / "picture.png"
        arguments = [*seek_arguments(path, cut.shown_at(time_ms)), "-frames:v", "1"]
        ffmpeg.run([*arguments, str(picture)])
        pixels = cv2.imread(str(picture))
        assert pixels is not None
        assert numbered.number(np.asarray(pixels, np.uint8)) == truth


def test_sampled_pictures_are_those_on_screen(tmp_path: Path) -> None:
    source = numbered.make(tmp_path / "source.mkv", rate=Fraction(30000, 1001))
    path = tmp_path / "cut.mkv"
    span = Span(in_ms=1000, out_ms=2100)
    copy_span(source, span, path)
    times, _ = frame_times(source)
    seen = [
        (picture.time_ms, picture.shown_ms, numbered.number(picture.pixels))
        for picture in sampled(path, 5, span)
    ]
    assert seen == [
        (time_ms, times[bisect_right(times, time_ms) - 1], bisect_right(times, time_ms) - 1)
        for time_ms in (1000, 1200, 1400, 1600, 1800, 2000)
    ]


def test_every_picture_of_the_span_can_be_decoded(tmp_path: Path) -> None:
    """Also those before the out point that lean on one after it."""
    source = numbered.make(tmp_path / "source.mkv", options=OPEN_GOP)
    for out_ms in range(1000, 1400, 40):
        path = tmp_path / "cut.mkv"
        copy_span(source, Span(in_ms=1000, out_ms=out_ms), path)
        with av.open(str(path)) as container:
            shown = {
                round((frame.time or 0) * 1000): numbered.number(frame.to_ndarray(format="gray"))
                for frame in container.decode(video=0)
            }
        assert {time: shown.get(time) for time in range(960, out_ms, 40)} == {
            time: time // 40 for time in range(960, out_ms, 40)
        }


def test_sound_keeps_its_place(tmp_path: Path) -> None:
    """A click at 2 s of the source is at 2 s in the cut."""
    click = "aevalsrc='if(between(t,2,2.01),sin(6283*t),0)':sample_rate=48000"
    source = numbered.make(tmp_path / "source.mkv", sound=click)
    path = tmp_path / "cut.mkv"
    copy_span(source, Span(in_ms=1500, out_ms=2500), path)
    wave = tmp_path / "sound.s16"
    ffmpeg.run([*seek_arguments(path, 1520), "-vn", "-f", "s16le", str(wave)])
    samples = np.frombuffer(wave.read_bytes(), np.int16)
    first = int(np.argmax(np.abs(samples) > 8000))
    assert first / 48 == pytest.approx(2000 - 1520, abs=2)


def test_same_bytes_twice_and_no_trace_of_the_writer(tmp_path: Path) -> None:
    source = numbered.make(tmp_path / "source.mkv")
    digests = set()
    for name in ("a.mkv", "b.mkv"):
        copy_span(source, Span(in_ms=1200, out_ms=2000), tmp_path / name)
        data = (tmp_path / name).read_bytes()
        digests.add(hashlib.sha256(data).hexdigest())
        assert b"Lavf6" not in data
    assert len(digests) == 1
