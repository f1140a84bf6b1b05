"""Every check of a rendered clip can fail, and says why in one line."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from steps.contract.errors import BrokenContract
from steps.media import ffmpeg
from steps.media.rendered import RenderedFile
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.render.plan import clip_grid
from steps.render.quality import CHECKS, Measured, Planned, has_edit_list, run_checks, top_boxes
from steps.render.sound import Level

GRID = clip_grid(Span(in_ms=0, out_ms=4000), Fraction(30), 0)
PLANNED = Planned(Size(width_px=1080, height_px=1920), GRID, may_be_black=False, is_levelled=True)
GOOD = Measured(
    delivered=RenderedFile(
        video_codec="h264",
        profile="High",
        pixel_format="yuv420p",
        colours=(1, 1, 1, 1),
        size=PLANNED.size,
        rate=Fraction(30),
        frames=120,
        widest_key_gap=15,
        audio_codec="aac",
        audio_profile="LC",
        sample_rate_hz=48_000,
        channels=2,
        start_s=(Fraction(0), Fraction(0)),
        duration_s=(Fraction(4), Fraction(4)),
    ),
    boxes=("ftyp", "moov", "mdat"),
    has_edit_list=False,
    level=Level(-14.1, -2.0),
    black=Fraction(0),
)


def delivered(**changes: object) -> Measured:
    return replace(GOOD, delivered=replace(GOOD.delivered, **changes))  # type: ignore[arg-type]


def test_a_good_clip_passes_all() -> None:
    assert run_checks(GOOD, PLANNED) == tuple(CHECKS)


BAD = [
    ("size", delivered(size=Size(width_px=1080, height_px=1918)), "1080x1918"),
    ("rate", delivered(rate=Fraction(25)), "25"),
    ("frames", delivered(frames=119), "119"),
    ("codecs", delivered(profile="Main"), "Main"),
    ("codecs", delivered(sample_rate_hz=44_100), "44100"),
    ("colours", delivered(colours=(2, 2, 2, 1)), "(2, 2, 2, 1)"),
    ("key-frames", delivered(widest_key_gap=16), "16"),
    ("sync", delivered(start_s=(Fraction(2, 30), Fraction(0))), "0.067"),
    ("sync", delivered(duration_s=(Fraction(4), Fraction(39, 10))), "3.900"),
    ("sync", delivered(duration_s=(Fraction(41, 10), Fraction(4))), "4.100"),
    ("fast-start", replace(GOOD, boxes=("ftyp", "mdat", "moov")), "after"),
    ("fast-start", replace(GOOD, boxes=("ftyp", "mdat")), "ftyp, mdat"),
    ("no-edit-list", replace(GOOD, has_edit_list=True), "has one"),
    ("picture", replace(GOOD, black=Fraction(1)), "black"),
    ("loudness", replace(GOOD, level=Level(-14.6, -2.0)), "-14.6"),
    ("loudness", replace(GOOD, level=None), "silent"),
    ("true-peak", replace(GOOD, level=Level(-14.0, -0.9)), "-0.9"),
]


@pytest.mark.parametrize(("name", "measured", "found"), BAD)
def test_a_bad_clip_fails_with_what_was_found(name: str, measured: Measured, found: str) -> None:
    with pytest.raises(BrokenContract) as caught:
        run_checks(measured, PLANNED)
    message = str(caught.value)
    assert f"{name!r}" in message
    assert found in message
    assert "\n" not in message


def test_every_check_is_shown_to_fail() -> None:
    assert {name for name, _, _ in BAD} == set(CHECKS)


def test_a_silent_or_black_source_is_no_fault_of_the_clip() -> None:
    planned = replace(PLANNED, may_be_black=True, is_levelled=False)
    assert run_checks(replace(GOOD, black=Fraction(1), level=None), planned)


@pytest.mark.parametrize(
    ("options", "boxes", "edited"),
    [
        (["-movflags", "+faststart"], ("ftyp", "moov", "free", "mdat"), True),
        (["-use_editlist", "0"], ("ftyp", "free", "mdat", "moov"), False),
    ],
)
def test_boxes_of_a_real_file(
    options: list[str], boxes: tuple[str, ...], edited: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "libx264", "-bf", "2"]
    ffmpeg.run([*source, *options, str(path)])
    assert top_boxes(path) == boxes
    assert has_edit_list(path) is edited
