"""How strongly an audience would react: two linear heads over sentence vectors (English).

`moments.npz` was trained on where the audiences of 820 recorded talks laughed or applauded, on
recognised text. Passages that say thank, please, welcome, applause, ladies, gentlemen, hands or
audience were left out of the training, because such words come before applause anywhere. On 319
held-out talks, 100-word windows: HIT@1 .577, mAP .547 (counts alone: .495, .492; random: .24, .34).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from steps.contract import Context
from steps.highlight.counts import (
    SIGNIFICANT,
    WEIGHTS,
    Counts,
    Floats,
    Ints,
    standardised,
    summed,
    windows,
)
from steps.highlight.lexicon import lexicon_of
from steps.highlight.sentences import Sentence
from steps.highlight.vectors import SentenceEncoder
from steps.model.weights import MINILM, MINILM_TOKENIZER, MOMENTS

ENGLISH = "en"
LEAST_WORDS = 3
"""The heads know sentences of at least this many words; shorter ones join the next."""
NEIGHBOUR, FORM, COUNTED = 0.5, 0.1, 0.05
"""Scale of the neighbours' vectors, of the sentence's form and of the counts, as in training."""
CHUNK = 4096


class TextScore(Protocol):
    """What the words say about a source.

    Attributes:
        endings: (sentences,) how strongly a room would react right after each, in deviations; zeros
            where nobody knows.
        vectors: (sentences, n) each sentence as a vector, for likeness.
    """

    endings: Floats
    vectors: Floats

    def parts(self, starts: Ints, ends: Ints) -> list[Floats]:
        """Raw scores of passages `[start, end)` in words, one array for each criterion."""


MakeScore = Callable[[Sequence[Sentence], str], TextScore]
"""Makes the text score of a source from its sentences and its language."""


class CountScore:
    """The text score of any language: a weighted sum of counts."""

    def __init__(self, sentences: Sequence[Sentence], language: str) -> None:
        self._counts, ends = counted(sentences, language)
        self._weights = np.array(list(WEIGHTS.values())) / 1000
        self.endings = np.zeros(len(sentences))
        self.vectors = self._counts.bags.rows
        self._reference = self._counts.measure(*windows(ends[-1]))

    def parts(self, starts: Ints, ends: Ints) -> list[Floats]:
        """One criterion; see `TextScore.parts`."""
        measured = standardised(self._counts.measure(starts, ends), self._reference)
        return [(measured * self._weights).sum(axis=1)]


class MomentScore:
    """The text score of English: the head of sentences and the head of passages."""

    def __init__(
        self, sentences: Sequence[Sentence], encoder: SentenceEncoder, weights: Path
    ) -> None:
        """Read `moments.npz` and encode each sentence once."""
        with np.load(weights) as found:
            self._sentence = found["sentence"].astype(np.float64)
            self._passage = found["passage"].astype(np.float64)
        units = joined(sentences)
        means = encoder.vectors([unit.text for unit in units]).astype(np.float64)
        self._edges = np.array([0, *(unit.first + len(unit.words) for unit in units)], np.int64)
        self.scores = (_described(units, means) * self._sentence).sum(axis=1)
        weighed = means * np.diff(self._edges)[:, None]
        self._rows = weighed
        self._sums = np.concatenate([np.zeros((1, means.shape[1])), np.cumsum(weighed, axis=0)])
        self._counts, ends = counted(sentences, ENGLISH)
        self._windows = windows(ends[-1])
        self._reference = self._counts.measure(*self._windows)
        self._centre = self._pooled(*self._windows).mean(axis=0)
        of = np.searchsorted(self._edges, np.array(ends), side="left") - 1
        self.endings = standardised(self.scores[:, None], self.scores[:, None])[of, 0]
        self.vectors = means[of]

    def parts(self, starts: Ints, ends: Ints) -> list[Floats]:
        """The two best sentences that end in each passage, and the passage as a whole."""
        return [self._peaks(starts, ends), self._wholes(starts, ends)]

    def _peaks(self, starts: Ints, ends: Ints) -> Floats:
        firsts = np.searchsorted(self._edges[1:], starts, side="right")
        lasts = np.searchsorted(self._edges[1:], ends, side="right")
        floor = float(self.scores.min())
        best = [
            np.sort(self.scores[first:last])[-2:].sum() + floor * max(0, 2 - (last - first))
            for first, last in zip(firsts, lasts, strict=True)
        ]
        return np.array(best, np.float64)

    def _wholes(self, starts: Ints, ends: Ints) -> Floats:
        found = np.zeros(len(starts))
        for at in range(0, len(starts), CHUNK):
            part = slice(at, at + CHUNK)
            counts = self._counts.measure(starts[part], ends[part])
            measured = COUNTED * standardised(counts, self._reference)
            pooled = self._pooled(starts[part], ends[part]) - self._centre
            row = np.concatenate([measured, pooled], axis=1)
            found[part] = (row * self._passage).sum(axis=1)
        return found

    def _pooled(self, starts: Ints, ends: Ints) -> Floats:
        sums = summed(self._sums, self._rows, self._edges, ends)
        return unit_rows(sums - summed(self._sums, self._rows, self._edges, starts))


def embeddings(context: Context[Any]) -> MakeScore:
    """The engine `embeddings`: English only."""

    def made(sentences: Sequence[Sentence], _language: str) -> TextScore:
        encoder = SentenceEncoder(context.weights(MINILM), context.weights(MINILM_TOKENIZER))
        return MomentScore(sentences, encoder, context.weights(MOMENTS))

    return made


def counts(_context: object) -> MakeScore:
    """The engine `counts`."""
    return CountScore


def counted(sentences: Sequence[Sentence], language: str) -> tuple[Counts, list[int]]:
    """The counts of a source, and where its sentences end."""
    words = [text for sentence in sentences for text in sentence.texts]
    ends = [sentence.first + len(sentence.words) for sentence in sentences]
    return Counts(words, ends, lexicon_of(language), language), ends


def joined(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences, those of fewer than `LEAST_WORDS` words joined to the next."""
    found: list[Sentence] = []
    begun: Sentence | None = None
    for sentence in sentences:
        words = (*begun.words, *sentence.words) if begun else sentence.words
        begun = Sentence(words, begun.first if begun else sentence.first)
        if len(words) >= LEAST_WORDS:
            found.append(begun)
            begun = None
    return [*found, begun] if begun else found


def unit_rows(rows: Floats) -> Floats:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    found: Floats = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > SIGNIFICANT)
    return found


def _described(units: Sequence[Sentence], means: Floats) -> Floats:
    """The row of each sentence: its vector, its neighbours', its form: (units, 1158)."""
    own = unit_rows(means)
    own -= own.mean(axis=0)
    form = np.array(
        [[np.log(len(unit.words)), unit.text.count("?"), unit.text.count(",")] for unit in units]
    )
    length, questions, commas = standardised(form, form).T
    before, after = _shifted(length[:, None], 1)[:, 0], _shifted(length[:, None], -1)[:, 0]
    forms = np.stack([length, before, after, questions, commas, length * length], axis=1)
    near = [own, NEIGHBOUR * _shifted(own, 1), NEIGHBOUR * _shifted(own, -1), FORM * forms]
    return np.concatenate(near, axis=1)


def _shifted(rows: Floats, by: int) -> Floats:
    """The rows before (1) or after (-1) each; zeros where there is none."""
    found = np.zeros_like(rows)
    if by > 0:
        found[by:] = rows[:-by]
    else:
        found[:by] = rows[-by:]
    return found
