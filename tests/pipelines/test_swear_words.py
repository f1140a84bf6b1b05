"""`--profanity`: no file of a finished job that people read has a swear word."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from steps.model.manifest import Manifest
from tests.media.make import QUIET
from tests.pipelines.clipmill import QUICK, Said

SAID = """1
00:00:00,200 --> 00:00:02,800
The worst shit of my fucking life

2
00:00:02,900 --> 00:00:05,500
took eleven shit seconds.
"""
STEMS = ("shit", "fuck")
EXACT = {"source_meta.json", "transcript.json", "inputs/transcript"}
"""What came with the source, and the words that steps compare with the sound."""


def test_only_what_steps_read_has_them(
    tmp_path: Path, talk_start: Path, called: Callable[..., Said]
) -> None:
    (tmp_path / "said.srt").write_text(SAID)
    titled = tmp_path / "talk.mp4"
    argv = [*QUIET, "-i", str(talk_start), "-c", "copy", "-metadata", "title=Shit talk"]
    subprocess.run([*argv, str(titled)], check=True)
    wishes = ("--transcript", "said.srt", "--profanity", "star", "--at", "0-3")
    wishes += ("--no-faces", "--size", "720")
    said = called("run", titled, *QUICK, *wishes, "--job-id", "talk")
    assert said.code == 0, said.err
    assert not any(stem in said.out.lower() for stem in STEMS)
    folder = tmp_path / "jobs/talk"
    texts = {
        str(path.relative_to(folder)): path.read_bytes().lower()
        for path in folder.rglob("*")
        if path.is_file()
    }
    sworn = {name for name, data in texts.items() if any(stem.encode() in data for stem in STEMS)}
    assert sworn == EXACT
    for name in ("report.html", "summary.json", "clips/clip_01.txt"):
        assert b"**" in texts[name], name
    assert b"s*** talk" in texts["report.html"]
    assert Manifest.from_file(folder / "manifest.json").clips[0].masked_words == 2
