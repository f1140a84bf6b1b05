"""A language model chooses: over a server's protocol, recorded, replayed, and never trusted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steps.model.answers import Answers
from steps.model.clips import Clips, Summary
from tests.steps.highlight.llm_server import (
    Body,
    LlmServer,
    Said,
    asked_ids,
    completion,
    highlight,
    honest,
)

PLAN = ("clips.json", "clip_ids.json", "chunks.json", "summary.json")


def plan(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in PLAN}


def test_the_server_s_digits_decide(server: LlmServer, tmp_path: Path) -> None:
    receipt = highlight(tmp_path, f"--llm-url={server.address}", "--clips=2")
    clips = Clips.from_file(tmp_path / "clips.json")
    assert (clips.method, len(clips.clips)) == ("llm", 2)
    assert [(one.name, one.promise) for one in receipt.engines] == [("openai", "replay")]
    assert receipt.degradations == ()
    assert "llm_url" not in receipt.params
    best = min(clips.clips, key=lambda clip: clip.rank)
    summary = Summary.from_file(tmp_path / "summary.json")
    scores = next(one.scores for one in summary.clips if one.id == best.id)
    assert scores["model"] == 1000
    assert {one.title for one in summary.clips} == {"A title from the model"}
    assert {one.hook for one in summary.clips} == {"Stay for this"}
    assert summary.clips[0].reason.startswith("the language model rates it")


def test_a_request_is_bounded_and_bound_to_a_schema(server: LlmServer, tmp_path: Path) -> None:
    highlight(tmp_path, f"--llm-url={server.address}")
    rated = [body for body in server.asked if "logprobs" in body]
    named = [body for body in server.asked if "logprobs" not in body]
    assert len(rated) >= 2
    assert 1 <= len(named) <= len(Clips.from_file(tmp_path / "clips.json").clips)
    ids = [one for body in rated for one in asked_ids(body)]
    assert ids == [f"c{number:02}" for number in range(1, len(ids) + 1)]
    for body in rated:
        schema = body["response_format"]["json_schema"]["schema"]
        assert schema["additionalProperties"] is False
        assert all(one["enum"] == list(range(10)) for one in schema["properties"].values())
        assert (body["temperature"], body["seed"], body["model"]) == (0, 0, "test-model")
        assert len(body["messages"][1]["content"]) < 6 * 1400


def test_a_recording_gives_the_same_plan(server: LlmServer, tmp_path: Path) -> None:
    asked, again = tmp_path / "asked", tmp_path / "again"
    highlight(asked, f"--llm-url={server.address}")
    recording = asked / "answers.json"
    recorded = Answers.from_file(recording)
    assert len(recorded.answers) == len(server.asked)
    receipt = highlight(again, "--chooser=replay", f"--answers={recording}")
    assert plan(again) == plan(asked)
    assert (again / "answers.json").read_bytes() == recording.read_bytes()
    assert (again / "inputs/answers.json").read_bytes() == recording.read_bytes()
    assert [one.name for one in receipt.engines] == ["replay"]
    assert len(recorded.answers) == len(server.asked)


def test_a_recording_of_another_talk_is_refused(server: LlmServer, tmp_path: Path) -> None:
    highlight(tmp_path / "asked", f"--llm-url={server.address}")
    recording = tmp_path / "asked" / "answers.json"
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
    assert "give the answers.json of a job" in receipt.failure.message


def test_a_changed_recording_is_refused(server: LlmServer, tmp_path: Path) -> None:
    highlight(tmp_path / "asked", f"--llm-url={server.address}")
    recording = tmp_path / "asked" / "answers.json"
    recording.write_bytes(recording.read_bytes().replace(b"terrified", b"delighted"))
    receipt = highlight(tmp_path / "job", "--chooser=replay", f"--answers={recording}", code=80)
    assert receipt.failure is not None
    assert "is not that of its question" in receipt.failure.message


def test_without_a_model_the_scorer_chooses_and_says_nothing(tmp_path: Path) -> None:
    named, auto = highlight(tmp_path / "a", "--chooser=scorer"), highlight(tmp_path / "b")
    assert plan(tmp_path / "a") == plan(tmp_path / "b")
    for receipt in (named, auto):
        assert [one.name for one in receipt.engines] == ["scorer"]
        assert receipt.degradations == ()
    assert not (tmp_path / "a" / "answers.json").exists()


def rating(text: str) -> Callable[[Body], Said]:
    """Answers ratings with a text, and is honest about the rest."""
    return lambda body: completion(text) if "logprobs" in body else honest(body)


def ratings(change: Callable[[dict[str, Any]], Any]) -> Callable[[Body], Said]:
    """Changes honest ratings."""

    def answer(body: Body) -> Said:
        if "logprobs" not in body:
            return honest(body)
        return completion(json.dumps(change(dict.fromkeys(asked_ids(body), 5))))

    return answer


FAULTS: dict[str, tuple[Callable[[Body], Said], str]] = {
    "half JSON": (rating('{"c01": 5, "c0'), "is not JSON"),
    "prose": (rating("Sure! Here are the ratings."), "is not JSON"),
    "a list": (rating("[5, 5]"), "is not a JSON object"),
    "a number": (rating("NaN"), "is not a JSON object"),
    "deep": (rating("[" * 15_000), "is not JSON"),
    "no ids": (ratings(lambda _: {}), "other ids than"),
    "a wrong id": (ratings(lambda found: {**found, "c99": 9}), "other ids than"),
    "an id twice": (rating('{"c01":1,"c01":9}'), "is not JSON"),
    "ten": (ratings(lambda found: {**found, next(iter(found)): 10}), "c01 no digit"),
    "a negative": (ratings(lambda found: dict.fromkeys(found, -1)), "no digit"),
    "true": (ratings(lambda found: dict.fromkeys(found, True)), "no digit"),
    "half": (ratings(lambda found: dict.fromkeys(found, 4.5)), "no digit"),
    "text": (ratings(lambda found: dict.fromkeys(found, "9")), "no digit"),
    "nothing": (rating(""), "said nothing"),
    "null": (lambda _: completion(None), "said nothing"),
    "cut off": (lambda _: completion('{"c01"', finish_reason="length"), "cut off"),
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


@pytest.mark.parametrize("chooser", ["auto", "openai"])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_bad_answer_ends_in_the_scorer_s_plan(
    fault: str, chooser: str, server: LlmServer, tmp_path: Path
) -> None:
    server.answer, reason = FAULTS[fault]
    receipt = highlight(tmp_path / "job", f"--llm-url={server.address}", f"--chooser={chooser}")
    (degradation,) = receipt.degradations
    assert degradation.code == "chooser-fallback"
    assert degradation.message.startswith("openai")
    assert reason in degradation.message
    highlight(tmp_path / "scorer", "--chooser=scorer")
    assert plan(tmp_path / "job") == plan(tmp_path / "scorer")


def test_a_recorded_failure_fails_again(server: LlmServer, tmp_path: Path) -> None:
    server.answer = rating('{"c01": 5')
    highlight(tmp_path / "asked", f"--llm-url={server.address}")
    recording = tmp_path / "asked" / "answers.json"
    receipt = highlight(tmp_path / "again", "--chooser=replay", f"--answers={recording}")
    assert plan(tmp_path / "again") == plan(tmp_path / "asked")
    assert [one.code for one in receipt.degradations] == ["chooser-fallback"]


def test_bad_titles_are_taken_from_the_speech(server: LlmServer, tmp_path: Path) -> None:
    server.answer = lambda body: (
        honest(body) if "logprobs" in body else completion('{"title": "Only this"}')
    )
    receipt = highlight(tmp_path, f"--llm-url={server.address}")
    assert [one.code for one in receipt.degradations] == ["titles-fallback"]
    clips = Clips.from_file(tmp_path / "clips.json")
    assert clips.method == "llm"
    assert all(clip.title and clip.title != "Only this" for clip in clips.clips)


def test_text_of_a_model_is_bounded_and_printable(server: LlmServer, tmp_path: Path) -> None:
    long = {"title": '"Why\x1b[31m it\nmatters #' + "very " * 40, "hook": "\u202e" + "a " * 200}
    server.answer = lambda body: (
        honest(body) if "logprobs" in body else completion(json.dumps(long))
    )
    highlight(tmp_path, f"--llm-url={server.address}")
    for one in Summary.from_file(tmp_path / "summary.json").clips:
        assert one.title.startswith("Why it matters #very")
        assert (len(one.title) <= 60, len(one.hook) <= 120) == (True, True)
        assert one.title.isprintable()
        assert one.hook.isprintable()
