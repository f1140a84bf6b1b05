"""A thousand answers of a model that has lost its mind: a valid plan, or a stated fallback."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from steps.contract import Context
from steps.highlight import STEP, HighlightParams
from steps.highlight.decide import Decision, decide
from steps.highlight.engines import openai
from steps.highlight.engines.asking import asking
from steps.highlight.engines.protocol import Unanswered
from steps.highlight.engines.stills import Stills
from steps.model.answers import MAX_ANSWER_CHARACTERS, Answers, Asked, Question, Reply
from steps.model.clips import ClipSummary, Summary
from tests.steps.highlight.scripted import honest_text, passage, speech

TALK = speech(*(f"Sentence {at} is about {at % 3} things that nobody knows." for at in range(10)))
CANDIDATES = [passage(at, at + 1, 300 + 40 * at) for at in (0, 8)]
JUNK = (
    "", " ", "NaN", "Infinity", "-1", "null", "[]", "{}", '""', "[" * 900, '{"a":' * 900, "\x00",
    "I cannot help with that.", "```json\n{}\n```", "1e999", "9" * 5000, "\\", '"\\ud800"',
    "<html>", "x" * MAX_ANSWER_CHARACTERS, '{"better":3}', '{"better":NaN}', '{"hook":5,"hook":5}',
    '{"c01":5}',
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 6, 10**30, 4.5, float("nan"), float("inf"), "5", "", "x" * 5000, [], [None],
    [[]], [{"line": 10**9, "title": "x"}], [{"line": 1}], {}, {"line": 1}, "\ud800", "\x1b[2J",
    "@x",
)  # fmt: skip


class MadModel:
    """Answers by the rule, but with a given share of all answers damaged."""

    asked = Asked(engine="openai", model="mad")

    def __init__(self, random: Random) -> None:
        self._random, self.damaged = random, 0

    def reply(self, questions: Sequence[Question]) -> Sequence[Reply]:
        return [self._one(question) for question in questions]

    def _one(self, question: Question) -> Reply:
        text = honest_text(question.prompt, json.loads(question.answer_schema))
        share = 0.04 if question.weighed else 0.9
        if self._random.random() > share:
            return Reply(text=text)
        self.damaged += 1
        return Reply(text=self._random.choice([self._cut, self._junk, self._changed])(text))

    def _cut(self, text: str) -> str:
        return text[: self._random.randrange(len(text))]

    def _junk(self, _text: str) -> str:
        if self._random.random() < 0.1:
            raise Unanswered("the model refused: no")
        return self._random.choice(JUNK)

    def _changed(self, text: str) -> str:
        found = json.loads(text)
        name = self._random.choice([*found, "c99"])
        if self._random.random() < 0.2:
            found.pop(name, None)
        else:
            found[name] = self._random.choice(VALUES)
        return json.dumps(found)


def decided(folder: Path) -> tuple[Decision, Context[HighlightParams]]:
    params = HighlightParams.parse({"chooser": "openai", "llm_url": "http://localhost"})
    context = Context(STEP, params, folder, folder, folder)
    return decide(context, CANDIDATES, TALK, lambda *_: 0.0), context


def test_a_thousand_damaged_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = MadModel(Random(7))
    monkeypatch.setattr(openai, "openai", lambda context: asking(context, model, Stills(None)))
    codes: set[str] = set()
    methods: set[str] = set()
    while model.damaged < 1000:
        before = model.damaged
        decision, context = decided(tmp_path)
        stated = {one.code for one in context.degradations}
        if model.damaged == before:
            assert stated == set()
        assert (decision.method == "scorer") == ("chooser-fallback" in stated)
        check(decision)
        codes |= stated
        methods.add(decision.method)
    assert codes == {"chooser-fallback", "pairs-fallback", "texts-fallback"}
    assert methods == {"scorer", "llm"}
    kept = (tmp_path / "answers.jsonl").read_bytes()
    assert Answers.from_bytes(kept).canonical_bytes() == kept


def check(decision: Decision) -> None:
    """The plan is one of candidates, in order; the texts may be written."""
    spans = [item.span for item in decision.chosen]
    assert 1 <= len(spans) <= 3
    assert all(one.out_ms <= two.in_ms for one, two in pairwise(spans))
    assert {(one.in_ms, one.out_ms) for one in spans} <= {
        (item.span.in_ms, item.span.out_ms) for item in CANDIDATES
    }
    assert all(0 <= item.score <= 1000 for item in decision.chosen)
    plain = ClipSummary(id="clip_01", title="t", hook="h", reason="r", tags=(), scores={})
    told = decision.telling
    whole = Summary(
        summary=told.summary,
        keywords=told.keywords,
        chapters=told.chapters,
        clips=tuple(naming.over(plain) for naming in decision.namings),
    )
    assert Summary.from_bytes(whole.canonical_bytes()) == whole
    for naming in decision.namings:
        assert len(naming.title) <= 60
        assert len(naming.hook) <= 120
