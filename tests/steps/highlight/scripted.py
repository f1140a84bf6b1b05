"""A model for tests that answers by a rule: every passage has a grade by its first line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from steps.highlight import HighlightParams
from steps.highlight.candidates import Candidate
from steps.highlight.engines.asking import AskingChooser
from steps.highlight.engines.protocol import Speech
from steps.highlight.sentences import Sentence
from steps.model.answers import Asked, Question, Reply
from steps.model.timing import Span
from tests.steps.highlight.speech import words

SENTENCE_MS = 20_000
CLIP_TEXTS = {
    "title": "A title from the model",
    "hook": "Stay for this",
    "summary": "They laugh.",
    "description": "Somebody was terrified. Then they laughed.",
    "hashtags": ["laughter", "fear"],
    "reason": "It turns from fear to laughter.",
    "layout": "conversation",
}
SOURCE_TEXTS = {"summary": "A talk about laughter.", "keywords": ["laughter", "Fear itself"]}


def grade(line: int) -> int:
    """The grade of a passage, 1 to 5."""
    return 1 + 7 * line % 5


def honest_text(prompt: str, schema: dict[str, Any]) -> str:
    """What a model says that does as it is told."""
    fields = schema["required"]
    if "hook" in fields and "title" not in fields:
        (first,) = re.findall(r"^Rate the passage from line (\d+) to", prompt, re.MULTILINE)
        return json.dumps(dict.fromkeys(fields, grade(int(first))))
    if fields == ["better"]:
        one, other = (int(line.split()[1]) for line in openings(prompt))
        return json.dumps({"better": 1 if (grade(one), -one) > (grade(other), -other) else 2})
    if "title" in fields:
        return json.dumps(CLIP_TEXTS)
    told: dict[str, Any] = dict(SOURCE_TEXTS)
    if "chapters" in fields:
        lines = schema["properties"]["chapters"]["items"]["properties"]["line"]["enum"]
        told["chapters"] = [{"line": lines[0], "title": f"From line {lines[0]}"}]
    return json.dumps(told)


def openings(prompt: str) -> list[str]:
    """The first line of each piece of speech."""
    return re.findall(r"lines that begin with \w+\n(.*)", prompt)


class ScriptedModel:
    """Answers by a rule, and keeps what it was asked."""

    asked = Asked(engine="vllm", model="scripted")

    def __init__(self, said: Callable[[Question], str] | None = None) -> None:
        self._said = said or (lambda one: honest_text(one.prompt, json.loads(one.answer_schema)))
        self.questions: list[Question] = []
        self.batches: list[int] = []

    def reply(self, questions: Sequence[Question]) -> Sequence[Reply]:
        self.questions += questions
        self.batches.append(len(questions))
        return [Reply(text=self._said(question)) for question in questions]

    def count(self, purpose: str) -> int:
        return sum(question.purpose == purpose for question in self.questions)


def speech(*texts: str) -> Speech:
    """One sentence every 20 s."""
    return Speech(
        [Sentence(tuple(words(text, SENTENCE_MS * at)), 0) for at, text in enumerate(texts)], "en"
    )


def passage(first: int, last: int, score: int = 500) -> Candidate:
    """The candidate of these sentences of `speech`."""
    span = Span(in_ms=SENTENCE_MS * first, out_ms=SENTENCE_MS * (last + 1) - 1)
    return Candidate(span, score, first, last)


def params(**changed: Any) -> HighlightParams:
    """The step's params."""
    return HighlightParams.model_validate(changed)


def chooser(model: ScriptedModel, notes: list[str] | None = None, **wishes: Any) -> AskingChooser:
    """A chooser that asks the model; without a list of notes, a fallback is an error."""

    def note(code: str, message: str) -> None:
        if notes is None:
            raise AssertionError(f"{code}: {message}")
        notes.append(f"{code}: {message}")

    return AskingChooser(model, params(**wishes), note)
