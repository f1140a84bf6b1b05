"""Sentences and chunks: the units that clips are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steps.model.transcript import Word

SENTENCE_PAUSE_MS = 600
"""A pause this long ends a sentence that has no full stop."""
LONGEST_SENTENCE_MS = 20_000
"""Speech without stops or pauses is split at its longest pause past this length."""
CHUNK_MIN_MS, CHUNK_MAX_MS = 10_000, 20_000

_ENDINGS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")
_CLOSERS = "\"'”’)]»"
_ABBREVIATIONS = frozenset(
    "mr. mrs. ms. dr. prof. st. vs. etc. e.g. i.e. no. jr. sr. inc. ltd. u.s. u.k.".split()
)


@dataclass(frozen=True)
class Sentence:
    """A run of words `[first, last]` of the transcript, by index."""

    words: tuple[Word, ...]
    first: int

    @property
    def in_ms(self) -> int:
        """Where its first word begins."""
        return self.words[0].in_ms

    @property
    def out_ms(self) -> int:
        """Where its last word ends."""
        return self.words[-1].out_ms

    @property
    def text(self) -> str:
        """The words with spaces between them."""
        return " ".join(word.text for word in self.words)


def ends_sentence(text: str) -> bool:
    """Whether a word closes a sentence by its punctuation; abbreviations do not."""
    bare = text.rstrip(_CLOSERS)
    return bare.endswith(_ENDINGS) and bare.lower() not in _ABBREVIATIONS


def split_sentences(words: Sequence[Word]) -> list[Sentence]:
    """Sentences by punctuation, or by a pause over `SENTENCE_PAUSE_MS`."""
    sentences: list[Sentence] = []
    first = 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        if (
            following is None
            or ends_sentence(word.text)
            or following.in_ms - word.out_ms > SENTENCE_PAUSE_MS
        ):
            sentences += _shortened(Sentence(tuple(words[first : index + 1]), first))
            first = index + 1
    return sentences


def _shortened(sentence: Sentence) -> list[Sentence]:
    """The sentence, or its parts when it runs on for too long to start and end a clip well."""
    words = sentence.words
    if len(words) < 2 or sentence.out_ms - sentence.in_ms <= LONGEST_SENTENCE_MS:
        return [sentence]
    middle = len(words) / 2
    at = max(
        range(1, len(words)),
        key=lambda index: (
            words[index].in_ms - words[index - 1].out_ms,
            -abs(index - middle),
            -index,
        ),
    )
    head = Sentence(words[:at], sentence.first)
    tail = Sentence(words[at:], sentence.first + at)
    return _shortened(head) + _shortened(tail)


def chunk_sentences(sentences: Sequence[Sentence]) -> list[tuple[Sentence, ...]]:
    """Runs of sentences of 10-20 s: closed once long enough, or before growing too long."""
    chunks: list[tuple[Sentence, ...]] = []
    run: list[Sentence] = []
    for sentence in sentences:
        if run and sentence.out_ms - run[0].in_ms > CHUNK_MAX_MS:
            chunks.append(tuple(run))
            run = []
        run.append(sentence)
        if run[-1].out_ms - run[0].in_ms >= CHUNK_MIN_MS:
            chunks.append(tuple(run))
            run = []
    return [*chunks, tuple(run)] if run else chunks
