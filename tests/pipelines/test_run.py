"""The whole pipeline on the start of the sample, as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from steps.media.probe import probe
from steps.model import artifacts
from steps.model.clips import Clips
from steps.model.manifest import Manifest
from steps.model.render_check import RenderCheck
from steps.model.transcript import Transcript
from tests.media.fixtures import Film, start_of
from tests.pipelines.clipmill import QUICK, TALK, Said, clipmill
from tests.pipelines.conftest import TalkJob

pytestmark = pytest.mark.slow

OPTIONS = ("--clips", "1", "--lengths", "5-7", "--preset", "ultrafast", "--job-id", "talk")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def talk(home: Path, sample: Film) -> Path:
    """The first seconds of the sample that have two clips to choose from."""
    return start_of(sample[0], 17, home / "talk.mp4")


@pytest.fixture(scope="module")
def first(home: Path, talk: Path) -> tuple[Path, Said]:
    """The job that the first run made, with a cache."""
    out = home / "first"
    said = clipmill("run", talk, *OPTIONS, "--out", out, "--json", home=home)
    assert said.code == 0, said.err
    return out / "talk", said


def test_the_job_folder_is_complete_and_proves_itself(
    first: tuple[Path, Said], called: Callable[..., Said]
) -> None:
    folder, said = first
    report = json.loads(said.out)
    manifest = Manifest.from_file(folder / artifacts.MANIFEST.path)
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
    assert called("verify", folder).code == 0
    assert not list(folder.rglob("*partial*"))


def test_no_place_time_or_host_is_in_the_manifest(first: tuple[Path, Said], home: Path) -> None:
    text = (first[0] / artifacts.MANIFEST.path).read_text()
    assert str(home) not in text
    assert "tests/media" not in text
    assert "wall" not in text


def test_the_clips_are_what_platforms_want(first: tuple[Path, Said]) -> None:
    folder, _ = first
    for clip in Clips.from_file(folder / artifacts.CLIPS.path).clips:
        check = RenderCheck.from_file(folder / artifacts.CLIP_CHECK.resolve(clip.id))
        assert (check.size.width_px, check.size.height_px) == (1080, 1920)
        assert abs(check.duration_ms - clip.duration_ms) <= 40
        assert check.loudness is not None
        assert abs(check.loudness.integrated_mlufs + 14_000) <= 500
        assert check.loudness.true_peak_mdbtp <= -1000
        assert 5_000 <= clip.duration_ms <= 7_000
        facts = probe(folder / artifacts.CLIP_VIDEO.resolve(clip.id))
        assert facts.duration_ms > 0


def test_clips_begin_and_end_between_words(first: tuple[Path, Said]) -> None:
    folder, _ = first
    words = Transcript.from_file(folder / artifacts.TRANSCRIPT.path).words
    for clip in Clips.from_file(folder / artifacts.CLIPS.path).clips:
        for edge in (clip.in_ms, clip.out_ms):
            assert not any(word.in_ms < edge < word.out_ms for word in words)


def test_the_same_command_again_gives_the_same_bytes(
    first: tuple[Path, Said], home: Path, talk: Path
) -> None:
    out = home / "again"
    said = clipmill("run", talk, *OPTIONS, "--out", out, "--no-cache", "--quiet", home=home)
    assert (said.code, said.out) == (0, "")
    folder = first[0]
    same = [artifacts.MANIFEST.path, artifacts.EDL.path]
    same += [str(path.relative_to(folder)) for path in folder.glob("clips/*")]
    assert len([path for path in same if path.endswith((".mp4", ".ass"))]) == 2
    for path in same:
        assert (out / "talk" / path).read_bytes() == (folder / path).read_bytes(), path


def test_another_style_renders_again_and_does_nothing_else(
    home: Path, talk_start: Path, talk_job: TalkJob
) -> None:
    out = home / "style"
    style = home / "mine"
    style.write_text('{"base": "bold", "active": "#00FF88"}')
    talk_job.copied(out / "talk")
    options = (*TALK, "--style", style, "--cache", talk_job.cache)
    said = clipmill("run", talk_start, *options, "--out", out, "--json", home=home)
    assert said.code == 0, said.err
    tasks = json.loads(said.out)["tasks"]
    made = {task["task"] for task in tasks if not task["cached"]}
    assert made == {"caption", "render-clip_01", "publish"}
    kept = out / "talk" / artifacts.STYLE_FILE.path
    assert kept.read_bytes() == style.read_bytes()
    manifest = Manifest.from_file(out / "talk" / artifacts.MANIFEST.path)
    assert artifacts.STYLE_FILE.path in [item.path for item in manifest.artifacts]
    ass = artifacts.CLIP_ASS.resolve("clip_01")
    assert (out / "talk" / ass).read_bytes() != (talk_job.folder / ass).read_bytes()


def test_a_changed_file_is_named(first: tuple[Path, Said], called: Callable[..., Said]) -> None:
    path = first[0] / artifacts.CLIP_ASS.resolve("clip_01")
    kept = path.read_bytes()
    path.write_bytes(kept + b"\n")
    try:
        said = called("verify", first[0])
    finally:
        path.write_bytes(kept)
    assert said.code == 84
    assert "clips/clip_01.ass has" in said.errors[0]


def test_times_that_the_user_gives_are_cut(
    home: Path, talk_start: Path, talk_job: TalkJob, called: Callable[..., Said]
) -> None:
    """The words of that source are those of an earlier run."""
    talk_job.copied(home / "at")
    options = (*QUICK, "--at", "0-2,3-5.5", "--exact", "--no-captions", "--cache", talk_job.cache)
    options += ("--size", "720", "--no-faces", "--job-id", "at")
    said = clipmill("run", talk_start, *options, "--out", home, "--json", home=home)
    assert said.code == 0, said.err
    clips = json.loads(said.out)["clips"]
    assert [clip["id"] for clip in clips] == ["clip_01", "clip_02"]
    assert [(clip["in_ms"], clip["out_ms"]) for clip in clips] == [(0, 2000), (3000, 5500)]
    assert Manifest.from_file(home / "at" / artifacts.MANIFEST.path).outcome == "complete"
    assert called("verify", home / "at").code == 0
