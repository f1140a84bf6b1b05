"""What passages are about: likeness, repeats and chapters, from the sentences' vectors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from steps.highlight.candidates import Candidate
from steps.highlight.counts import Floats
from steps.highlight.engines.protocol import Speech
from steps.highlight.moments import TextScore, unit_rows
from steps.highlight.sentences import chunk_sentences

CHAPTER_MS, LEAST_CHAPTER_MS, LONGEST_CHAPTER_MS = 240_000, 45_000, 1_200_000
"""Usual length of a chapter, and its bounds."""
FEWEST_CHAPTERS, MOST_CHAPTERS = 3, 40
"""YouTube shows chapters from three up."""


@dataclass(frozen=True)
class Topics:
    """The sentences of a source and their vectors, centred: what all have in common is no topic.

    Attributes:
        speech: of the source.
        rows: (sentences, n), each of length 1 or 0.
    """

    speech: Speech
    rows: Floats

    @classmethod
    def of(cls, speech: Speech, text: TextScore | None) -> Topics:
        """Those of a text score; without one, as in a source without speech, nothing is alike."""
        if text is None:
            return cls(speech, np.zeros((len(speech.sentences), 1)))
        return cls.of_vectors(speech, text.vectors)

    @classmethod
    def of_vectors(cls, speech: Speech, vectors: Floats) -> Topics:
        """Those of vectors of the sentences, (sentences, n)."""
        own = unit_rows(vectors)
        return cls(speech, unit_rows(own - own.mean(axis=0)))

    def likeness(self, one: Candidate, other: Candidate) -> float:
        """How alike two passages are, -1 to 1."""
        return round(float((self._vector(one) * self._vector(other)).sum()), 3)

    def alike(self, one: int, other: int) -> float:
        """How alike two sentences are, -1 to 1."""
        return round(float((self.rows[one] * self.rows[other]).sum()), 3)

    def central(self, indices: range) -> list[float]:
        """How well each of some sentences stands for all of them, -1 to 1."""
        rows = self.rows[indices.start : indices.stop]
        whole = unit_rows(rows.sum(axis=0)[None, :])[0]
        return [round(float(value), 3) for value in (rows * whole).sum(axis=1)]

    def _vector(self, item: Candidate) -> Floats:
        span = self.speech.within(item.span)
        vector: Floats = unit_rows(self.rows[span.start : span.stop].sum(axis=0)[None, :])[0]
        return vector

    def chapters(self, duration_ms: int) -> list[tuple[int, range]]:
        """Parts of the source that are about one thing: where each begins, and its sentences.

        The best way to divide it, by dynamic programming: the sum of the lengths of the parts'
        summed vectors is greatest where what is together is alike. None in a short source.
        """
        chunks = chunk_sentences(self.speech.sentences)
        count = min(MOST_CHAPTERS, round(duration_ms / CHAPTER_MS))
        if count < FEWEST_CHAPTERS or len(chunks) < 2 * count:
            return []
        firsts = np.cumsum([0, *(len(chunk) for chunk in chunks)])
        sums = np.concatenate([np.zeros((1, self.rows.shape[1])), np.cumsum(self.rows, axis=0)])
        at_chunk = sums[firsts]
        times = [chunk[0].in_ms for chunk in chunks] + [duration_ms]
        edges = _best_parts(at_chunk, np.array(times), count)
        return [
            (0 if start == 0 else times[start], range(int(firsts[start]), int(firsts[end])))
            for start, end in pairwise(edges)
        ]


def _best_parts(sums: Floats, times: Floats, count: int) -> list[int]:
    """Where `count` parts begin, and the end; fewer if so many do not fit their bounds."""
    places = len(sums)
    gain = np.full((places, places), -np.inf)
    for end in range(1, places):
        lengths_ms = times[end] - times[:end]
        fits = (lengths_ms >= LEAST_CHAPTER_MS) & (lengths_ms <= LONGEST_CHAPTER_MS)
        starts = np.flatnonzero(fits)
        gain[starts, end] = np.sqrt(((sums[end] - sums[starts]) ** 2).sum(axis=1)).round(6)
    best = np.full((count + 1, places), -np.inf)
    best[0, 0] = 0.0
    came = np.zeros((count + 1, places), np.int64)
    for part in range(1, count + 1):
        totals = best[part - 1][:, None] + gain
        came[part] = totals.argmax(axis=0)
        best[part] = totals.max(axis=0)
    fitting = [part for part in range(1, count + 1) if np.isfinite(best[part, -1])]
    if not fitting:
        return [0, places - 1]
    edges = [places - 1]
    for part in range(fitting[-1], 0, -1):
        edges.append(int(came[part, edges[-1]]))
    return edges[::-1]
