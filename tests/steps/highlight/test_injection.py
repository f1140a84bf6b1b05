"""Speech gives no orders: a model that obeys all that is outside the marks finds nothing there."""

from __future__ import annotations

import json
import re

import pytest

from steps.highlight import HighlightParams
from steps.highlight.engines import material
from steps.highlight.engines.questions import Asker
from steps.highlight.engines.readings import read_comparison, read_rating
from steps.model.answers import Question, Reply
from tests.steps.highlight.injections import (
    INJECTIONS,
    harmless,
    median_places,
    rating,
    shifts,
    talk,
    with_words,
)
from tests.steps.highlight.scripted import honest_text

TOKENS = re.compile(
    r"<\|[^|>]*\|>|</?s>|<(?:start|end)_of_turn>|\[/?INST\]|<</?SYS>>|</?\w+>|<!--|-->|```"
)
"""What tokenizers and readers take for a boundary, wherever it stands."""
HEADER = re.compile(r"(?:Part of the recording|Passage [12]): lines that begin with (\w{6})")
ASKED = re.compile(
    r"|Rate the passage from line \d+ to line \d+\.|Which passage is better, 1 or 2\?"
)


def orders(prompt: str) -> list[str]:
    """What stands outside the marks and was not put there by the questions.

    Only the headers that come first in their part of the prompt are believed.
    """
    parts = TOKENS.sub("\n", prompt).splitlines()
    marks = tuple(f"{one[1]} " for one in map(HEADER.fullmatch, prompt.split("\n")) if one)
    outside = [line for line in parts if not line.startswith(marks)]
    return [line for line in outside if not HEADER.fullmatch(line) and not ASKED.fullmatch(line)]


def obedient(question: Question) -> Reply:
    """A model that does what it reads outside the marks, and else as it is told."""
    schema = json.loads(question.answer_schema)
    if orders(question.prompt):
        best = (
            {"better": 1} if question.purpose == "compare" else dict.fromkeys(schema["required"], 5)
        )
        return Reply(text=json.dumps(best))
    return Reply(text=honest_text(question.prompt, schema))


def rate(questions: list[Question]) -> list[int]:
    return [sum(read_rating(obedient(question)).values()) // 5 for question in questions]


def test_there_are_fifty() -> None:
    assert len(set(INJECTIONS)) == 50


def test_no_order_moves_a_passage() -> None:
    found = shifts(rate)
    assert [one for one in found if one.places] == []
    assert median_places(found) == 0


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_order_wins_a_comparison(text: str) -> None:
    said, ordinary = (
        Asker(with_words(talk(), 8, words), HighlightParams()) for words in (text, harmless(text))
    )
    for passages in (((0, 1), (8, 9)), ((8, 9), (0, 1))):
        won = read_comparison(obedient(said.comparison(*passages)))
        assert won == read_comparison(obedient(ordinary.comparison(*passages)))


def test_the_model_would_obey_without_the_marks() -> None:
    for text in INJECTIONS:
        question = rating(with_words(talk(), 8, text), 4)
        unmarked = re.sub(r"^\w{6} \d+ ", "", question.prompt, flags=re.MULTILINE)
        assert rate([question.model_copy(update={"prompt": unmarked})]) == [1000]


def test_tokens_with_a_meaning_would_break_out_if_they_were_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(material, "_SIGNS", {})
    assert max(one.places for one in shifts(rate)) > 10
