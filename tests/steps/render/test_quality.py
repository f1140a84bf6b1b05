"""Every check of a rendered clip can fail, and says why in one line."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from steps.contract.errors import BrokenContract
from steps.media import ffmpeg
from steps.media.boxes import has_edit_list, top_boxes
from steps.media.rendered import RenderedFile
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.render.file_checks import FILE_CHECKS
from steps.render.measured import Camera, Ink, Measured, Pictures, Planned
from steps.render.plan import clip_grid
from steps.render.quality import described, run_checks
from steps.render.sound import Level
from steps.render.viewer_checks import VIEWER_CHECKS

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
)


def delivered(**changes: object) -> Measured:
    return replace(GOOD, delivered=replace(GOOD.delivered, **changes))  # type: ignore[arg-type]


PICTURES = Pictures()
CAMERA = Camera(face_inside=1.0, speaker_shown=1.0, longest_without_s=0.0, reversals_per_s=0.0,
                jitter_px=0.05)  # fmt: skip
INK = Ink(drawn=1.0, outside_px=0, on_faces=0.0, on_texts=0.0, smallest_px=88)

BROKEN = [
    ("size", delivered(size=Size(width_px=1080, height_px=1918)), "1080x1918"),
    ("rate", delivered(rate=Fraction(25)), "25"),
    ("frames", delivered(frames=119), "119"),
    ("codecs", delivered(profile="Main"), "Main"),
    ("codecs", delivered(sample_rate_hz=44_100), "44100"),
    ("colours", delivered(colours=(2, 2, 2, 1)), "(2, 2, 2, 1)"),
    ("key-frames", delivered(widest_key_gap=16), "16"),
    ("sync", delivered(start_s=(Fraction(2, 30), Fraction(0))), "0.067"),
    ("sync", delivered(duration_s=(Fraction(4), Fraction(39, 10))), "-100 ms after"),
    ("sync", delivered(duration_s=(Fraction(4), Fraction(41, 10))), "100 ms after"),
    ("duration", delivered(duration_s=(Fraction(41, 10), Fraction(4))), "4.100"),
    ("fast-start", replace(GOOD, boxes=("ftyp", "mdat", "moov")), "mdat moov"),
    ("fast-start", replace(GOOD, boxes=("ftyp", "mdat")), "mdat"),
    ("no-edit-list", replace(GOOD, has_edit_list=True), "has one"),
    ("picture", replace(GOOD, pictures=Pictures(black=Fraction(1), black_s=4)), "black"),
    ("loudness", replace(GOOD, level=Level(-14.6, -2.0)), "-14.6"),
    ("loudness", replace(GOOD, level=None), "silent"),
    ("true-peak", replace(GOOD, level=Level(-14.0, -0.9)), "-0.9"),
]
DISLIKED = [
    ("black", replace(GOOD, pictures=replace(PICTURES, black_s=1.5)), "1.50 s"),
    ("frozen", replace(GOOD, pictures=replace(PICTURES, frozen_s=2.5)), "2.50 s"),
    ("edges", replace(GOOD, pictures=replace(PICTURES, stray_frames=1)), "1 frames of another"),
    (
        "face-inside",
        replace(GOOD, camera=replace(CAMERA, face_inside=0.98)),
        "98.0 % of the frames",
    ),
    ("speaker-shown", replace(GOOD, camera=replace(CAMERA, speaker_shown=0.5)), "50.0 %"),
    ("subject-gap", replace(GOOD, camera=replace(CAMERA, longest_without_s=2.4)), "2.40 s"),
    ("reversals", replace(GOOD, camera=replace(CAMERA, reversals_per_s=0.2)), "0.20 a second"),
    ("jitter", replace(GOOD, camera=replace(CAMERA, jitter_px=0.9)), "0.90 px"),
    ("captions-drawn", replace(GOOD, ink=replace(INK, drawn=0.0)), "0.0 %"),
    ("captions-safe", replace(GOOD, ink=replace(INK, outside_px=64)), "64 px"),
    ("captions-faces", replace(GOOD, ink=replace(INK, on_faces=0.1)), "10 %"),
    ("captions-texts", replace(GOOD, ink=replace(INK, on_texts=0.2)), "20 %"),
    ("text-size", replace(GOOD, ink=replace(INK, smallest_px=40)), "40 px"),
]


def test_a_good_clip_passes_all() -> None:
    full = replace(GOOD, camera=CAMERA, ink=INK)
    results = run_checks(full, PLANNED, strict=True)
    assert {one.name for one in results} == {*FILE_CHECKS, *VIEWER_CHECKS}
    assert all(one.passed for one in results)


def test_what_does_not_apply_is_left_out() -> None:
    names = {one.name for one in run_checks(GOOD, PLANNED)}
    assert names == {*FILE_CHECKS, "black", "frozen", "edges"}


@pytest.mark.parametrize(("name", "measured", "found"), BROKEN)
def test_a_broken_clip_is_refused_with_what_was_found(
    name: str, measured: Measured, found: str
) -> None:
    with pytest.raises(BrokenContract) as caught:
        run_checks(measured, PLANNED)
    message = str(caught.value)
    assert f"{name!r}" in message
    assert found in message
    assert "\n" not in message


@pytest.mark.parametrize(("name", "measured", "found"), DISLIKED)
def test_what_a_viewer_dislikes_is_named_and_is_an_error_if_asked(
    name: str, measured: Measured, found: str
) -> None:
    (failed,) = (one for one in run_checks(measured, PLANNED) if not one.passed)
    assert failed.name == name
    assert found in described(failed)
    with pytest.raises(BrokenContract, match=name):
        run_checks(measured, PLANNED, strict=True)


def test_every_check_is_shown_to_fail() -> None:
    assert {name for name, _, _ in BROKEN} == set(FILE_CHECKS)
    assert {name for name, _, _ in DISLIKED} == set(VIEWER_CHECKS)


def test_a_silent_or_black_source_is_no_fault_of_the_clip() -> None:
    planned = replace(PLANNED, may_be_black=True, is_levelled=False)
    black = replace(GOOD, pictures=Pictures(black=Fraction(1)), level=None)
    assert all(one.passed for one in run_checks(black, planned))


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
