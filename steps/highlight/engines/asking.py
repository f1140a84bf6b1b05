"""A chooser that asks a language model: it puts questions, and decides by code from the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Literal

from steps.contract import Context
from steps.contract.receipt import Used
from steps.highlight import HighlightParams
from steps.highlight.bradley_terry import strengths
from steps.highlight.candidates import Candidate
from steps.highlight.choose import shortlist
from steps.highlight.engines import material
from steps.highlight.engines.protocol import LanguageModel, Naming, Speech, Telling, Unanswered
from steps.highlight.engines.questions import CHAPTERS, CHAPTERS_A_PART, Asker, prompts_sha256
from steps.highlight.engines.readings import (
    read_chapters,
    read_comparison,
    read_naming,
    read_rating,
    read_source,
)
from steps.highlight.engines.stills import Stills
from steps.highlight.engines.translating import translate
from steps.model.answers import Answer, Answers, Purpose, Question, Reply
from steps.model.clips import Translation
from steps.model.languages import plain_language
from steps.model.source import Chapter
from steps.model.timing import Span

COMPARED = 12
"""The best rated are compared, each with each in both orders: 132 questions."""
RATED_TOGETHER, WRITTEN_TOGETHER = 16, 4
"""Questions in a batch at most: between batches their time is looked at."""
MODEL_SHARE = 9
"""Tenths of the score that are the model's; the rest is the scorer's, which so breaks ties."""
PARTS = 40
"""Of a source, at most: 240 kB of speech, four hours."""
SHORTEST_CHAPTER_MS = 10_000
"""YouTube shows no shorter ones."""
LIMITS_S: dict[Purpose, float] = {
    "rate": 1500,
    "compare": 600,
    "name": 500,
    "tell": 500,
    "translate": 1500,
}
"""The longest times for the answers of a job, together inside the step's own limit."""
SEEN = 8
"""After so many answers their time says whether the rest can be waited for."""


class AskingChooser:
    """Rates the scorer's shortlist, compares the best, and writes the texts of the chosen ones."""

    method: Literal["scorer", "llm"] = "llm"

    def __init__(
        self,
        model: LanguageModel,
        params: HighlightParams,
        note: Callable[[str, str], None],
        clock: Callable[[], float] = time.monotonic,
        stills: Stills | None = None,
    ) -> None:
        """Ask this model.

        Args:
            model: who answers.
            params: what the user wants.
            note: reports a fallback, by code and message.
            clock: seconds, for the limits of the answers' time.
            stills: what the model is to see.
        """
        self._stills = stills
        self._model, self._params, self._note, self._clock = model, params, note, clock
        self._answers: list[Answer] = []
        self._failures: dict[Purpose, str] = {}

    def rate(self, candidates: Sequence[Candidate], speech: Speech) -> Sequence[Candidate]:
        """The shortlist with the model's scores; see `Chooser.rate`."""
        asker = Asker(speech, self._params, self._stills)
        listed = sorted(shortlist(candidates), key=lambda item: (item.span.in_ms, item.span.out_ms))
        batches = [
            batch
            for window in material.windows(speech, [item.span for item in listed])
            for batch in _batched(
                [asker.rating(window, speech.within(listed[at].span)) for at in window.members],
                RATED_TOGETHER,
            )
        ]
        ratings = [read_rating(reply) for reply in self._ask(batches)]
        rated = [_rated(item, rating) for item, rating in zip(listed, ratings, strict=True)]
        best = sorted(range(len(rated)), key=lambda index: rated[index].rank_key)[:COMPARED]
        try:
            found = self._compared([rated[index] for index in best], asker)
        except Unanswered as error:
            self._note("pairs-fallback", f"{error}; the ratings decide without comparisons")
            return rated
        for index, strength in zip(best, found, strict=True):
            rated[index] = _scored(rated[index], "pairs", strength)
        return rated

    def entitle(self, chosen: Sequence[Candidate], speech: Speech) -> Sequence[Naming]:
        """The texts of each; see `Chooser.entitle`."""
        asker = Asker(speech, self._params, self._stills)
        passages = {number: speech.within(item.span) for number, item in enumerate(chosen)}
        heard = [number for number, passage in passages.items() if passage]
        namings = [Naming() for _ in chosen]
        faults: list[str] = []
        try:
            replies = self._ask(
                _batched([asker.naming(passages[number]) for number in heard], WRITTEN_TOGETHER)
            )
        except Unanswered as error:
            faults.append(str(error))
        else:
            for number, reply in zip(heard, replies, strict=True):
                found: list[str] = []
                try:
                    namings[number] = read_naming(reply, found)
                except Unanswered as error:
                    found.append(str(error))
                faults += [f"clip {number + 1}: {fault}" for fault in found]
        self._note_texts(faults)
        return namings

    def tell(self, speech: Speech) -> Telling:
        """The texts of the source; see `Chooser.tell`."""
        asker = Asker(speech, self._params, self._stills)
        parts = material.parts(speech, PARTS)
        chapters = max(1, min(CHAPTERS_A_PART, CHAPTERS // len(parts)))
        faults: list[str] = []
        telling = Telling()
        try:
            replies = self._ask(
                _batched([asker.telling(lines, chapters) for lines in parts], WRITTEN_TOGETHER)
            )
            titles: dict[int, str] = {}
            for lines, reply in zip(parts, replies, strict=True):
                titles |= read_chapters(reply, lines, faults)
            told = [read_source(reply, faults) for reply in replies]
            if len(told) > 1:
                summaries = [summary for summary, _ in told if summary]
                (whole,) = self._ask([[asker.whole(summaries or [""])]])
                told = [read_source(whole, faults)]
            ((summary, keywords),) = told
            telling = Telling(summary, keywords, chapters_of(titles, speech))
        except Unanswered as error:
            faults.append(str(error))
        self._note_texts([f"the source: {fault}" for fault in faults])
        return telling

    def translate(self, spans: Sequence[Span], speech: Speech) -> Translation | None:
        """What is said in spans, in another language; see `Chooser.translate`."""
        wanted = self._params.translate
        if plain_language(wanted) == plain_language(speech.language):
            self._note("translation-same", f"the speech is in {wanted!r}: nothing is translated")
            return None
        asker = Asker(speech, self._params)
        found, fault = translate(
            partial(self._ask, begun_s=self._clock()), speech, spans, asker, wanted
        )
        if fault:
            self._note("translation-fallback", f"{fault}: captions show the original there")
        return found

    def answers(self) -> Answers | None:
        """All answers so far; see `Chooser.answers`."""
        if not self._answers and not self._failures:
            return None
        return Answers(
            asked=self._model.asked,
            prompts=prompts_sha256(),
            failures=self._failures,
            answers=tuple(self._answers),
        )

    def _compared(self, best: Sequence[Candidate], asker: Asker) -> list[int]:
        """The strengths of the best candidates, in thousandths."""
        passages = [asker.speech.within(item.span) for item in best]
        pairs = list(permutations(range(len(best)), 2))
        batches = [
            [asker.comparison(passages[one], passages[other]) for one, other in pairs if one == at]
            for at in range(len(best))
        ]
        replies = self._ask(batches)
        wins = {pair: read_comparison(reply) for pair, reply in zip(pairs, replies, strict=True)}
        return strengths([item.parts["model"] for item in best], wins)

    def _note_texts(self, faults: Sequence[str]) -> None:
        if faults:
            self._note("texts-fallback", f"{'; '.join(faults)}; taken from the speech instead")

    def _ask(
        self, batches: Sequence[Sequence[Question]], begun_s: float | None = None
    ) -> list[Reply]:
        """The replies, each kept for the recording; a question that was put before is not again.

        Args:
            batches: questions of one purpose, those with the same beginning together.
            begun_s: since when their time counts; None for now.

        Raises:
            Unanswered: no reply came, or all would take too long.
        """
        known = {answer.key: answer.reply for answer in self._answers}
        asked = [[(one.key(self._model.asked), one) for one in batch] for batch in batches]
        waiting = len({key for batch in asked for key, _ in batch} - set(known))
        begun_s, answered = self._clock() if begun_s is None else begun_s, 0
        for batch in asked:
            new = {key: question for key, question in batch if key not in known}
            if not new:
                continue
            purpose = next(iter(new.values())).purpose
            try:
                _check_time(purpose, self._clock() - begun_s, answered, waiting)
                replies = self._model.reply(list(new.values()))
            except Unanswered as error:
                self._failures[purpose] = str(error)
                raise
            for (key, question), reply in zip(new.items(), replies, strict=True):
                self._answers.append(Answer(key=key, question=question, reply=reply))
                known[key] = reply
            answered += len(new)
        return [known[key] for batch in asked for key, _ in batch]


def asking(
    context: Context[HighlightParams], model: LanguageModel, stills: Stills
) -> AskingChooser:
    """A chooser that asks this model, and reports its fallbacks in this run."""

    def note(code: str, message: str) -> None:
        context.fell_back = True
        context.degrade(code, message)

    prompts = Used(name="highlight-prompts", sha256=prompts_sha256())
    context.used[prompts.name] = prompts
    return AskingChooser(model, context.params, note, stills=stills)


def chapters_of(titles: Mapping[int, str], speech: Speech) -> tuple[Chapter, ...]:
    """Chapters that follow each other without a gap, from titles by first sentence."""
    starts: list[int] = []
    for one in sorted(titles):
        if not starts or speech.sentences[one].in_ms >= (
            SHORTEST_CHAPTER_MS + (speech.sentences[starts[-1]].in_ms if len(starts) > 1 else 0)
        ):
            starts.append(one)
    ins = [0, *(speech.sentences[one].in_ms for one in starts[1:])]
    outs = [*ins[1:], speech.sentences[-1].out_ms]
    return tuple(
        Chapter(in_ms=in_ms, out_ms=out_ms, title=titles[one])
        for one, in_ms, out_ms in zip(starts, ins, outs, strict=False)
    )


def _check_time(purpose: Purpose, spent_s: float, answered: int, waiting: int) -> None:
    limit_s = LIMITS_S[purpose]
    expected_s = spent_s / answered * waiting if answered >= SEEN else 0
    if spent_s > limit_s or expected_s > 2 * limit_s:
        raise Unanswered(f"{waiting} answers would take longer than {limit_s:g} s")


def _batched(questions: Sequence[Question], size: int) -> list[Sequence[Question]]:
    return [questions[at : at + size] for at in range(0, len(questions), size)]


def _rated(candidate: Candidate, rating: Mapping[str, int]) -> Candidate:
    mean = round(sum(rating.values()) / len(rating))
    return _scored(replace(candidate, parts={**candidate.parts, **rating}), "model", mean)


def _scored(candidate: Candidate, name: str, thousandths: int) -> Candidate:
    """The candidate with what the model found as a part and as its score.

    The scorer's own score is kept as the part `recall`.
    """
    recall = candidate.parts.get("recall", candidate.score)
    score = round((MODEL_SHARE * thousandths + (10 - MODEL_SHARE) * recall) / 10)
    parts = {**candidate.parts, "recall": recall, name: thousandths}
    return replace(candidate, score=score, parts=parts)
