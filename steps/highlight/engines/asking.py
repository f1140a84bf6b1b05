"""A chooser that asks a language model: questions from candidates, decisions from answers.

Passages go to the model under ids that the schema lists, so that an answer can name nothing else.
The speech is untrusted: each passage is one line of JSON, of bounded length, between two marks that
are made from a digest of the lines, which the speech cannot know.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from steps.contract import Context
from steps.contract.redaction import one_line
from steps.highlight import HighlightParams
from steps.highlight.candidates import Candidate
from steps.highlight.choose import shortlist
from steps.highlight.describe import HOOK_CHARACTERS, TITLE_CHARACTERS, shorten
from steps.highlight.engines.protocol import LanguageModel, Naming, Speech, Telling, Unanswered
from steps.model.answers import DIGITS, Answer, Answers, Question, Reply

PROMPTS = Path(__file__).parent.parent / "prompts"
PASSAGES_A_QUESTION = 6
"""With the bounds of a passage, a question and its answer stay under 4,096 tokens, the smallest
context that servers give a model by default."""
PASSAGE_BYTES, PASSAGE_END_BYTES = 1200, 400
"""Of a longer passage the middle is left out: its opening and its end decide. Bytes, because a
letter of most scripts is more tokens than a Latin one."""
RATE_TOKENS_EACH, NAME_TOKENS = 16, 300
MODEL_SHARE = 9
"""Tenths of the score that are the model's; the rest is the scorer's, which so breaks ties."""


class AskingChooser:
    """Rates the scorer's shortlist by a model's digits, and takes titles and hooks from it."""

    method: Literal["scorer", "llm"] = "llm"

    def __init__(self, model: LanguageModel, note: Callable[[str, str], None]) -> None:
        """Ask this model; `note(code, message)` reports a fallback."""
        self._model, self._note = model, note
        self._answers: list[Answer] = []

    def rate(self, candidates: Sequence[Candidate], speech: Speech) -> Sequence[Candidate]:
        """The shortlist with the model's scores; see `Chooser.rate`."""
        listed = sorted(shortlist(candidates), key=lambda item: (item.span.in_ms, item.span.out_ms))
        passages = {
            f"c{number:02}": speech.text_of(item) for number, item in enumerate(listed, start=1)
        }
        ids = list(passages)
        groups = [
            ids[at : at + PASSAGES_A_QUESTION] for at in range(0, len(ids), PASSAGES_A_QUESTION)
        ]
        questions = [rating_question({one: passages[one] for one in group}) for group in groups]
        ratings: dict[str, int] = {}
        for group, reply in zip(groups, self._ask(questions), strict=True):
            ratings |= read_ratings(reply, group)
        return [_rescored(item, ratings[one]) for one, item in zip(ids, listed, strict=True)]

    def entitle(self, chosen: Sequence[Candidate], speech: Speech) -> Sequence[Naming]:
        """Title and hook of each; see `Chooser.entitle`."""
        try:
            replies = self._ask([naming_question(speech.text_of(item)) for item in chosen])
            return [read_naming(reply) for reply in replies]
        except Unanswered as error:
            self._note("titles-fallback", f"{error}; titles and hooks are taken from the speech")
            return [Naming() for _ in chosen]

    def tell(self, _speech: Speech) -> Telling:
        """Nothing yet; see `Chooser.tell`."""
        return Telling()

    def answers(self) -> Answers | None:
        """All answers so far; see `Chooser.answers`."""
        if not self._answers:
            return None
        return Answers(asked=self._model.asked, answers=tuple(self._answers))

    def _ask(self, questions: Sequence[Question]) -> Sequence[Reply]:
        """The replies, each kept for the recording; a question that was put before is not again."""
        known = {answer.key: answer.reply for answer in self._answers}
        keys = [question.key(self._model.asked) for question in questions]
        new = {
            key: question for key, question in zip(keys, questions, strict=True) if key not in known
        }
        for (key, question), reply in zip(
            new.items(), self._model.reply(list(new.values())), strict=True
        ):
            self._answers.append(Answer(key=key, question=question, reply=reply))
            known[key] = reply
        return [known[key] for key in keys]


def asking(context: Context[HighlightParams], model: LanguageModel) -> AskingChooser:
    """A chooser that asks this model, and reports its fallbacks in this run."""

    def note(code: str, message: str) -> None:
        context.fell_back = True
        context.degrade(code, message)

    return AskingChooser(model, note)


def rating_question(passages: dict[str, str]) -> Question:
    """Ask for a digit for each passage, given by id."""
    schema = {
        "type": "object",
        "properties": {one: {"type": "integer", "enum": list(range(10))} for one in passages},
        "required": list(passages),
        "additionalProperties": False,
    }
    lines = [
        json.dumps({"id": one, "speech": bounded(text)}, ensure_ascii=False)
        for one, text in passages.items()
    ]
    return Question(
        purpose="rate",
        system=_instructions("rate"),
        prompt=f"{_marked(lines)}\n\nGive a digit to each of {', '.join(passages)}.",
        answer_schema=json.dumps(schema),
        most_tokens=RATE_TOKENS_EACH * (len(passages) + 1),
    )


def naming_question(text: str) -> Question:
    """Ask for the title and the hook of a clip."""
    schema = {
        "type": "object",
        "properties": {
            "title": {"type": "string", "minLength": 1, "maxLength": TITLE_CHARACTERS},
            "hook": {"type": "string", "minLength": 1, "maxLength": HOOK_CHARACTERS},
        },
        "required": ["title", "hook"],
        "additionalProperties": False,
    }
    lines = [json.dumps({"speech": bounded(text)}, ensure_ascii=False)]
    return Question(
        purpose="name",
        system=_instructions("name"),
        prompt=f"{_marked(lines)}\n\nWrite the title and the hook.",
        answer_schema=json.dumps(schema),
        most_tokens=NAME_TOKENS,
    )


def bounded(text: str) -> str:
    """Speech as one printable line of about `PASSAGE_BYTES` at most, its middle left out."""
    line = one_line(text, limit=len(text) + 1)
    data = line.encode()
    if len(data) <= PASSAGE_BYTES:
        return line
    opening = data[: PASSAGE_BYTES - PASSAGE_END_BYTES].decode(errors="ignore")
    return f"{opening} … {data[-PASSAGE_END_BYTES:].decode(errors='ignore')}"


def read_ratings(reply: Reply, ids: Sequence[str]) -> dict[str, int]:
    """The expected rating of each id, in thousandths of the highest.

    Raises:
        Unanswered: the answer is not JSON, or does not give exactly these ids a digit each.
    """
    found = _object(reply.text)
    if sorted(found) != sorted(ids):
        raise Unanswered(f"the answer has other ids than {', '.join(ids)}: {_short(reply.text)}")
    weighed = {digit.at: digit for digit in reply.digits}
    ratings = {}
    for one in ids:
        value = found[one]
        if type(value) is not int or str(value) not in DIGITS:
            raise Unanswered(f"the answer gives {one} no digit: {_short(reply.text)}")
        place = re.search(rf'"{one}"\s*:\s*(\d)', reply.text)
        digit = weighed.get(place.start(1)) if place else None
        expected = digit.expected_thousandths() if digit else 1000 * value
        ratings[one] = round(expected / 9)
    return ratings


def read_naming(reply: Reply) -> Naming:
    """Title and hook as they may be shown.

    Raises:
        Unanswered: the answer is not JSON with two texts.
    """
    found = _object(reply.text)
    texts = {name: found.get(name) for name in ("title", "hook")}
    if sorted(found) != sorted(texts) or not all(isinstance(one, str) for one in texts.values()):
        raise Unanswered(f"the answer is not a title and a hook: {_short(reply.text)}")
    title = one_line(str(texts["title"]), limit=1000).strip(" \"'“”#.").strip()
    return Naming(
        title=shorten(title, TITLE_CHARACTERS),
        hook=shorten(one_line(str(texts["hook"]), limit=1000).strip(' "“”'), HOOK_CHARACTERS),
    )


def _rescored(candidate: Candidate, rating: int) -> Candidate:
    score = round((MODEL_SHARE * rating + (10 - MODEL_SHARE) * candidate.score) / 10)
    return replace(candidate, score=score, parts={**candidate.parts, "model": rating})


def _marked(lines: Sequence[str]) -> str:
    mark = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
    return "\n".join([f"[speech {mark}]", *lines, f"[end of speech {mark}]"])


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise Unanswered(f"the answer is not JSON: {_short(text)}") from error
    if not isinstance(found, dict):
        raise Unanswered(f"the answer is not a JSON object: {_short(text)}")
    return found


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _short(text: str) -> str:
    return repr(one_line(text, limit=80))


@cache
def _instructions(name: str) -> str:
    return (PROMPTS / f"{name}.txt").read_text(encoding="utf-8").strip()
