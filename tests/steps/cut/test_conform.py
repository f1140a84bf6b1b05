"""Pictures that change their form or stand for long become a cut that keeps its promise."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from steps.contract.errors import UnsupportedMedia
from steps.contract.receipt import Receipt
from steps.cut.regular import common_size, irregularity
from steps.media import ffmpeg
from steps.media.conform import conform_span, target_of
from steps.media.cuts import LONGEST_MS, read_cut, seek_arguments
from steps.media.excerpt import copy_span
from steps.media.survey import Form, Survey, longest_ms, survey
from steps.model.geometry import Size
from steps.model.timing import Span
from tests.steps import numbered
from tests.steps.cut import irregular
from tests.steps.cut.test_work import cut
from tests.steps.download.running import download
from tests.steps.render.jobs import fit, make_job, render

SPAN = Span(in_ms=300, out_ms=2100)
BIG = Size(width_px=192, height_px=128)
SMALL = Size(width_px=96, height_px=64)


def shown(path: Path) -> dict[int, int]:
    """The number of each picture of a file, by its time."""
    with av.open(str(path)) as container:
        return {
            round((frame.time or 0) * 1000): numbered.number(frame.to_ndarray(format="gray"))
            for frame in container.decode(video=0)
        }


@pytest.mark.parametrize(
    ("codec", "formats"),
    [
        ("vp8", ("yuv420p",) * 3),
        ("vp9", ("yuv420p",) * 3),
        ("h264", ("yuv420p", "yuv444p", "yuv420p")),
    ],
)
def test_pictures_of_several_sizes_become_one_size(
    codec: str, formats: tuple[str, ...], tmp_path: Path
) -> None:
    source = irregular.changing(tmp_path / "source.mkv", codec, formats=formats)
    found = survey(source, SPAN)
    assert [form.size for form in found.forms][:2] == [SMALL, BIG]
    assert common_size([found], SMALL) == BIG
    path = tmp_path / "cut.mkv"
    conform_span(source, SPAN, found, BIG, path)
    seen = shown(path)
    assert list(seen) == [300, *range(320, 2100, 40), 2100]
    assert list(seen.values()) == [7, *range(8, 53), 52]
    assert irregularity(survey(path, SPAN), BIG) == ""


def test_pixels_that_change_their_shape_become_square(tmp_path: Path) -> None:
    """A broadcast goes from 4:3 to 16:9 and back, in the same 72x56 pixels."""
    source = irregular.changing(
        tmp_path / "source.mkv", "h264", ("72x56",) * 3, aspects=("16/15", "64/45", "16/15")
    )
    wide, narrow = Size(width_px=102, height_px=56), Size(width_px=76, height_px=56)
    found = survey(source, SPAN)
    assert {form.size for form in found.forms} == {wide, narrow}
    assert [time for time, _ in found.aspects] == [0, 800, 1600]
    assert survey(source, Span(in_ms=900, out_ms=1500)).forms[0].size == wide
    path = tmp_path / "cut.mkv"
    conform_span(source, SPAN, found, wide, path)
    with av.open(str(path)) as container:
        pictures = {
            round((frame.time or 0) * 1000): frame.to_ndarray(format="gray")
            for frame in container.decode(video=0)
        }
    for time, picture in pictures.items():
        is_wide = 800 <= time < 1600
        assert (picture[10:46, :12].mean() > 2.5) == is_wide  # the darkest number is 5
        assert numbered.number(picture if is_wide else picture[:, 13:89]) == min(time, 2099) // 40


def test_partly_interlaced_pictures_are_all_deinterlaced(tmp_path: Path) -> None:
    """A later step asks the first picture only."""
    source = irregular.changing(
        tmp_path / "source.mkv", "h264", ("96x64",) * 3, interlaced=(False, True, False)
    )
    found = survey(source, SPAN)
    assert irregularity(found, SMALL) == "some of them are interlaced and some are not"
    path = tmp_path / "cut.mkv"
    conform_span(source, SPAN, found, SMALL, path)
    assert list(shown(path).values()) == [7, *range(8, 53), 52]
    assert not survey(path, SPAN).is_interlaced


def test_a_steady_part_is_copied_even_where_the_rest_changes(tmp_path: Path) -> None:
    """The step: two clips inside one size, one over the change; all cuts are of one size."""
    source = irregular.changing(tmp_path / "source.webm", "vp9")
    assert download(source, tmp_path / "job") == 0
    out = tmp_path / "out"
    assert cut(tmp_path / "job", out, [(0, 700), (840, 1560), (1560, 2000)], "--handles-ms=40") == 0
    said = Receipt.from_file(out / "receipts/cut.json").degradations
    assert [item.message.partition(" are ")[0] for item in said] == [
        "the pictures of clip_01",
        "the pictures of clip_03",
    ]
    assert "192x128" in said[0].message
    for path in sorted((out / "cuts").iterdir()):
        assert {form.size for form in survey(path, read_cut(path).span).forms} == {BIG}
    copied = tmp_path / "copied.mkv"
    copy_span(tmp_path / "job/source.mkv", Span(in_ms=800, out_ms=1600), copied)
    assert copied.read_bytes() == (out / "cuts/clip_02.mkv").read_bytes()


@pytest.mark.parametrize("sizes", [("96x64", "192x128", "96x64"), ("192x128",) * 3])
def test_a_clip_over_the_change_is_like_one_of_a_steady_recording(
    sizes: tuple[str, ...], tmp_path: Path
) -> None:
    """From the file to the finished clip: the picture of every moment, in step with the sound."""
    source = irregular.changing(tmp_path / "source.webm", "vp8", sizes=sizes)
    span = (400, 2000)
    job = make_job(tmp_path / "job", source, span, lambda size: [fit(size, span)], cut_size=BIG)
    assert render(job) == 0
    numbers = [
        numbered.number(frame.to_ndarray(format="bgr24")[150:330])
        for frame in av.open(str(job / "clips/clip_01.mp4")).decode(video=0)
    ]
    assert numbers == list(range(10, 50))


@pytest.mark.parametrize(
    ("times_ms", "span"),
    [
        ((0, 2500, 5000), (1200, 5600)),  # slides
        ((0, 40, 80, 3000, 3040, 3080), (100, 4000)),  # a recorder that stores only changes
        ((0, 40, 80, 120), (1500, 4000)),  # the pictures stop, the sound goes on
        ((0,), (500, 5000)),  # a podcast with one picture
    ],
)
def test_a_standing_picture_stays_on_screen(
    times_ms: tuple[int, ...], span: tuple[int, int], tmp_path: Path
) -> None:
    source = irregular.standing(tmp_path / "source.mkv", times_ms, 6000)
    wanted = Span(in_ms=span[0], out_ms=span[1])
    found = survey(source, wanted)
    assert "stays on screen" in irregularity(found, SMALL)
    path = tmp_path / "cut.mkv"
    conform_span(source, wanted, found, SMALL, path)
    seen = shown(path)
    times = list(seen)
    assert (times[0], times[-1]) == span
    assert max(after - before for before, after in pairwise(times)) <= 500
    assert set(times_ms) & set(range(*span)) <= set(times)
    for time, number in seen.items():
        assert number == bisect_right(times_ms, min(time, span[1] - 1)) - 1
    assert irregularity(survey(path, wanted), SMALL) == ""
    assert read_cut(path).end_ms >= span[1]
    with av.open(str(path)) as container:
        heard = [packet.pts for packet in container.demux(audio=0) if packet.pts is not None]
    assert heard[0] <= span[0]
    assert heard[-1] >= span[1] - 25


def test_pictures_a_second_apart_are_copied(tmp_path: Path) -> None:
    """The harmless twin: nothing stands longer than a cut may hold."""
    times = tuple(range(0, 5000, LONGEST_MS))
    source = irregular.standing(tmp_path / "source.mkv", times, 5000)
    assert irregularity(survey(source, Span(in_ms=500, out_ms=5000)), SMALL) == ""


def test_the_sound_keeps_its_place(tmp_path: Path) -> None:
    """A click at 2 s, when the third picture comes, is at 2 s in the cut."""
    click = "aevalsrc='if(between(t,2,2.01),sin(6283*t),0)':sample_rate=48000:duration=4"
    source = irregular.standing(tmp_path / "source.mkv", (0, 400, 2000), 4000, tone=click)
    wanted = Span(in_ms=700, out_ms=3500)
    path = tmp_path / "cut.mkv"
    conform_span(source, wanted, survey(source, wanted), SMALL, path)
    heard = ["-vn", "-af", "aresample=async=1:first_pts=0"]  # as render hears it
    wave = tmp_path / "sound.s16"
    ffmpeg.run([*seek_arguments(path, 700), *heard, "-f", "s16le", str(wave)])
    samples = np.frombuffer(wave.read_bytes(), np.int16)
    assert int(np.argmax(np.abs(samples) > 8000)) / 48 == pytest.approx(1300, abs=2)
    assert min(time for time, number in shown(path).items() if number == 2) == 2000


def test_same_bytes_twice(tmp_path: Path) -> None:
    source = irregular.standing(tmp_path / "source.mkv", (0, 2500), 4000)
    digests = set()
    for name in ("a.mkv", "b.mkv"):
        conform_span(source, SPAN, survey(source, SPAN), BIG, tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("times", "longest"),
    [
        ([0, 40, 80], 1920),
        ([0, 5000, 6000], 5000),  # it stood for four seconds before the span
        ([0, 900, 1000, 1500, 2000], 500),  # what stood before the span does not count
        ([], 0),
    ],
)
def test_the_longest_standing_picture(times: list[int], longest: int) -> None:
    assert longest_ms(times, Span(in_ms=1000, out_ms=2000)) == longest


def form(transfer: int, matrix: int = 1, pixel_format: str = "yuv420p") -> Form:
    return Form(BIG, BIG, 0, pixel_format, (matrix, 1, transfer, 1))


def test_one_kind_of_colour_is_kept_and_several_become_one() -> None:
    deep = "yuv420p10le"
    hdr = Survey((form(18, 9, deep),), 2000, False, False, (), True)
    assert target_of(hdr, BIG).colours == (9, 1, 18, 1)
    assert target_of(hdr, BIG).pixel_format == deep
    two = Survey((form(1), form(6, 6)), 40, False, False, (), True)
    assert target_of(two, BIG).colours == (1, 1, 1, 1)
    assert target_of(two, BIG).is_converted
    with pytest.raises(UnsupportedMedia, match="between HDR and other colours"):
        target_of(Survey((form(1), form(18, 9)), 40, False, False, (), True), BIG)
