"""Sentences and chunks: the units that clips are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steps.model.phrases import ends_sentence, split_where
from steps.model.transcript import Word

SENTENCE_PAUSE_MS = 600
"""A longer pause ends a sentence that has no full stop."""
LONGEST_SENTENCE_MS = 20_000
"""Speech without stops or pauses is split at its longest pause past this length."""
CHUNK_MIN_MS, CHUNK_MAX_MS = 10_000, 20_000


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


def split_sentences(words: Sequence[Word]) -> list[Sentence]:
    """Sentences by punctuation, or by a pause over `SENTENCE_PAUSE_MS`."""

    def parts(before: Word, after: Word) -> bool:
        return ends_sentence(before.text) or after.in_ms - before.out_ms > SENTENCE_PAUSE_MS

    sentences: list[Sentence] = []
    first = 0
    for run in split_where(words, parts):
        sentences += _shortened(Sentence(tuple(run), first))
        first += len(run)
    return sentences


def _shortened(sentence: Sentence) -> list[Sentence]:
    """The sentence, or its parts if it runs on for too long to start and end a clip well.

    Each part is split at its longest pause (ties: nearest to its middle, then the earlier).
    """
    words = sentence.words
    pauses = [after.in_ms - before.out_ms for before, after in pairwise(words)]
    found: list[Sentence] = []
    todo = [(0, len(words))]
    while todo:
        first, end = todo.pop()
        if end - first < 2 or words[end - 1].out_ms - words[first].in_ms <= LONGEST_SENTENCE_MS:
            found.append(Sentence(words[first:end], sentence.first + first))
            continue
        longest = max(pauses[first : end - 1])
        middle = (first + end) / 2
        at = min(
            (at for at in range(first + 1, end) if pauses[at - 1] == longest),
            key=lambda at: (abs(at - middle), at),
        )
        todo += [(at, end), (first, at)]
    return found


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
