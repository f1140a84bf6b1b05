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

LONG_PAUSE_MS = 1500
"""A longer pause ends a sentence, whatever the words say."""
LONGEST_SENTENCE_MS, LONGEST_SENTENCE_WORDS = 20_000, 40
"""Speech that runs on without stops or pauses is split before it grows longer."""
USUAL_WORDS = 14
"""Of a spoken sentence."""
LEAST_PAUSE_MS, MOST_PAUSE_MS = 150, 600
"""Bounds of the pause that tells a sentence's end in a talk: people take breath in less, and most
pause less between two sentences."""
PAUSE_GAIN, MOST_PAUSES = 4.0, 2.5
CLAUSE_GAIN, STARTER_GAIN, VERB_LOSS, LOOSE_LOSS = 1.5, 2.0, 1.0, 4.0
"""What speaks for a boundary, in squared octaves of length: a pause that tells, and a longer one up
to so many times as much; a comma; a word that sentences begin with. Against it: a frequent verb,
and a word that no sentence ends with. Chosen on seven talks in six languages without their marks,
with made pauses. On eight others the boundaries have an F score of .77 (.63 where every pause over
0.6 s ended a sentence and the rest was split by length), and of .37 by the words alone (.30)."""
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
    """Sentences by punctuation and long pauses; where there is no punctuation, by what reads best.

    People pause inside sentences too, so where there is punctuation only a pause over
    `LONG_PAUSE_MS` does without it. Automatic captions and some recognisers give none: there the
    pauses, measured by the talk's own, and the words say together where sentences end.
    """
    stops = sum(ends_sentence(word.text) for word in words)
    punctuated = stops * LONGEST_SENTENCE_WORDS >= len(words)
    pause_ms = telling_pause_ms(words)

    def parts(before: Word, after: Word) -> bool:
        if ends_sentence(before.text) or _says_no(before.text, after.text):
            return True
        return after.in_ms - before.out_ms > LONG_PAUSE_MS

    sentences: list[Sentence] = []
    first = 0
    for run in split_where(words, parts):
        whole = punctuated and _fits(run, 0, len(run))
        for piece in [tuple(run)] if whole else _best_split(tuple(run), lexicon, pause_ms):
            sentences.append(Sentence(piece, first))
            first += len(piece)
    return sentences


def telling_pause_ms(words: Sequence[Word]) -> int:
    """The pause that as many are longer than as the talk has sentences of the usual length.

    Some people hardly pause at a full stop and others do in every phrase.
    """
    pauses = sorted(after.in_ms - before.out_ms for before, after in pairwise(words))
    if not pauses:
        return MOST_PAUSE_MS
    own = pauses[len(pauses) * (USUAL_WORDS - 1) // USUAL_WORDS]
    return min(MOST_PAUSE_MS, max(LEAST_PAUSE_MS, own))


def _says_no(before: str, after: str) -> bool:
    """Whether `no.` is the word and not the abbreviation of number."""
    return bare_word(before) == "no" and before.endswith(".") and not after[:1].isdigit()


def _best_split(words: tuple[Word, ...], lexicon: Lexicon, pause_ms: int) -> list[tuple[Word, ...]]:
    """The words as sentences, none of them too long.

    The best way to split, by dynamic programming: each part costs its distance from a usual length
    (in octaves, squared), each boundary less the better it reads. Ties: the earlier boundary.
    """
    gains = [0.0] + [_boundary(*pair, lexicon, pause_ms) for pair in pairwise(words)]
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


def _boundary(before: Word, after: Word, lexicon: Lexicon, pause_ms: int) -> float:
    """How well a sentence may end between two words; 0 for nothing that speaks for it."""
    pauses = max(0, after.in_ms - before.out_ms) / pause_ms
    gain = PAUSE_GAIN * min(MOST_PAUSES, pauses)
    if ends_clause(before.text):
        gain += CLAUSE_GAIN
    if bare_word(after.text) in lexicon.starters:
        gain += STARTER_GAIN
    ending = bare_word(before.text)
    if ending in lexicon.loose or ending in lexicon.subordinators:
        gain -= LOOSE_LOSS
    elif ending in lexicon.verbs:
        gain -= VERB_LOSS
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
