"""Captions in another language: what a model is asked, and what code makes of its answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from steps.highlight import HighlightParams
from steps.highlight.engines.named import no_translator
from steps.highlight.engines.protocol import Unanswered
from steps.model.answers import Answers, Question
from steps.model.clips import Summary
from steps.model.timing import Span
from tests.steps.highlight.llm_server import (
    Body,
    LlmServer,
    Said,
    completion,
    highlight,
    honest,
    purpose,
)
from tests.steps.highlight.scripted import SENTENCE_MS, ScriptedModel, chooser, speech

TALK = speech(*(f"This is what sentence number {at} says about it." for at in range(30)))
SPANS = [Span(in_ms=0, out_ms=3 * SENTENCE_MS), Span(in_ms=10 * SENTENCE_MS, out_ms=240_000)]


def ids(question: Question) -> list[str]:
    found: list[str] = json.loads(question.answer_schema)["required"]
    return found


def german(question: Question) -> str:
    return json.dumps({one: f"Das sagt Satz {one}." for one in ids(question)})


def translated(said: Callable[[Question], str]) -> tuple[dict[int, str], list[str], ScriptedModel]:
    """The lines by the number of their sentence, the fallbacks, and the model."""
    model, notes = ScriptedModel(said), list[str]()
    found = chooser(model, notes, translate="de").translate(SPANS, TALK)
    assert found is not None
    assert found.language == "de"
    for line in found.lines:
        assert line.in_ms % SENTENCE_MS == 0
        assert line.out_ms == TALK.sentences[line.in_ms // SENTENCE_MS].out_ms
    return {line.in_ms // SENTENCE_MS: line.text for line in found.lines}, notes, model


def test_only_the_sentences_of_the_clips_are_asked_for() -> None:
    found, notes, model = translated(german)
    assert found == {at: f"Das sagt Satz {at}." for at in (0, 1, 2, 10, 11)}
    assert notes == []
    (question,) = model.questions
    assert "Translate each line into German (de)." in question.prompt
    mark = question.prompt.splitlines()[0].split()[-1]
    assert question.prompt.count(f"\n{mark} ") == 5


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("", "line 11 is ''"),
        (7, "line 11 is '7'"),
        ("x" * 300, "line 11 has 300 characters"),
        (TALK.sentences[11].text.upper(), "line 11 is the original"),
        ("Mehr auf www.example.com", "names an address"),
    ],
)
def test_a_bad_line_is_asked_for_once_more_and_then_kept(wrong: object, reason: str) -> None:
    def said(question: Question) -> str:
        answer = json.loads(german(question))
        return json.dumps(answer | ({"11": wrong} if "11" in answer else {}))

    found, notes, model = translated(said)
    assert sorted(found) == [0, 1, 2, 10]
    (note,) = notes
    assert note.startswith("translation-fallback: 1 of 5 sentences are not translated (")
    assert reason in note
    assert [len(ids(one)) for one in model.questions] == [5, 1]
    assert "Translate it whole" in model.questions[1].prompt


@pytest.mark.parametrize("whole", ["", "[]", '{"0":"Ja"}', '{"0":"a","0":"b"}', "sure: {"])
def test_an_answer_without_the_lines_is_asked_for_line_by_line(whole: str) -> None:
    def said(question: Question) -> str:
        return whole if len(ids(question)) > 1 else german(question)

    found, notes, _ = translated(said)
    assert (sorted(found), notes) == ([0, 1, 2, 10, 11], [])


def test_a_model_that_is_gone_is_not_asked_for_every_line() -> None:
    def said(_question: Question) -> str:
        raise Unanswered("it hangs")

    found, notes, model = translated(said)
    assert found == {}
    assert "5 of 5 sentences are not translated (it hangs)" in notes[0]
    assert len(model.questions) == 3


def test_speech_in_the_wanted_language_is_left_alone() -> None:
    notes: list[str] = []
    assert chooser(ScriptedModel(), notes, translate="en-GB").translate(SPANS, TALK) is None
    assert notes == ["translation-same: the speech is in 'en-GB': nothing is translated"]


def spanish(body: Body) -> Said:
    if purpose(body) != "translate":
        return honest(body)
    fields = body["response_format"]["json_schema"]["schema"]["required"]
    return completion(json.dumps({one: f"Línea número {one}, sin más." for one in fields}))


def test_a_server_translates_and_its_recording_does_again(
    server: LlmServer, tmp_path: Path
) -> None:
    server.answer = spanish
    receipt = highlight(tmp_path / "a", f"--llm-url={server.address}", "--translate=es")
    summary = Summary.from_file(tmp_path / "a/summary.json")
    assert summary.translation is not None
    assert summary.translation.language == "es"
    assert all(line.text.startswith("Línea número") for line in summary.translation.lines)
    assert receipt.degradations == ()
    assert "highlight-prompts" in [one.name for one in receipt.models]
    recording = tmp_path / "a/answers.jsonl"
    assert "translate" in {one.question.purpose for one in Answers.from_file(recording).answers}
    server.answer = lambda _: (500, b"")
    highlight(tmp_path / "b", "--translate=es", f"--answers={recording}")
    again = (tmp_path / "b/summary.json").read_bytes()
    assert again == (tmp_path / "a/summary.json").read_bytes()


def test_the_model_translates_also_where_it_cannot_choose(
    server: LlmServer, tmp_path: Path
) -> None:
    server.answer = lambda body: spanish(body) if purpose(body) == "translate" else completion("no")
    receipt = highlight(tmp_path, f"--llm-url={server.address}", "--translate=es")
    assert [one.code for one in receipt.degradations] == ["chooser-fallback"]
    translation = Summary.from_file(tmp_path / "summary.json").translation
    assert translation is not None
    assert len(translation.lines) > 2


@pytest.mark.parametrize("chooser_option", ["--chooser=auto", "--chooser=scorer"])
def test_without_a_model_one_line_says_what_to_do(chooser_option: str, tmp_path: Path) -> None:
    receipt = highlight(tmp_path, "--translate=de", chooser_option, code=80)
    assert receipt.failure is not None
    assert "--translate=de needs a language model, and none is at hand" in receipt.failure.message
    assert no_translator(HighlightParams()) == ()
