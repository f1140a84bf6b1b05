"""The edit lists of a job: frames, places of the picture, and the bytes of every machine."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import opentimelineio
import pytest

from steps.formats import fcpxml
from steps.formats.edit_project import EditedText
from steps.model.crop import Keyframe, Region
from steps.model.edl import Edl
from steps.model.geometry import Box, Size
from steps.model.timing import frame_at
from steps.publish.documents import JobDocuments
from steps.publish.interchange import edit_files, edit_project
from steps.publish.page import page
from tests.steps.publish.receipts import META, RATE, whole_job
from tests.steps.publish.talks import documents, hostile, manifest
from tests.steps.publish.test_publish import publish

NAMES = ("clips.edl", "clips.otio", "clips.fcpxml", "clips.xml")


def test_publish_writes_them_and_the_manifest_lists_them(tmp_path: Path) -> None:
    job = whole_job(tmp_path / "job")
    other = whole_job(tmp_path / "another folder")
    assert publish(job) == publish(other) == 0
    listed = (job.root / "manifest.json").read_text()
    for name in NAMES:
        assert job.fingerprint(name).sha256 in listed
        assert (job.root / name).read_bytes() == (other.root / name).read_bytes()


def test_the_cuts_are_those_of_edl_json(tmp_path: Path) -> None:
    job = whole_job(tmp_path)
    publish(job)
    events = Edl.from_file(tmp_path / "edl.json").events
    found = opentimelineio.adapters.read_from_file(str(tmp_path / "clips.otio"))
    ranges = [timeline.video_tracks()[0][0].source_range for timeline in found]
    assert [(one.start_time.to_frames(), one.duration.to_frames()) for one in ranges] == [
        (event.in_frame, event.out_frame - event.in_frame) for event in events
    ]


def test_a_clip_is_cut_where_its_layout_changes() -> None:
    made = edit_project(documents(), manifest())
    (clip,) = made.clips
    edges = [frame_at(time, RATE) for time in (10_000, 18_000, 30_000)]
    assert [(one.in_frame, one.out_frame) for one in clip.pieces] == [
        (edges[0], edges[1]),
        (edges[1], edges[2]),
    ]
    assert (clip.captions, made.media, made.frames) == ("clips/clip_01.srt", "source.mkv", 2698)
    assert clip.note.startswith("score 800, ")


def test_the_picture_is_where_the_window_says() -> None:
    """A window of 404 px at x 400 fills 1080 px: the picture's middle is 38 px right of its own."""
    moving, still = edit_project(documents(), manifest()).clips[0].pieces
    first = moving.layers[0][0]
    assert first.scale == Fraction(1080, 404)
    middle = Fraction(1280, 2) - (400 + 202)
    assert abs(first.right_px - middle * first.scale) < 1
    last = moving.layers[0][-1]
    assert last.frame == moving.out_frame - 1
    assert abs(last.right_px - (middle - 100) * first.scale) < 2, "it moves up to the next shot"
    assert len(still.layers[0]) == 1
    assert still.layers[0][0].down_px == 0


def test_a_push_in_is_a_scale_that_grows() -> None:
    job = documents()
    assert job.crops
    (crop,) = job.crops.clips
    (region,) = crop.shots[0].regions
    start = crop.shots[0].in_ms
    keys = (
        Keyframe(time_ms=start, x_mpx=400_000, y_mpx=0),
        Keyframe(time_ms=start + 3_000, x_mpx=400_000, y_mpx=-2_000, closer_ppm=40_000),
    )
    pushed = region.model_copy(update={"keyframes": keys})
    first = crop.shots[0].model_copy(update={"regions": (pushed,)})
    changed = crop.model_copy(update={"shots": (first, crop.shots[1])})
    job = replace(job, crops=job.crops.model_copy(update={"clips": (changed,)}))
    piece = edit_project(job, manifest()).clips[0].pieces[0]
    scale = Fraction(1080, 404)
    assert [float(one.scale / scale) for one in piece.layers[0]] == pytest.approx(
        [1, 1.04, 1.04], abs=0.001
    )
    last = piece.layers[0][-1]
    assert last.right_px == (640 - 602) * last.scale, "around the same middle"
    assert last.down_px == 2 * last.scale
    files = {port.path: ET.fromstring(content) for port, content in edit_files(
        job, manifest()).items() if content.startswith(b"<?xml")}  # fmt: skip
    moves = next(files["clips.fcpxml"].iter("adjust-transform"))
    (animated,) = [one for one in moves if one.get("name") == "scale"]
    values = [float(one.get("value", "").split()[0]) for one in animated.iter("keyframe")]
    assert values[-1] / values[0] == pytest.approx(1.04, abs=0.001)
    (parameter, *_) = [one for one in files["clips.xml"].iter("parameter")
                       if one.findtext("parameterid") == "scale"]  # fmt: skip
    found = [float(one.findtext("value", "")) for one in parameter.iter("keyframe")]
    assert found[-1] / found[0] == pytest.approx(1.04, abs=0.001)


def stacked() -> JobDocuments:
    """A job whose first shot shows two windows, one above the other; the upper one moves."""
    job = documents()
    assert job.crops
    (crop,) = job.crops.clips
    (region,) = crop.shots[0].regions
    upper = region.model_copy(
        update={
            "window": Size(width_px=450, height_px=440),
            "target": Box(x_px=0, y_px=0, width_px=1080, height_px=1056),
        }
    )
    lower = Region(
        window=Size(width_px=300, height_px=240),
        target=Box(x_px=0, y_px=1056, width_px=1080, height_px=864),
        keyframes=(Keyframe(time_ms=crop.shots[0].in_ms, x_mpx=900_000, y_mpx=400_000),),
    )
    stack = crop.shots[0].model_copy(update={"layout": "stack", "regions": (upper, lower)})
    changed = crop.model_copy(update={"shots": (stack, crop.shots[1])})
    return replace(job, crops=job.crops.model_copy(update={"clips": (changed,)}))


def first_value(parent: ET.Element, name: str) -> float:
    """A value of an xmeml parameter, at its first keyframe if it moves."""
    (found,) = [one for one in parent.iter("parameter") if one.findtext("parameterid") == name]
    return float(found.findtext("value") or found.findtext("keyframe/value") or "nan")


def shown_in_final_cut(item: ET.Element, size: Size) -> list[float]:
    """Left, top, right and bottom of what an FCPXML clip shows on a canvas of 1080x1920."""
    transform, trim = item.find("adjust-transform"), item.find("adjust-crop/trim-rect")
    assert transform is not None
    assert trim is not None
    right, up = (float(one) * 1920 / 100 for one in transform.attrib["position"].split())
    scale = float(transform.attrib["scale"].split()[0]) * 1080 / size.width_px
    cut = [float(trim.attrib[side]) * size.height_px / 100 for side in fcpxml.SIDES]
    return on_canvas(cut, scale, 540 + right, 960 - up, size)


def shown_in_premiere(item: ET.Element, size: Size) -> list[float]:
    """The same of an xmeml clip."""
    crop, motion = item.findall("filter/effect")
    place = motion.find(".//value/horiz/..")
    assert place is not None
    right = float(place.findtext("horiz", "")) * size.width_px
    down = float(place.findtext("vert", "")) * size.height_px
    sides = size.width_px, size.height_px, size.width_px, size.height_px
    cut = [
        first_value(crop, name) * side / 100 for name, side in zip(fcpxml.SIDES, sides, strict=True)
    ]
    return on_canvas(cut, first_value(motion, "scale") / 100, 540 + right, 960 + down, size)


def on_canvas(cut: list[float], scale: float, x: float, y: float, size: Size) -> list[float]:
    left, top, right, bottom = cut
    width, height = size.width_px, size.height_px
    return [
        x + (left - width / 2) * scale,
        y + (top - height / 2) * scale,
        x + (width / 2 - right) * scale,
        y + (height / 2 - bottom) * scale,
    ]


def test_each_window_of_a_layout_is_where_it_is_in_the_clip() -> None:
    job = stacked()
    written = {port.path: data for port, data in edit_files(job, manifest()).items()}
    assert job.crops
    wanted = [region.target for region in job.crops.clips[0].shots[0].regions]
    final = ET.fromstring(written["clips.fcpxml"]).find(".//asset-clip")
    assert final is not None
    (above,) = final.findall("video")
    assert above.attrib["offset"] == final.attrib["start"]
    seven = ET.fromstring(written["clips.xml"]).findall(".//video/track")
    assert [len(track) for track in seven] == [2, 1]
    size = job.meta.video.size
    for number, target in enumerate(wanted):
        edges = [target.x_px, target.y_px, target.right_px, target.bottom_px]
        here = shown_in_final_cut([final, above][number], size)
        assert here == pytest.approx(edges, abs=1)
        assert shown_in_premiere(seven[number][0], size) == pytest.approx(edges, abs=1)
    sides = [one.attrib["name"] for one in final.findall("adjust-crop/trim-rect/param")]
    assert sides == ["left", "right"], "the crop moves with the window"


def test_a_variable_rate_is_stated() -> None:
    job = documents()
    video = META.video.model_copy(update={"variable_rate": True})
    varied = replace(job, meta=META.model_copy(update={"video": video}))
    written = {port.path: data.decode() for port, data in edit_files(varied, manifest()).items()}
    assert "* VARIABLE FRAME RATE: CONFORM THE SOURCE FIRST" in written["clips.edl"]
    assert '"variable_rate": true' in written["clips.otio"]


@pytest.mark.parametrize("number", range(0, 100, 7))
def test_hostile_documents_give_valid_files(number: int) -> None:
    text = list(hostile())[number]
    written = {
        port.path: data for port, data in edit_files(documents(text), manifest(text)).items()
    }
    assert set(written) == set(NAMES)
    found = opentimelineio.adapters.read_from_string(written["clips.otio"].decode(), "otio_json")
    assert found[0].metadata["clipmill"]["title"] == text[:300]


def test_frames_count_from_the_start_time_code() -> None:
    """An hour of drop-frame time code at 29.97 is 107,892 frames."""
    job = documents()
    stamped = replace(job, meta=META.model_copy(update={"timecode": "01:00:00;00"}))
    plain, made = (edit_project(one, manifest()) for one in (job, stamped))
    assert (made.start_frame, made.drop, made.clips) == (107_892, True, plain.clips)
    written = {port.path: data.decode() for port, data in edit_files(stamped, manifest()).items()}
    assert "FCM: DROP FRAME" in written["clips.edl"]
    for name, adapter in (
        ("clips.edl", "cmx_3600"),
        ("clips.otio", "otio_json"),
        ("clips.xml", "fcp_xml"),
    ):
        options = {"rate": float(RATE)} if adapter == "cmx_3600" else {}
        read = opentimelineio.adapters.read_from_string(written[name], adapter, **options)
        first = read.find_children(opentimelineio.schema.Clip)[0].source_range.start_time
        assert first.to_frames() == 107_892 + made.clips[0].in_frame
    assert f'start="{(107_892 + made.clips[0].in_frame) * 1001}/30000s"' in written["clips.fcpxml"]


def test_captions_are_texts_with_the_frames_of_their_cues() -> None:
    job = documents("Hi there", start_ms=10_000)
    (clip,) = edit_project(job, manifest()).clips
    rate = job.meta.video.rate
    assert clip.texts == (EditedText(frame_at(11_000, rate), frame_at(12_000, rate), "Hi there"),)


def test_captions_without_spaces_have_none() -> None:
    job = documents("今天", start_ms=10_000)
    assert job.captions
    (cue,) = job.captions.clips[0].cues
    more = cue.words[0].model_copy(update={"text": "我们"})
    both = cue.model_copy(update={"words": (*cue.words, more)})
    clips = (job.captions.clips[0].model_copy(update={"cues": (both,)}),)
    job = replace(job, captions=job.captions.model_copy(update={"clips": clips}))
    (clip,) = edit_project(job, manifest()).clips
    assert clip.texts[0].text == "今天我们"
    assert "今天我们" in page(job, manifest()).decode()


def test_the_source_has_the_address_that_was_asked_for() -> None:
    address = "s3://bucket/a%20b/source.mkv"
    for data in edit_files(documents(), manifest(), address).values():
        assert address in data.decode()
