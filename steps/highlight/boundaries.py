"""Boundaries: how well a clip begins or ends between two sentences, before all and after all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from steps.highlight.counts import SIGNIFICANT, Floats
from steps.highlight.joints import asks
from steps.highlight.lexicon import Lexicon
from steps.highlight.moments import unit_rows
from steps.highlight.sentences import Sentence

GOOD_PAUSE_MS, MOST_PAUSE_MS, PAUSE_BONUS = 250, 1000, 15
"""Thousandths for a pause so long, and as many more for each time as long again."""
SHIFT_WEIGHT, SHIFT_SENTENCES, MOST_SHIFT = 30, 3, 2.0
"""Thousandths for one deviation of the change of subject, the sentences on each side that it is
seen from, and the most deviations that count."""
OPENING_BONUS = 30
"""Thousandths where a subject is opened: by "First" or "Let's", by another voice, by a goodbye."""
START_SHIFT = 1.0
"""Deviations of the source's first sentence: it opens a subject, but most are introductions."""
NEAR, BESIDE_SHARE = 3, 0.7
"""A boundary with a better one within so many sentences loses this share of what it has less."""


def cuts(sentences: Sequence[Sentence], vectors: Floats, lexicon: Lexicon) -> Floats:
    """What it is worth to cut before each sentence, and after the last: (sentences + 1,).

    A clip that begins or ends beside the place where one subject gives way to the next has a few
    sentences too many or too few: such a cut loses by it.
    """
    worth = SHIFT_WEIGHT * shifts(vectors) + pauses(sentences)
    worth[:-1] += OPENING_BONUS * opened(sentences, lexicon)
    inner = worth[1:-1].copy()
    for at in range(len(inner)):
        best = inner[max(0, at - NEAR) : at + NEAR + 1].max()
        worth[at + 1] = inner[at] - BESIDE_SHARE * (best - inner[at])
    return worth


def opened(sentences: Sequence[Sentence], lexicon: Lexicon) -> Floats:
    """1 for each sentence that opens a subject, else 0; an answer belongs to its question."""
    found = np.zeros(len(sentences))
    for at, sentence in enumerate(sentences):
        before = sentences[at - 1] if at else None
        if before is not None and asks(before, lexicon):
            continue
        turn = before is not None and before.words[-1].speaker != sentence.words[0].speaker
        words = sentence.texts
        found[at] = turn or lexicon.announces(words) or lexicon.greets(words)
    return found


def shifts(vectors: Floats) -> Floats:
    """How much the subject changes before each sentence, and after the last: (sentences + 1,).

    In deviations, at most `MOST_SHIFT`: the likeness of the sentences before and after, turned.
    """
    count = len(vectors)
    sums = np.concatenate([np.zeros((1, vectors.shape[1])), np.cumsum(unit_rows(vectors), axis=0)])
    places = np.arange(count + 1)
    before = unit_rows(sums - sums[np.maximum(0, places - SHIFT_SENTENCES)])
    after = unit_rows(sums[np.minimum(count, places + SHIFT_SENTENCES)] - sums)
    likeness = (before * after).sum(axis=1)
    inner = likeness[1:-1]
    spread = float(inner.std()) if len(inner) else 0.0
    found = np.array([START_SHIFT] * count + [MOST_SHIFT])
    found[1:-1] = (inner.mean() - inner) / spread if spread > SIGNIFICANT else 0.0
    clipped: Floats = np.clip(found, -MOST_SHIFT, MOST_SHIFT)
    return clipped


def pauses(sentences: Sequence[Sentence]) -> Floats:
    """What the pause before each sentence, and after the last, is worth: (sentences + 1,).

    Before the first it is worth nothing: there it is no sign of a good opening.
    """
    gaps_ms = [after.in_ms - before.out_ms for before, after in pairwise(sentences)]
    rated = np.minimum(MOST_PAUSE_MS, [0, *gaps_ms, MOST_PAUSE_MS])
    worth: Floats = PAUSE_BONUS * np.maximum(0.0, rated / GOOD_PAUSE_MS)
    return worth
