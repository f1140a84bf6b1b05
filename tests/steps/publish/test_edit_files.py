"""The edit lists of a job: frames, places of the picture, and the bytes of every machine."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio
import pytest

from steps.model.edl import Edl
from steps.model.geometry import Box
from steps.model.timing import frame_at
from steps.publish.interchange import edit_files, edit_project
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
    first = moving.placements[0]
    assert first.scale == Fraction(1080, 404)
    middle = Fraction(1280, 2) - (400 + 202)
    assert abs(first.right_px - middle * first.scale) < 1
    assert len(still.placements) == 1
    assert still.placements[0].down_px == 0


def test_a_layout_of_several_windows_moves_nothing() -> None:
    job = documents()
    assert job.crops
    (crop,) = job.crops.clips
    (region,) = crop.shots[0].regions
    half = Box(x_px=0, y_px=0, width_px=1080, height_px=960)
    both = (region.model_copy(update={"target": half}),) * 2
    stack = crop.shots[0].model_copy(update={"layout": "stack", "regions": both})
    changed = crop.model_copy(update={"shots": (stack, crop.shots[1])})
    crops = job.crops.model_copy(update={"clips": (changed,)})
    first = edit_project(replace(job, crops=crops), manifest()).clips[0].pieces[0]
    assert (first.placements, len(first.windows)) == ((), 2)


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
