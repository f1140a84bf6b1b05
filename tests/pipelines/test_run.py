"""The whole pipeline on the start of the sample, as a user runs it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from steps.media.probe import probe
from steps.model import artifacts
from steps.model.clips import Clips
from steps.model.manifest import Manifest
from steps.model.render_check import RenderCheck
from steps.model.transcript import Transcript
from tests.pipelines.clipmill import Said
from tests.pipelines.conftest import TalkJob

pytestmark = pytest.mark.slow


def test_the_job_folder_is_complete_and_proves_itself(
    talk_job: TalkJob, called: Callable[..., Said]
) -> None:
    report = json.loads(talk_job.report.read_text())
    manifest = Manifest.from_file(talk_job.folder / artifacts.MANIFEST.path)
    assert report["outcome"] == manifest.outcome == "complete"
    assert [clip["id"] for clip in report["clips"]] == ["clip_01"]
    for clip in manifest.clips:
        assert {Path(path).suffix for path in clip.files} >= {
            ".mp4",
            ".jpg",
            ".ass",
            ".srt",
            ".vtt",
        }
    assert called("verify", talk_job.folder).code == 0
    assert not list(talk_job.folder.rglob("*partial*"))


def test_no_place_time_or_host_is_in_the_manifest(talk_job: TalkJob) -> None:
    text = (talk_job.folder / artifacts.MANIFEST.path).read_text()
    assert str(talk_job.folder.parent) not in text
    assert str(talk_job.source.parent) not in text
    assert "wall" not in text


def checked(folder: Path, width_px: int, height_px: int) -> None:
    """Prove that each clip of a job is of that size, as long as it should be, and loud enough."""
    clips = Clips.from_file(folder / artifacts.CLIPS.path).clips
    assert clips
    for clip in clips:
        check = RenderCheck.from_file(folder / artifacts.CLIP_CHECK.resolve(clip.id))
        assert (check.size.width_px, check.size.height_px) == (width_px, height_px)
        assert abs(check.duration_ms - clip.duration_ms) <= 40
        assert check.loudness is not None
        assert abs(check.loudness.integrated_mlufs + 14_000) <= 500
        assert check.loudness.true_peak_mdbtp <= -1000
        facts = probe(folder / artifacts.CLIP_VIDEO.resolve(clip.id))
        assert facts.duration_ms > 0


def test_the_clips_are_what_platforms_want(talk_job: TalkJob) -> None:
    checked(talk_job.folder, 720, 1280)
    for clip in Clips.from_file(talk_job.folder / artifacts.CLIPS.path).clips:
        assert 5_000 <= clip.duration_ms <= 7_000


def test_clips_begin_and_end_between_words(talk_job: TalkJob) -> None:
    words = Transcript.from_file(talk_job.folder / artifacts.TRANSCRIPT.path).words
    for clip in Clips.from_file(talk_job.folder / artifacts.CLIPS.path).clips:
        for edge in (clip.in_ms, clip.out_ms):
            assert not any(word.in_ms < edge < word.out_ms for word in words)


def test_a_changed_file_is_named(
    tmp_path: Path, talk_job: TalkJob, called: Callable[..., Said]
) -> None:
    shutil.copytree(talk_job.folder, tmp_path / "talk")
    with (tmp_path / "talk" / artifacts.CLIP_ASS.resolve("clip_01")).open("ab") as file:
        file.write(b"\n")
    said = called("verify", tmp_path / "talk")
    assert said.code == 84
    assert "clips/clip_01.ass has" in said.errors[0]


def test_times_that_the_user_gives_are_cut(
    tmp_path: Path, talk_job: TalkJob, called: Callable[..., Said]
) -> None:
    """The words of that source are those of an earlier run."""
    talk_job.copied(tmp_path / "at")
    options = ("--at", "0-1,3-4.5", "--exact", "--no-captions", "--no-faces", "--job-id", "at")
    options += ("--preset", "ultrafast", "--cache", str(talk_job.cache))
    said = called("run", talk_job.source, *options, "--out", tmp_path, "--json")
    assert said.code == 0, said.err
    clips = json.loads(said.out)["clips"]
    assert [clip["id"] for clip in clips] == ["clip_01", "clip_02"]
    assert [(clip["in_ms"], clip["out_ms"]) for clip in clips] == [(0, 1000), (3000, 4500)]
    assert Manifest.from_file(tmp_path / "at" / artifacts.MANIFEST.path).outcome == "complete"
    checked(tmp_path / "at", 1080, 1920)
    assert called("verify", tmp_path / "at").code == 0
