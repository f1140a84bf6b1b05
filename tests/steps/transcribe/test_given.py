"""Transcripts that the user gives."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from steps.__main__ import main
from steps.contract.errors import BadInput
from steps.contract.receipt import Receipt
from steps.model.timing import clock
from steps.model.transcript import Transcript
from steps.transcribe.given import read_transcript
from tests.steps.transcribe.jobs import Job, meta_of
from tests.steps.transcribe.test_work import Film, job, matched, vtt

__all__ = ["job"]

WORDS = {
    "words": [
        {"text": "Good", "start": 200, "end": 480, "speaker": "B"},
        {"text": "morning", "start": 500, "end": 900, "speaker": "B"},
        {"text": "2026", "speaker": "A"},
        {"text": "clip", "start": 1500, "end": 1700, "speaker": "A"},
        {"text": "mill,", "start": 1720, "end": 1990, "speaker": "A"},
        {"text": "late", "start": 1980, "end": 99_000, "speaker": "A"},
    ]
}
SRT = "1\n00:00:00,200 --> 00:00:01,400\nGood morning, world\n"
VTT = "WEBVTT\nLanguage: en\n\n00:00.200 --> 00:01.400\nGood morning\n"
ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:00.20,0:00:01.40,Default,,0,0,0,,Good morning\n"
)


@pytest.mark.parametrize("text", [SRT, VTT, ASS], ids=["srt", "vtt", "ass"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_content_tells_the_format(text: str, encoding: str) -> None:
    (cue,) = read_transcript(text.encode(encoding)).cues
    assert (cue.in_ms, cue.out_ms) == (200, 1400)
    assert cue.texts[0].startswith("Good morning")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"just words", "its format is unknown"),
        (b"WEBVTT\n\n", "no words with times"),
        (b'{"lines": []}', "shape is unknown"),
        (b'{"words": [{"word": "Hello"}]}', "no words with times"),
        (b"1\n00:00:09,000 --> 00:00:01,000\nbackwards\n", "no words with times"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not usable"),
    ],
)
def test_what_cannot_be_used_is_one_line(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        read_transcript(data)
    assert "\n" not in str(caught.value)
    assert "WhisperX" in str(caught.value)


def given_transcript(folder: Path, text: str, *options: str) -> tuple[Transcript, Receipt]:
    """What the step makes of a transcript in a file."""
    place = folder / "mine"
    place.write_text(text, encoding="utf-8")
    argv = ["transcribe", f"--transcript={place}", *options, "--in", str(folder)]
    assert main([*argv, "--out", str(folder)]) == 0
    receipt = Receipt.from_file(folder / "receipts/transcribe.json")
    return Transcript.from_file(folder / "transcript.json"), receipt


def test_words_keep_their_times_and_speakers_and_the_glossary_their_spelling(job: Job) -> None:
    folder = job([], 3000)
    (folder / "terms").write_text("clip mill -> clipmill\n")
    found, receipt = given_transcript(folder, json.dumps(WORDS), f"--glossary={folder / 'terms'}")
    assert receipt.degradations == ()
    assert found.engine == "given"
    assert [word.text for word in found.words] == "Good morning 2026 clipmill, late".split()
    assert [word.in_ms for word in found.words] == [200, 500, 900, 1500, 1980]
    assert (found.words[3].out_ms, found.words[-1].out_ms) == (1980, 3000)
    assert found.words[2].interpolated
    assert [word.speaker for word in found.words] == ["speaker_1"] * 2 + ["speaker_2"] * 3
    assert (folder / "inputs/transcript").is_file()
    for before, after in pairwise(found.words):
        assert before.out_ms <= after.in_ms


@pytest.mark.parametrize("kind", ["theirs", "ours"])
def test_times_of_others_count_what_was_left_out_before_the_picture(job: Job, kind: str) -> None:
    folder = job([], 3000)
    meta = meta_of(3000).model_copy(update={"before_ms": 500})
    (folder / "source_meta.json").write_bytes(meta.canonical_bytes())
    cues = [(200, 480, "Gone."), (490, 900, "Hi."), (1500, 2000, "Hello.")]
    text = "WEBVTT\n\n" + "\n\n".join(f"{clock(a)} --> {clock(b)}\n{c}" for a, b, c in cues)
    words = [{"text": c, "in_ms": a, "out_ms": b} for a, b, c in cues]
    ours = json.dumps({"kind": "clipmill/transcript@1", "words": words})
    found, _ = given_transcript(folder, ours if kind == "ours" else text)
    said = [(word.in_ms, word.text) for word in found.words]
    unmoved = [(200, "Gone."), (490, "Hi."), (1500, "Hello.")]
    assert said == (unmoved if kind == "ours" else [(0, "Hi."), (1000, "Hello.")])


def test_a_transcript_after_the_end_is_refused(job: Job) -> None:
    folder = job([], 3000)
    late = json.dumps({"words": [{"word": "late", "start": 60, "end": 61}]})
    (folder / "mine").write_text(late)
    argv = ["transcribe", f"--transcript={folder / 'mine'}", "--in", str(folder)]
    assert main([*argv, "--out", str(folder)]) == BadInput.exit_code


@pytest.mark.slow
def test_cues_are_placed_by_the_sound_and_words_are_not_moved(sample: Film, job: Job) -> None:
    path, truth = sample
    said = tuple(word for word in truth.words if word.out_ms < 9000)
    said = said[: 1 + max(at for at, word in enumerate(said) if word.text[-1] in ".?!")]
    folder = job(["-i", str(path), "-t", "9"], 9000)
    found, receipt = given_transcript(folder, vtt(said))
    assert (found.engine, found.language, found.aligner) == ("given", "en", "pocketsphinx")
    assert [word.text for word in found.words] == [word.text for word in said]
    errors = sorted(abs(start) for start, _ in matched(found, said))
    assert errors[len(errors) // 2] <= 20
    assert {item.code for item in receipt.degradations} <= {"transcript-doubtful"}
    exact = [
        {"word": word.text, "start": word.in_ms / 1000, "end": word.out_ms / 1000} for word in said
    ]
    found, _ = given_transcript(folder, json.dumps({"words": exact}))
    assert [(word.in_ms, word.out_ms) for word in found.words] == [
        (word.in_ms, word.out_ms) for word in said
    ]
