"""What a chooser does, and what a language model does for one.

The model proposes, code decides: answers hold ids and digits under a schema, and text that is shown
and never parsed. Times, order, overlap and lengths are computed by pure functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from steps.contract.errors import StepError
from steps.highlight.candidates import Candidate
from steps.model.answers import Answers, Asked, Question, Reply

TextOf = Callable[[Candidate], str]
"""The words of a candidate."""


class Unanswered(StepError):
    """A model was asked and gave no usable answer: too late, cut off, refused, wrong ids."""


@dataclass(frozen=True)
class Naming:
    """Text for a clip; an empty field means: take it from the speech."""

    title: str = ""
    hook: str = ""


class Chooser(Protocol):
    """Says which candidates are worth a place, and names the chosen ones.

    Attributes:
        method: what clips.json calls it.
    """

    method: Literal["scorer", "llm"]

    def rate(self, candidates: Sequence[Candidate], text_of: TextOf) -> Sequence[Candidate]:
        """The candidates to schedule, with their scores in thousandths.

        Raises:
            Unanswered: a model gave no usable answer.
        """

    def entitle(self, chosen: Sequence[Candidate], text_of: TextOf) -> Sequence[Naming]:
        """Title and hook of each chosen candidate, in order. Never raises for a bad answer."""

    def answers(self) -> Answers | None:
        """All that a model answered so far; None if none was asked."""


class LanguageModel(Protocol):
    """A model that answers questions under a JSON schema, at temperature 0.

    Attributes:
        asked: who it is, as part of every answer's key.
    """

    asked: Asked

    def reply(self, questions: Sequence[Question]) -> Sequence[Reply]:
        """One reply to each question, in order.

        Raises:
            Unanswered: no reply came.
        """


class Scorer:
    """Chooses without a model: the recall score is the score, and words come from the speech."""

    method: Literal["scorer", "llm"] = "scorer"

    def rate(self, candidates: Sequence[Candidate], _text_of: TextOf) -> Sequence[Candidate]:
        """The candidates as they are."""
        return candidates

    def entitle(self, chosen: Sequence[Candidate], _text_of: TextOf) -> Sequence[Naming]:
        """Nothing: titles and hooks are taken from the speech."""
        return [Naming() for _ in chosen]

    def answers(self) -> Answers | None:
        """None: no model was asked."""
        return None


def scorer(_context: object) -> Scorer:
    """The engine `scorer`."""
    return Scorer()
