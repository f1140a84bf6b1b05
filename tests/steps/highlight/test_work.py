"""The step as a command: documents in, the plan out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from steps.__main__ import main
from steps.model.clips import Chunks, Clips, Summary
from steps.model.geometry import Size
from steps.model.source import SourceMeta, Video
from steps.model.transcript import MAX_WORD_CHARACTERS, Transcript, Word
from tests.steps.highlight.speech import words

TALK = (
    "We had nothing. | I was terrified! And you know what? Nobody said a word. | "
    "The committee considered the documentation in considerable depth. | But I laughed. "
) * 12


def job(folder: Path, spoken: list[Word], name: str = "talk") -> Path:
    """Write the documents of a source of two minutes that has no sound file."""
    folder.mkdir(exist_ok=True)
    duration_ms = max([120_000, *(word.out_ms for word in spoken)])
    video = Video(
        codec="h264",
        size=Size(width_px=640, height_px=360),
        rate=25,
        variable_rate=False,
        rotation_deg=0,
    )
    meta = SourceMeta(
        name=name,
        title=f"The {name}",
        site="file",
        duration_ms=duration_ms,
        video=video,
        audio=None,
        source_sha256="0" * 64,
    )
    transcript = Transcript(
        engine="captions", language="en", duration_ms=duration_ms, words=tuple(spoken)
    )
    (folder / "source_meta.json").write_bytes(meta.canonical_bytes())
    (folder / "transcript.json").write_bytes(transcript.canonical_bytes())
    return folder


def highlight(folder: Path, *options: str) -> Clips:
    """Run the step in a folder and read the plan."""
    assert main(["highlight", *options, "--in", str(folder), "--out", str(folder)]) == 0
    return Clips.from_file(folder / "plan.json")


def test_a_plan(tmp_path: Path) -> None:
    plan = highlight(job(tmp_path, words(TALK)), "--clips=2", "--lengths=10-15")
    assert (plan.method, len(plan.clips)) == ("scorer", 2)
    assert all(10_000 <= clip.duration_ms <= 15_000 for clip in plan.clips)
    assert sorted(clip.rank for clip in plan.clips) == [1, 2]
    assert [clip.id for clip in plan.clips] == ["clip_01", "clip_02"]


def test_swear_words_are_starred_in_all_documents(tmp_path: Path) -> None:
    folder = job(tmp_path, words(TALK.replace("terrified", "fucking terrified")))
    exact = highlight(folder, "--clips=2", "--lengths=10-15")
    plan = highlight(folder, "--clips=2", "--lengths=10-15", "--profanity=star")
    assert [clip.in_ms for clip in plan.clips] == [clip.in_ms for clip in exact.clips]
    for name in ("plan", "chunks", "summary"):
        text = (folder / f"{name}.json").read_text()
        assert "fuck" not in text
        assert "f******" in text or name == "plan"


@pytest.mark.parametrize("edges", ["words", "exact"])
def test_no_shot_moves_the_times_of_the_user(edges: str, tmp_path: Path) -> None:
    folder = job(tmp_path, words(TALK))
    assert highlight(folder, "--at=50-60", f"--at-edges={edges}").exact
    assert not highlight(folder, "--clips=1", "--lengths=10-15").exact


def test_times_of_the_user(tmp_path: Path) -> None:
    plan = highlight(job(tmp_path, words(TALK)), "--at=50-60,0:10-0:20", "--at-edges=exact")
    assert plan.method == "given"
    assert [(clip.in_ms, clip.out_ms) for clip in plan.clips] == [
        (10_000, 20_000),
        (50_000, 60_000),
    ]


def test_the_name_of_the_source_changes_no_plan(tmp_path: Path) -> None:
    """The plan is made of the content: a copy under another name gives the same bytes."""
    folders = [job(tmp_path / name, words(TALK), name) for name in ("talk", "Copy of talk (2)")]
    for folder in folders:
        highlight(folder)
    for document in ("plan.json", "chunks.json", "summary.json"):
        one, other = (folder / document for folder in folders)
        assert one.read_bytes() == other.read_bytes(), document


@pytest.mark.parametrize("text", ["x" * MAX_WORD_CHARACTERS, "你" * MAX_WORD_CHARACTERS + "。"])
def test_hostile_words_stay_inside_the_bounds_of_the_documents(text: str, tmp_path: Path) -> None:
    text = text[-MAX_WORD_CHARACTERS:]
    spoken = [Word(in_ms=900 * n, out_ms=900 * n + 800, text=text) for n in range(30)]
    assert highlight(job(tmp_path, spoken)).clips
    assert Chunks.from_file(tmp_path / "chunks.json").chunks
    assert Summary.from_file(tmp_path / "summary.json").summary


def test_words_out_of_order_break_the_contract(tmp_path: Path) -> None:
    folder = job(tmp_path, words("One two."))
    path = folder / "transcript.json"
    found = json.loads(path.read_bytes())
    found["words"].reverse()
    path.write_text(json.dumps(found))
    assert main(["highlight", "--in", str(folder), "--out", str(folder)]) == 84
