"""Translation of the chosen clips, sentence by sentence: a model proposes, code checks each line.

A line that is missing, too long or not translated is asked for once more, by itself. If that fails
too, the original is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from steps.highlight.engines import material
from steps.highlight.engines.protocol import Speech, Unanswered
from steps.highlight.engines.questions import Asker
from steps.highlight.engines.readings import read_translation
from steps.model.answers import Question, Reply
from steps.model.clips import TranslatedLine, Translation
from steps.model.languages import plain_language
from steps.model.timing import Span

GROUP_BYTES, GROUP_LINES = 1200, 10
"""Of speech in one question: its answer may be three times as long in tokens."""
MOST_UNANSWERED = 3
"""After so many questions in a row without an answer no more are put: the server is gone."""
SHOWN_FAULTS = 3

Ask = Callable[[Sequence[Sequence[Question]]], list[Reply]]


def translate(
    ask: Ask, speech: Speech, spans: Sequence[Span], asker: Asker, language: str
) -> tuple[Translation, str]:
    """The sentences in these spans in another language, and what went wrong, in one line.

    Args:
        ask: puts batches of questions.
        speech: of the source.
        spans: of the clips.
        asker: writes the questions.
        language: the target.
    """
    ids = [
        number
        for number, sentence in enumerate(speech.sentences)
        if any(sentence.in_ms < span.out_ms and span.in_ms < sentence.out_ms for span in spans)
    ]
    found: dict[int, str] = {}
    faults: dict[int, str] = {}
    unanswered = 0
    waiting = [(group, False) for group in groups(speech, ids)]
    while waiting and unanswered < MOST_UNANSWERED:
        group, again = waiting.pop(0)
        wrong: dict[int, str] = {}
        try:
            (reply,) = ask([[asker.translation(group, language, again=again)]])
            unanswered = 0
            found |= read_translation(reply, {one: speech.sentences[one].text for one in group},
                                      wrong)  # fmt: skip
        except Unanswered as error:
            unanswered += 1
            wrong = dict.fromkeys(group, str(error))
        faults |= wrong
        if not again:
            waiting = [*(((one,), True) for one in wrong), *waiting]
    kept = [one for one in ids if one not in found]
    lines = tuple(
        TranslatedLine(
            in_ms=speech.sentences[one].in_ms,
            out_ms=speech.sentences[one].out_ms,
            text=found[one],
        )
        for one in ids
        if one in found
    )
    reasons = dict.fromkeys(faults[one] for one in kept if one in faults)
    why = "; ".join(list(reasons)[:SHOWN_FAULTS])
    fault = f"{len(kept)} of {len(ids)} sentences are not translated ({why})" if kept else ""
    return Translation(language=plain_language(language), lines=lines), fault


def groups(speech: Speech, ids: Sequence[int]) -> list[tuple[int, ...]]:
    """Sentences that are asked for together, in order."""
    found: list[list[int]] = []
    room = 0
    for one in ids:
        size = material.size(speech, one)
        if not found or len(found[-1]) == GROUP_LINES or size > room:
            found.append([])
            room = GROUP_BYTES
        found[-1].append(one)
        room -= size
    return [tuple(group) for group in found]
