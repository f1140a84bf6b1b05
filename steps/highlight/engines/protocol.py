"""What a chooser does, and what a language model does for one.

The model proposes, code decides: answers hold ids and digits under a schema, and text that is shown
and never parsed. Times, order, overlap and lengths are computed by pure functions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol

from steps.contract.errors import StepError
from steps.highlight.candidates import Candidate
from steps.highlight.sentences import Sentence
from steps.model.answers import Answers, Asked, Question, Reply
from steps.model.clips import ClipSummary, LayoutHint, Translation
from steps.model.source import Chapter
from steps.model.timing import Span


@dataclass(frozen=True)
class Speech:
    """What a chooser reads: the sentences of the whole source, in order.

    Attributes:
        sentences: a sentence's index is its id, wherever it is shown.
        language: of the speech, as an ISO 639-1 code; empty if nobody knows it.
    """

    sentences: Sequence[Sentence]
    language: str = ""

    @cached_property
    def _ins(self) -> list[int]:
        return [sentence.in_ms for sentence in self.sentences]

    @cached_property
    def _outs(self) -> list[int]:
        return [sentence.out_ms for sentence in self.sentences]

    def within(self, span: Span) -> range:
        """The ids of the sentences that lie wholly inside a span."""
        first = bisect_left(self._ins, span.in_ms)
        return range(first, max(first, bisect_right(self._outs, span.out_ms)))

    def text_of(self, candidate: Candidate) -> str:
        """The words of a candidate."""
        return " ".join(self.sentences[one].text for one in self.within(candidate.span))


class Unanswered(StepError):
    """A model was asked and gave no usable answer: too late, cut off, refused, wrong ids."""


@dataclass(frozen=True)
class Naming:
    """Text for a clip; an empty field means: take it from the speech.

    Attributes:
        layout: a hint for reframe.
    """

    title: str = ""
    hook: str = ""
    summary: str = ""
    description: str = ""
    hashtags: tuple[str, ...] = ()
    reason: str = ""
    layout: LayoutHint = ""

    def over(self, extracted: ClipSummary) -> ClipSummary:
        """The extracted texts, each replaced where there is a better one."""
        better: dict[str, Any] = {name: value for name, value in vars(self).items() if value}
        return extracted.model_copy(update=better)


@dataclass(frozen=True)
class Telling:
    """Text for the source; an empty field means: take it from the speech."""

    summary: str = ""
    keywords: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()


class Chooser(Protocol):
    """Says which candidates are worth a place, and names the chosen ones.

    Attributes:
        method: what clips.json calls it.
    """

    method: Literal["scorer", "llm"]

    def rate(self, candidates: Sequence[Candidate], speech: Speech) -> Sequence[Candidate]:
        """The candidates to schedule, with their scores in thousandths.

        Raises:
            Unanswered: a model gave no usable answer.
        """

    def entitle(self, chosen: Sequence[Candidate], speech: Speech) -> Sequence[Naming]:
        """Texts of each chosen candidate, in order. Never raises for a bad answer."""

    def tell(self, speech: Speech) -> Telling:
        """Texts of the whole source. Never raises for a bad answer."""

    def translate(self, spans: Sequence[Span], speech: Speech) -> Translation | None:
        """What is said in spans, in the language that is wanted. Never raises for a bad answer."""

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

    def rate(self, candidates: Sequence[Candidate], _speech: Speech) -> Sequence[Candidate]:
        """The candidates as they are."""
        return candidates

    def entitle(self, chosen: Sequence[Candidate], _speech: Speech) -> Sequence[Naming]:
        """Nothing: texts are taken from the speech."""
        return [Naming() for _ in chosen]

    def tell(self, _speech: Speech) -> Telling:
        """Nothing: texts are taken from the speech."""
        return Telling()

    def translate(self, _spans: Sequence[Span], _speech: Speech) -> Translation | None:
        """None: nothing is translated without a model."""
        return None

    def answers(self) -> Answers | None:
        """None: no model was asked."""
        return None


def scorer(_context: object) -> Scorer:
    """The engine `scorer`."""
    return Scorer()
