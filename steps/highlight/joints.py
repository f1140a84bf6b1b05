"""Which sentences belong together: what a clip may not begin with, and not end with. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from steps.highlight.lexicon import Lexicon
from steps.highlight.sentences import Sentence
from steps.model.phrases import CLOSERS

QUESTION_MARKS = ("?", "？", "؟")


def asks(sentence: Sentence) -> bool:
    """Whether a sentence is a question."""
    return sentence.words[-1].text.rstrip(CLOSERS).endswith(QUESTION_MARKS)


def leaning(sentences: Sequence[Sentence], lexicon: Lexicon) -> list[bool]:
    """Whether each sentence needs the one before it, or says what was said in reply to it."""
    return [
        lexicon.leans_back(item.texts) or _retorts(sentences, at, lexicon)
        for at, item in enumerate(sentences)
    ]


def no_start(sentences: Sequence[Sentence], lexicon: Lexicon) -> list[bool]:
    """Whether each sentence greets or advertises: no clip begins with one."""
    return [lexicon.greets(item.texts) or lexicon.pitches(item.texts) for item in sentences]


def no_end(sentences: Sequence[Sentence], lexicon: Lexicon) -> list[bool]:
    """Whether each sentence advertises or is of the source's goodbye: no clip ends with one.

    A greeting before that is part of what is told: "She listens to everything. Hello, Mum."
    """
    found = [lexicon.pitches(item.texts) for item in sentences]
    for at in range(len(sentences) - 1, -1, -1):
        if not found[at] and not lexicon.greets(sentences[at].texts):
            break
        found[at] = True
    return found


def left_open(sentences: Sequence[Sentence], lexicon: Lexicon) -> list[bool]:
    """Whether the point of each sentence is in the next one.

    So it is after a question; after the first sentence of an answer, if it is a scrap ("Once.") or
    another voice than the asker's and that voice goes on; and where somebody's reply follows
    ("She said, you left the light on. I said, I never turned it off.").
    """
    return [
        asks(item)
        or _begins_an_answer(sentences, at, lexicon)
        or _retorts(sentences, at + 1, lexicon)
        for at, item in enumerate(sentences)
    ]


def _retorts(sentences: Sequence[Sentence], at: int, lexicon: Lexicon) -> bool:
    """Whether a sentence tells a reply to what the sentence before it reports."""
    if not 0 < at < len(sentences):
        return False
    reported = any(map(lexicon.is_saying, sentences[at - 1].texts))
    return reported and lexicon.reports(sentences[at].texts)


def _begins_an_answer(sentences: Sequence[Sentence], at: int, lexicon: Lexicon) -> bool:
    if not 0 < at < len(sentences) - 1 or not asks(sentences[at - 1]):
        return False
    asker, own, following = (sentences[one].words[0].speaker for one in (at - 1, at, at + 1))
    if following != own:
        return False
    return asker != own or lexicon.is_scrap(sentences[at].texts)
