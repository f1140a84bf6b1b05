"""Sentences and chunks: the units that clips are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from steps.highlight.lexicon import Lexicon
from steps.model.phrases import bare_word, ends_clause, ends_sentence, join, split_where
from steps.model.transcript import Word

SENTENCE_PAUSE_MS, LONG_PAUSE_MS = 600, 1500
"""A longer pause ends a sentence without a full stop: where there are none, and where there are."""
LONGEST_SENTENCE_MS, LONGEST_SENTENCE_WORDS = 20_000, 40
"""Speech that runs on without stops or pauses is split before it grows longer."""
USUAL_WORDS = 14
"""Of a spoken sentence."""
PAUSE_GAIN, MOST_PAUSE_MS = 3.0, 1500
CLAUSE_GAIN, STARTER_GAIN, LOOSE_LOSS = 1.5, 1.0, 4.0
"""What speaks for a boundary, in squared octaves of length: a pause of `SENTENCE_PAUSE_MS`, a
comma, a word that sentences begin with; and against it, a word that none ends with. Chosen on
speech without its full stops, see the tests."""
NO_WORDS = Lexicon()
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

    @cached_property
    def texts(self) -> list[str]:
        """The words as text."""
        return [word.text for word in self.words]

    @cached_property
    def text(self) -> str:
        """The words as one line."""
        return join(self.texts)


def split_sentences(words: Sequence[Word], lexicon: Lexicon = NO_WORDS) -> list[Sentence]:
    """Sentences by punctuation and long pauses; where there is neither, by pauses and words.

    Automatic captions and some recognisers give no punctuation: there a pause over
    `SENTENCE_PAUSE_MS` ends a sentence, except after a word that no sentence ends with. Where there
    is punctuation, only a pause over `LONG_PAUSE_MS` does without it, as people pause inside
    sentences too. What is still too long is split where it reads best.
    """
    stops = sum(ends_sentence(word.text) for word in words)
    pause_ms = LONG_PAUSE_MS if stops * LONGEST_SENTENCE_WORDS >= len(words) else SENTENCE_PAUSE_MS

    def parts(before: Word, after: Word) -> bool:
        if ends_sentence(before.text) or _says_no(before.text, after.text):
            return True
        needed = LONG_PAUSE_MS if bare_word(before.text) in lexicon.loose else pause_ms
        return after.in_ms - before.out_ms > needed

    sentences: list[Sentence] = []
    first = 0
    for run in split_where(words, parts):
        for piece in _shortened(tuple(run), lexicon):
            sentences.append(Sentence(piece, first))
            first += len(piece)
    return sentences


def _says_no(before: str, after: str) -> bool:
    """Whether `no.` is the word and not the abbreviation of number."""
    return bare_word(before) == "no" and before.endswith(".") and not after[:1].isdigit()


def _shortened(words: tuple[Word, ...], lexicon: Lexicon) -> list[tuple[Word, ...]]:
    """The words of a sentence, or its parts if it runs on for too long.

    The best way to split, by dynamic programming: each part costs its distance from a usual length
    (in octaves, squared), each boundary less the better it reads. Ties: the earlier boundary.
    """
    if _fits(words, 0, len(words)):
        return [words]
    gains = [0.0] + [_boundary(before, after, lexicon) for before, after in pairwise(words)]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        found = (math.inf, end - 1)
        for start in range(end - 1, max(-1, end - 1 - LONGEST_SENTENCE_WORDS), -1):
            if start < end - 1 and not _fits(words, start, end):
                break
            octaves = math.log2((end - start) / USUAL_WORDS)
            cost = best[start][0] - gains[start] + octaves * octaves
            if cost <= found[0]:
                found = (cost, start)
        best.append(found)
    edges = [len(words)]
    while edges[-1]:
        edges.append(best[edges[-1]][1])
    return [words[start:end] for start, end in pairwise(reversed(edges))]


def _fits(words: Sequence[Word], start: int, end: int) -> bool:
    return (
        end - start <= LONGEST_SENTENCE_WORDS
        and words[end - 1].out_ms - words[start].in_ms <= LONGEST_SENTENCE_MS
    )


def _boundary(before: Word, after: Word, lexicon: Lexicon) -> float:
    """How well a sentence may end between two words; 0 for nothing that speaks for it."""
    gain = PAUSE_GAIN * min(MOST_PAUSE_MS, max(0, after.in_ms - before.out_ms)) / SENTENCE_PAUSE_MS
    if ends_clause(before.text):
        gain += CLAUSE_GAIN
    if bare_word(after.text) in lexicon.starters:
        gain += STARTER_GAIN
    if bare_word(before.text) in lexicon.loose:
        gain -= LOOSE_LOSS
    return gain


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
