"""Edit lists, read back by OpenTimelineIO's own adapters: the same frames at every rate."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.formats import cmx3600, fcpxml, xmeml
from steps.formats import otio as otio_json
from steps.formats.edit_project import (
    EditedClip,
    EditedText,
    EditProject,
    Piece,
    Placement,
    Trim,
    counted_frame,
    decimal_text,
)
from steps.model.geometry import Size
from tests.steps.formats.content_models import faults
from tests.steps.publish.talks import hostile

NTSC_FILM, NTSC, NTSC_50 = (Fraction(1000 * base, 1001) for base in (24, 30, 60))
RATES = [
    (NTSC_FILM, False), (Fraction(24), False), (Fraction(25), False), (NTSC, False), (NTSC, True),
    (Fraction(30), False), (Fraction(50), False), (NTSC_50, False), (NTSC_50, True),
]  # fmt: skip
NAMED = [f"{float(rate):.3f}{' drop' if drop else ''}" for rate, drop in RATES]
CUTS = [(0, 241), (241, 600), (17_900, 18_100), (107_800, 108_300)]
"""From the first frame; one that touches it; over a tenth minute at 30; over an hour at 30."""


def project(
    rate: Fraction = NTSC, *, drop: bool = False, start: int = 0, title: str = "A title"
) -> EditProject:
    """Clips of an hour-long source, the first in two pieces with a moving window."""
    clips = []
    for number, (first, end) in enumerate(CUTS, 1):
        middle, trim = (first + end) // 2, Trim(*map(Fraction, (100, 0, 100, 20)))
        pieces = (
            Piece(
                first, middle, "focus",
                ((
                    Placement(first, Fraction(8, 3), Fraction(-100), Fraction(0)),
                    Placement(middle - 1, Fraction(8, 3), Fraction(50), Fraction(0)),
                ),),
                ({"x_mpx": 1},),
            ),
            Piece(
                middle, end, "stack",
                tuple(
                    (Placement(middle, Fraction(1), Fraction(0), Fraction(down), trim),)
                    for down in (-480, 480)
                ),
            ),
        )  # fmt: skip
        captions = f"clips/clip_0{number}.srt"
        texts = (
            EditedText(first, first + 30, f"{title}\nsecond line"),
            EditedText(middle, end, title),
        )
        clips.append(EditedClip(f"clip_0{number}", title, "score 5", captions, pieces, texts))
    return EditProject(
        name=title, media="source.mkv", rate=rate, frames=120_000,
        size=Size(width_px=1280, height_px=720), canvas=Size(width_px=1080, height_px=1920),
        channels=2, sample_rate_hz=48_000, clips=tuple(clips), start_frame=start, drop=drop,
    )  # fmt: skip


def frames(clip: otio.schema.Clip, start: int = 0) -> tuple[int, int]:
    """In and out frame of a clip that was read."""
    found = clip.source_range
    return (
        found.start_time.to_frames() - start,
        found.end_time_exclusive().to_frames() - start,
    )


def pieces(made: EditProject) -> list[tuple[int, int]]:
    return [(one.in_frame, one.out_frame) for clip in made.clips for one in clip.pieces]


def videos(found: otio.core.SerializableObject) -> list[otio.schema.Clip]:
    """The clips of the first video track of every timeline."""
    timelines = (
        [found]
        if isinstance(found, otio.schema.Timeline)
        else sorted(found.find_children(otio.schema.Timeline), key=lambda one: one.name)
    )
    return [clip for timeline in timelines for clip in timeline.video_tracks()[0].find_clips()]


def final_cut(text: str) -> list[tuple[int, int]]:
    """The frames of an FCPXML's clips, by exact arithmetic: every time is a whole frame."""
    root = ET.fromstring(text)
    length = Fraction(root.findall(".//format")[0].attrib["frameDuration"].removesuffix("s"))
    found = []
    for item in root.iter("asset-clip"):
        times = [Fraction(item.attrib[name].removesuffix("s")) for name in ("start", "duration")]
        first, count = (time / length for time in times)
        assert first.denominator == count.denominator == 1
        found.append((int(first), int(first + count)))
    return found


@pytest.mark.parametrize(("rate", "drop"), RATES, ids=NAMED)
@pytest.mark.parametrize("start", [0, 107_892])
def test_every_format_keeps_every_frame(rate: Fraction, drop: bool, start: int) -> None:
    made = project(rate, drop=drop, start=start)
    text = cmx3600.write(made).decode()
    edl = otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate))
    cuts = [(clip.in_frame, clip.out_frame) for clip in made.clips]
    assert [frames(clip, start) for clip in videos(edl)] == cuts
    own = otio.adapters.read_from_string(otio_json.write(made).decode(), "otio_json")
    assert [frames(clip, start) for clip in videos(own)] == pieces(made)
    final = fcpxml.write(made).decode()
    assert [(first - start, end - start) for first, end in final_cut(final)] == pieces(made)
    # otio-fcpx-xml-adapter 1.0 makes rates whole, and cuts off what its floats leave of a frame.
    if rate.denominator == 1 and not start:
        read = otio.adapters.read_from_string(final, "fcpx_xml")
        both = [frames(clip, start) for clip in videos(read)]  # also the clips laid over others
        assert list(dict.fromkeys(both)) == pieces(made)
        assert len(both) == len(pieces(made)) + len(made.clips)
    seven = otio.adapters.read_from_string(xmeml.write(made).decode(), "fcp_xml")
    assert [frames(clip, start) for clip in videos(seven)] == pieces(made)
    (upper,) = {len(one.video_tracks()) for one in seven.find_children(otio.schema.Timeline)}
    assert upper == 2


@pytest.mark.parametrize(
    ("rate", "drop", "frame", "expected"),
    [
        (NTSC, True, 1799, "00:00:59;29"),
        (NTSC, True, 1800, "00:01:00;02"),
        (NTSC, True, 17_981, "00:09:59;29"),
        (NTSC, True, 17_982, "00:10:00;00"),
        (NTSC, True, 107_892, "01:00:00;00"),
        (NTSC_50, True, 3600, "00:01:00;04"),
        (NTSC, False, 1800, "00:01:00:00"),
        (NTSC_FILM, True, 1440, "00:01:00:00"),
        (Fraction(25), False, 90_000, "01:00:00:00"),
        (Fraction(25), False, 24 * 90_000, "00:00:00:00"),
    ],
)
def test_time_code(rate: Fraction, drop: bool, frame: int, expected: str) -> None:
    assert project(rate, drop=drop).timecode(frame) == expected


@given(frame=st.integers(min_value=0, max_value=24 * 86_400 - 1), how=st.sampled_from(RATES))
def test_a_time_code_counts_back_to_its_frame(frame: int, how: tuple[Fraction, bool]) -> None:
    rate, drop = how
    assert counted_frame(project(rate, drop=drop).timecode(frame), rate) == frame


def test_an_edit_list_by_hand() -> None:
    """Laid out as CMX 3600 has it: columns, times, comments."""
    assert cmx3600.write(project()).decode().split("\n")[:8] == [
        "TITLE: A title",
        "FCM: NON-DROP FRAME",
        "",
        "001  SOURCE   AA/V  C        00:00:00:00 00:00:08:01 00:00:00:00 00:00:08:01",
        "* FROM CLIP NAME: source.mkv",
        "* LOC: 00:00:00:00 RED     clip_01 A title",
        "* COMMENT: score 5",
        "* CAPTIONS: clips/clip_01.srt",
    ]
    assert "FCM: DROP FRAME" in cmx3600.write(project(drop=True)).decode()


def test_opentimelineio_has_layout_crop_captions_and_marker() -> None:
    found = otio.adapters.read_from_string(otio_json.write(project()).decode(), "otio_json")
    first = videos(found)[0]
    crop = first.metadata["clipmill"]
    assert (crop["schema"], crop["layout"]) == ("clipmill/edit@1", "focus")
    assert [dict(window) for window in crop["windows"]] == [{"x_mpx": 1}]
    assert first.media_reference.target_url == "source.mkv"
    assert [(one.name, one.comment) for one in first.markers] == [("A title", "score 5")]
    assert found[0].metadata["clipmill"]["captions"] == "clips/clip_01.srt"


def test_final_cut_is_laid_out_as_its_reference_has_it() -> None:
    root = ET.fromstring(fcpxml.write(project()))
    assert faults(root) == []
    clip = root.findall(".//asset-clip")[1]
    clip.append(clip[0])  # the note at the end
    del root.findall(".//media-rep")[0].attrib["src"]
    clip.set("ref", "r9")
    found = " ".join(faults(root))
    assert all(word in found for word in ("asset-clip holds", "media-rep lacks src", "to r9"))


def test_final_cut_moves_the_picture() -> None:
    """The canvas is 1080 by 1920: the picture fits at 0.84375, and -100 px are 5.2 % of 1920."""
    root = ET.fromstring(fcpxml.write(project()))
    item = root.findall(".//asset-clip")[0]
    assert item.get("duration") == "120120/30000s"
    transform = item.find("adjust-transform")
    assert transform is not None
    assert (transform.get("position"), transform.get("scale")) == ("-5.2083 0", "3.1605 3.1605")
    keys = [(one.get("time"), one.get("value")) for one in transform.iter("keyframe")]
    assert keys == [("0s", "-5.2083 0"), ("119119/30000s", "2.6042 0")]
    stack = root.findall(".//asset-clip")[1]
    trim = stack.find("adjust-crop/trim-rect")
    assert trim is not None
    assert [trim.get(side) for side in fcpxml.SIDES] == ["13.8889", "0", "13.8889", "2.7778"]


def test_final_cut_has_the_captions_as_titles_over_all_windows() -> None:
    made = project(Fraction(30), start=900)
    root = ET.fromstring(fcpxml.write(made))
    (effect,) = root.findall("resources/effect")
    first, second = root.findall("library/event/project[1]//asset-clip/title")
    assert {one.get("ref") for one in (first, second)} == {effect.get("id")}
    assert (first.get("offset"), first.get("duration")) == ("900/30s", "30/30s")
    assert (second.get("offset"), second.get("duration")) == ("1020/30s", "121/30s")
    assert (first.get("lane"), second.get("lane")) == ("1", "2")
    assert first.findtext("text/text-style") == "A title\nsecond line"
    styles = [one.get("id") for one in root.iter("text-style-def")]
    assert len(styles) == len(set(styles)) == 2 * len(made.clips)
    used = [one.get("ref") for one in root.findall(".//text/text-style")]
    assert used == styles


def test_final_cut_seven_moves_the_picture() -> None:
    root = ET.fromstring(xmeml.write(project()))
    effect = root.findall(".//clipitem")[0].find(".//effect")
    assert effect is not None
    scale, centre = effect.findall("parameter")
    assert scale.findtext("value") == "266.6667"
    keys = [(one.findtext("when"), one.findtext("value/horiz")) for one in centre.iter("keyframe")]
    assert keys == [("0", "-0.078125"), ("119", "0.039062")]


@pytest.mark.parametrize("number", range(100))
def test_hostile_titles_stay_text_and_files_stay_valid(number: int) -> None:
    made = project(title=list(hostile())[number])
    lines = cmx3600.write(made).decode().splitlines()
    events = [line for line in lines if re.match(r"\d{3}  ", line)]
    assert len(events) == len(CUTS)
    kept = r"\* [A-Z ]+: .*|\* COMMENT: |TITLE: .+|FCM: NON-DROP FRAME|\d{3}  .*|"
    assert [line for line in lines if not re.fullmatch(kept, line)] == []
    own = json.loads(otio_json.write(made))
    assert own["children"][0]["metadata"]["clipmill"]["title"] == made.name
    shapes = []
    for write in (fcpxml.write, xmeml.write):
        found, calm = (ET.fromstring(write(one)) for one in (made, project()))
        shapes.append([one.tag for one in found.iter()] == [one.tag for one in calm.iter()])
    assert shapes == [True, True]


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 3), "0.3333"), (Fraction(-5, 2), "-2.5"), (Fraction(0), "0"),
     (Fraction(-1, 100_000), "0"), (Fraction(7), "7")],
)  # fmt: skip
def test_decimals(value: Fraction, text: str) -> None:
    assert decimal_text(value) == text
