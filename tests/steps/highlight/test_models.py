"""A language model chooses: over a server's protocol, recorded, replayed, and never trusted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steps.highlight.engines.questions import CRITERIA
from steps.model.answers import Answers
from steps.model.clips import Clips, Summary
from tests.steps.highlight.llm_server import (
    Body,
    LlmServer,
    Said,
    completion,
    highlight,
    honest,
    purpose,
)
from tests.steps.highlight.scripted import CLIP_TEXTS, SOURCE_TEXTS

PLAN = ("plan.json", "chunks.json", "summary.json")


def plan(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in PLAN}


def test_the_server_s_digits_decide(server: LlmServer, tmp_path: Path) -> None:
    receipt = highlight(tmp_path, f"--llm-url={server.address}", "--clips=2")
    clips = Clips.from_file(tmp_path / "plan.json")
    assert (clips.method, len(clips.clips)) == ("llm", 2)
    chooser, text_score = receipt.engines
    assert (chooser.name, chooser.promise) == ("openai", "replay")
    assert (text_score.name, text_score.promise) == ("embeddings", "this-machine")
    assert receipt.degradations == ()
    assert "llm_url" not in receipt.params
    best = min(clips.clips, key=lambda clip: clip.rank)
    summary = Summary.from_file(tmp_path / "summary.json")
    scores = next(one.scores for one in summary.clips if one.id == best.id)
    rated = [scores, *(one.scores for one in summary.rejected)]
    assert scores["model"] == scores["quotable"] == max(one["model"] for one in rated) > 0
    assert scores["pairs"] > 500
    assert "highlight-prompts" in [one.name for one in receipt.models]
    for one in summary.clips:
        shown = {name: getattr(one, name) for name in CLIP_TEXTS}
        assert shown == {**CLIP_TEXTS, "hashtags": ("laughter", "fear")}
    assert {clip.title for clip in clips.clips} == {CLIP_TEXTS["title"]}
    assert (summary.summary, summary.keywords) == (
        SOURCE_TEXTS["summary"],
        tuple(SOURCE_TEXTS["keywords"]),
    )
    assert [chapter.title for chapter in summary.chapters] == ["From line 0"]


def test_a_request_is_bounded_and_bound_to_a_schema(server: LlmServer, tmp_path: Path) -> None:
    highlight(tmp_path, f"--llm-url={server.address}")
    asked = Counter(purpose(body) for body in server.asked)
    assert asked["rate"] > 2
    assert asked["compare"] == min(12, asked["rate"]) * (min(12, asked["rate"]) - 1)
    assert 1 <= asked["name"] <= len(Clips.from_file(tmp_path / "plan.json").clips)
    assert asked["tell"] == 1
    for body in server.asked:
        schema = body["response_format"]["json_schema"]["schema"]
        assert schema["additionalProperties"] is False
        assert (body["temperature"], body["seed"], body["model"]) == (0, 0, "test-model")
        assert ("logprobs" in body) == (purpose(body) in ("rate", "compare"))
        assert len(body["messages"][1]["content"].encode()) < 6400


def test_a_recording_gives_the_same_plan(server: LlmServer, tmp_path: Path) -> None:
    asked, again = tmp_path / "asked", tmp_path / "again"
    highlight(asked, f"--llm-url={server.address}")
    recording = asked / "answers.jsonl"
    recorded = Answers.from_file(recording)
    assert len(recorded.answers) == len(server.asked)
    receipt = highlight(again, "--chooser=replay", f"--answers={recording}")
    assert plan(again) == plan(asked)
    assert (again / "answers.jsonl").read_bytes() == recording.read_bytes()
    assert (again / "inputs/answers.jsonl").read_bytes() == recording.read_bytes()
    assert [one.name for one in receipt.engines if one.param == "chooser"] == ["replay"]
    assert len(recorded.answers) == len(server.asked)


def test_a_recording_of_another_talk_is_refused(server: LlmServer, tmp_path: Path) -> None:
    highlight(tmp_path / "asked", f"--llm-url={server.address}")
    recording = tmp_path / "asked" / "answers.jsonl"
    options = ("--chooser=replay", f"--answers={recording}", "--lengths=5-8")
    receipt = highlight(tmp_path / "other", *options, code=80)
    assert receipt.failure is not None
    assert "made from another transcript" in receipt.failure.message


@pytest.mark.parametrize("content", [b"", b"{}", b'{"kind":"clipmill/clips@1"}', b"\xff"])
def test_a_file_that_is_no_recording_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(content)
    receipt = highlight(
        tmp_path / "job", "--chooser=replay", f"--answers={tmp_path / 'x.json'}", code=80
    )
    assert receipt.failure is not None
    assert "give the answers.jsonl of a job" in receipt.failure.message


def test_a_changed_recording_is_refused(server: LlmServer, tmp_path: Path) -> None:
    highlight(tmp_path / "asked", f"--llm-url={server.address}")
    recording = tmp_path / "asked" / "answers.jsonl"
    recording.write_bytes(recording.read_bytes().replace(b"terrified", b"delighted"))
    receipt = highlight(tmp_path / "job", "--chooser=replay", f"--answers={recording}", code=80)
    assert receipt.failure is not None
    assert "is not that of its question" in receipt.failure.message


def test_without_a_model_the_scorer_chooses_and_says_nothing(tmp_path: Path) -> None:
    named, auto = highlight(tmp_path / "a", "--chooser=scorer"), highlight(tmp_path / "b")
    assert plan(tmp_path / "a") == plan(tmp_path / "b")
    for receipt in (named, auto):
        assert [one.name for one in receipt.engines if one.param == "chooser"] == ["scorer"]
        assert receipt.degradations == ()
    assert not (tmp_path / "a" / "answers.jsonl").exists()


def rating(text: str) -> Callable[[Body], Said]:
    """Answers ratings with a text, and is honest about the rest."""
    return lambda body: completion(text) if purpose(body) == "rate" else honest(body)


def ratings(**changed: Any) -> Callable[[Body], Said]:
    """Changes grades of otherwise good ratings; None takes one out."""
    grades = {**dict.fromkeys(CRITERIA, 3), **changed}
    return rating(json.dumps({name: one for name, one in grades.items() if one is not None}))


FAULTS: dict[str, tuple[Callable[[Body], Said], str]] = {
    "half JSON": (rating('{"hook": 5, "alo'), "is not JSON"),
    "prose": (rating("Sure! Here are the ratings."), "is not JSON"),
    "a list": (rating("[5, 5]"), "is not a JSON object"),
    "a number": (rating("NaN"), "is not a JSON object"),
    "deep": (rating("[" * 15_000), "is not JSON"),
    "a criterion less": (ratings(payoff=None), "other fields than hook, alone"),
    "a criterion more": (ratings(c99=5), "other fields than"),
    "a criterion twice": (rating('{"hook":1,"hook":5}'), "is not JSON"),
    "six": (ratings(alone=6), "alone no digit from 1 to 5"),
    "a negative": (ratings(hook=-1), "no digit"),
    "true": (ratings(hook=True), "no digit"),
    "half": (ratings(hook=4.5), "no digit"),
    "text": (ratings(hook="5"), "no digit"),
    "nothing": (rating(""), "said nothing"),
    "null": (lambda _: completion(None), "said nothing"),
    "cut off": (lambda _: completion('{"hook"', finish_reason="length"), "cut off"),
    "endless": (rating(" " * 30_000 + "{}"), "cut off"),
    "a refusal": (
        lambda _: completion(None, message={"content": None, "refusal": "I cannot rate people"}),
        "the model refused: I cannot rate people",
    ),
    "no choices": (lambda _: {"choices": []}, "OpenAI's protocol"),
    "no JSON": (lambda _: b"<html>", "OpenAI's protocol"),
    "too much": (lambda _: b" " * 4_100_000, "sends more than"),
    "a bad request": (lambda _: (400, {"error": {"message": "too long"}}), "too long"),
    "busy": (lambda _: (503, b""), "503 Service Unavailable"),
}  # fmt: skip


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The scorer's plan."""
    folder = tmp_path_factory.mktemp("scorer")
    highlight(folder, "--chooser=scorer")
    return plan(folder)


@pytest.mark.parametrize(
    ("fault", "chooser"), [*((fault, "openai") for fault in FAULTS), ("half JSON", "auto")]
)
def test_every_bad_answer_ends_in_the_scorer_s_plan(
    fault: str, chooser: str, server: LlmServer, scored: dict[str, bytes], tmp_path: Path
) -> None:
    server.answer, reason = FAULTS[fault]
    receipt = highlight(tmp_path, f"--llm-url={server.address}", f"--chooser={chooser}")
    (degradation,) = receipt.degradations
    assert degradation.code == "chooser-fallback"
    assert degradation.message.startswith("openai")
    assert reason in degradation.message
    assert plan(tmp_path) == scored


def test_a_recorded_failure_fails_again(server: LlmServer, tmp_path: Path) -> None:
    server.answer = rating('{"hook": 5')
    highlight(tmp_path / "asked", f"--llm-url={server.address}")
    recording = tmp_path / "asked" / "answers.jsonl"
    receipt = highlight(tmp_path / "again", "--chooser=replay", f"--answers={recording}")
    assert plan(tmp_path / "again") == plan(tmp_path / "asked")
    assert [one.code for one in receipt.degradations] == ["chooser-fallback"]


def test_a_server_that_falls_silent_is_replayed_alike(server: LlmServer, tmp_path: Path) -> None:
    """Its failures are recorded too: the plan and what it says of them come again."""
    server.answer = lambda body: honest(body) if purpose(body) in ("rate", "tell") else (500, b"")
    asked = highlight(tmp_path / "asked", f"--llm-url={server.address}")
    recording = tmp_path / "asked" / "answers.jsonl"
    again = highlight(tmp_path / "again", "--chooser=replay", f"--answers={recording}")
    assert [one.code for one in asked.degradations] == ["pairs-fallback", "texts-fallback"]
    assert again.degradations == asked.degradations
    assert plan(tmp_path / "again") == plan(tmp_path / "asked")
    assert (tmp_path / "again/answers.jsonl").read_bytes() == recording.read_bytes()
    assert Clips.from_file(tmp_path / "again/plan.json").method == "llm"


def test_a_recording_is_a_line_for_each_answer(server: LlmServer, tmp_path: Path) -> None:
    highlight(tmp_path, f"--llm-url={server.address}")
    head, *lines = (tmp_path / "answers.jsonl").read_bytes().splitlines()
    assert json.loads(head)["asked"]["model"] == "test-model"
    assert len(lines) == len(server.asked)
    assert {json.loads(line)["question"]["purpose"] for line in lines} == {
        "rate",
        "compare",
        "name",
        "tell",
    }


def test_the_cache_keeps_the_answers(server: LlmServer, tmp_path: Path) -> None:
    options = (f"--llm-url={server.address}", "--llm-model=test-model", f"--cache={tmp_path / 'c'}")
    highlight(tmp_path / "asked", *options)
    asked = len(server.asked)
    highlight(tmp_path / "again", *options)
    assert len(server.asked) == asked
    recordings = [tmp_path / one / "answers.jsonl" for one in ("asked", "again")]
    assert recordings[0].read_bytes() == recordings[1].read_bytes()


def test_a_bad_text_is_taken_from_the_speech(server: LlmServer, tmp_path: Path) -> None:
    bad = {**CLIP_TEXTS, "title": "very " * 40, "hook": "Read it on evil.com"}
    server.answer = lambda body: (
        completion(json.dumps(bad)) if purpose(body) == "name" else honest(body)
    )
    receipt = highlight(tmp_path, f"--llm-url={server.address}", "--clips=1")
    assert [(one.code, one.message) for one in receipt.degradations] == [
        (
            "texts-fallback",
            "clip 1: title has 199 characters (at most 60); clip 1: hook names an address or an"
            " account; taken from the speech instead",
        )
    ]
    (clip,) = Summary.from_file(tmp_path / "summary.json").clips
    assert clip.title
    assert "very" not in clip.title
    assert "evil" not in clip.hook
    assert clip.description == CLIP_TEXTS["description"]
