"""Bad input, as a user meets it: one clear line, the right code, nothing half-written."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from steps.model import artifacts
from steps.model.manifest import Manifest
from tests.media.bad import bad
from tests.media.fixtures import Film, start_of
from tests.pipelines.clipmill import QUICK, TALK, Said, clipmill, command
from tests.pipelines.conftest import TalkJob

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("empty", 80),
        ("text", 81),
        ("noise", 81),
        ("hls", 81),
        ("ffconcat", 81),
        ("bomb", 82),
        ("no_frames", 81),
        ("still_picture", 81),
        ("no_index", 81),
    ],
)
def test_files_that_are_not_videos(
    kind: str, code: int, tmp_path: Path, called: Callable[..., Said]
) -> None:
    said = called("run", bad(kind, tmp_path), "--out", tmp_path / "jobs")
    assert said.code == code, said.err
    assert len(said.errors) == 1
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not list(tmp_path.rglob(artifacts.MANIFEST.path))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "nowhere.mp4"), "nowhere.mp4 does not exist"),
        (("run", "."), "is a folder"),
        (("run",), "SOURCE"),
        (("run", "ftp://example.org/a.mp4"), "ftp:// is not fetched"),
        (("run", "{file}", "--nonsense"), "unrecognized arguments: --nonsense"),
        (("run", "{file}", "--clips", "0"), "--clips"),
        (("run", "{file}", "--lengths", "huge"), "--lengths"),
        (("run", "{file}", "--at", "5-1"), "--at"),
        (("run", "{file}", "--style", "nosuch"), "nosuch"),
        (("run", "{file}", "--style", "missing.json"), "missing.json"),
        (("run", "{file}", "--job-id", "Not A Label"), "cannot be a job id"),
        (("run", "{file}", "--out", "ftp://x/y"), "ftp://x/y"),
        (("run", "{file}", "--language", "deutsch"), "--language"),
        (("nonsense",), "there is no command"),
        (("verify", "nowhere"), "manifest.json is missing"),
        (("status", "a-job"), "ARGO_SERVER"),
        (("results", "a-job"), "CLIPMILL_STORE"),
    ],
)
def test_options_that_cannot_be_used(
    arguments: tuple[str, ...], says: str, called: Callable[..., Said], sample: Film
) -> None:
    said = called(*(str(sample[0]) if item == "{file}" else item for item in arguments))
    assert said.code in (80, 84), said.err
    assert len(said.errors) == 1
    assert says in said.errors[0]
    assert "Traceback" not in said.err


def test_a_language_that_no_model_knows(
    tmp_path: Path, talk_start: Path, called: Callable[..., Said]
) -> None:
    options = (*QUICK, "--language", "xx", "--out", tmp_path / "j")
    said = called("run", talk_start, *options)
    assert said.code == 80
    assert "transcribe" in said.errors[0]


def test_a_folder_that_cannot_be_written(
    tmp_path: Path, called: Callable[..., Said], sample: Film
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, where a folder should be")
    said = called("run", sample[0], "--out", blocked)
    assert said.code == 80
    assert "blocked" in said.errors[0]


def test_sound_without_pictures(
    tmp_path: Path, called: Callable[..., Said], media: Callable[[str], Film]
) -> None:
    said = called("run", media("audio_only")[0], "--out", tmp_path / "jobs")
    assert said.code == 81
    assert len(said.errors) == 1


@pytest.mark.parametrize("name", ["no_audio", "no_speech"])
def test_no_speech_gives_clips_by_place_and_says_so(
    name: str, tmp_path: Path, media: Callable[[str], Film], called: Callable[..., Said]
) -> None:
    path = start_of(media(name)[0], 6, tmp_path / f"{name}.mp4")
    options = (*QUICK, "--clips", "1", "--lengths", "5", "--size", "720", "--no-faces")
    options += ("--no-cache", "--out", str(tmp_path / "jobs"))
    said = called("run", path, *options)
    assert said.code == 0, said.err
    assert "no speech" in said.out
    assert "clip_01" in said.out


def test_an_interrupt_ends_all_and_the_same_command_goes_on(
    tmp_path: Path, talk_job: TalkJob
) -> None:
    """With another style than an earlier run, so only what the style changes is made again."""
    out, style = tmp_path / "jobs", tmp_path / "mine"
    style.write_text('{"base": "bold", "active": "#00FF88"}')
    talk_job.copied(out / "talk")
    (out / "talk" / "logs" / "render-clip_01.log").unlink()
    options = (*TALK, "--style", style, "--cache", talk_job.cache, "--out", out)
    argv = command("run", talk_job.source, *options)
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    running = subprocess.Popen(
        argv, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    log = out / "talk" / "logs" / "render-clip_01.log"
    deadline = time.monotonic() + 600
    while not log.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=600)
    assert running.returncode == 130
    assert said.splitlines()[-1].startswith("error: interrupted")
    assert re.findall(r"^([a-z]+): \d+\.\d s$", said, flags=re.MULTILINE) == ["caption"]
    left = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    assert str(out) not in left
    assert not (out / "talk" / artifacts.MANIFEST.path).exists()
    again = clipmill("run", talk_job.source, *options, "--json", home=tmp_path)
    assert again.code == 0, again.err
    tasks = json.loads(again.out)["tasks"]
    assert {task["task"] for task in tasks if not task["cached"]} == {"render-clip_01", "publish"}
    kept = out / "talk" / artifacts.STYLE_FILE.path
    assert kept.read_bytes() == style.read_bytes()
    manifest = Manifest.from_file(out / "talk" / artifacts.MANIFEST.path)
    assert artifacts.STYLE_FILE.path in [item.path for item in manifest.artifacts]
    ass = artifacts.CLIP_ASS.resolve("clip_01")
    assert (out / "talk" / ass).read_bytes() != (talk_job.folder / ass).read_bytes()
