"""The countable features of a passage, and how well each predicts an audience's reaction.

The weights come from a linear fit of audience reactions (laughter, applause) in 835 recorded talks,
100-word passages, each feature standardised within its talk; on 324 held-out talks the sum ranks a
reacting passage first in 52 % (a random order: 29 %), mAP .505 (random: .349). Questions, digits,
negation, "we" and words of time were fitted to about zero and are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from steps.highlight.sentences import Sentence
from steps.model.phrases import bare_word

WEIGHTS: dict[str, int] = {
    "short_sentences": 46,
    "dashes": 40,
    "exclamations": 35,
    "names": 29,
    "variety": 26,
    "first_person": 26,
    "second_person": 23,
    "plain_words": 22,
    "quotes": 19,
    "emotion": 18,
    "punchy": 14,
    "contrast": 12,
    "telling": 11,
    "reasons": 10,
}
"""Thousandths of score for one standard deviation above the source's mean."""

PUNCHY_WORDS = 4
"""A sentence of at most this many words is punchy."""

_FIRST = frozenset("i i'm i've i'd i'll me my mine myself".split())
_SECOND = frozenset("you you're you've you'd you'll your yours yourself".split())
_CONTRAST = frozenset("but however actually yet instead although though".split())
_TELLING = frozenset("said says told asked like okay".split())
_REASONS = frozenset("because why how".split())
_EMOTION = frozenset(
    """afraid amazing angry awful beautiful best brilliant crazy cried crying dead death desperate
    destroyed devastated died disaster dream enormous epic failed fear furious happiest hate
    heartbroken hilarious horrible huge impossible incredible insane joy killed laughed love
    magic miracle never nightmare obsessed panic perfect proud ridiculous scared shame shocked
    stunned stupid terrible terrified terrifying tragedy ugly unbelievable unforgettable worst
    wonderful wrong""".split()
)
_QUOTES = '"“”«»'


@dataclass(frozen=True)
class Counts:
    """Additive counts of a passage, one number for each countable feature."""

    words: int
    sentences: int
    letters: int
    by_name: tuple[int, ...]


_COUNTED = tuple(
    name for name in WEIGHTS if name not in ("short_sentences", "variety", "plain_words")
)


def count(sentence: Sentence) -> Counts:
    """The counts of one sentence."""
    texts = [word.text for word in sentence.words]
    words = [bare_word(text) for text in texts]
    whole = sentence.text
    found = {
        "dashes": sum(whole.count(dash) for dash in ("—", "–", " - ", "--")),
        "exclamations": whole.count("!"),
        "names": sum(text[:1].isupper() and bare_word(text) not in _FIRST for text in texts[1:]),
        "first_person": sum(word in _FIRST for word in words),
        "second_person": sum(word in _SECOND for word in words),
        "quotes": sum(whole.count(mark) for mark in _QUOTES),
        "emotion": sum(word in _EMOTION for word in words),
        "punchy": int(len(words) <= PUNCHY_WORDS),
        "contrast": sum(word in _CONTRAST for word in words),
        "telling": sum(word in _TELLING for word in words),
        "reasons": sum(word in _REASONS for word in words),
    }
    letters = sum(len(word) for word in words)
    return Counts(len(words), 1, letters, tuple(found[name] for name in _COUNTED))


def running_totals(counts: Sequence[Counts]) -> list[Counts]:
    """Prefix sums, one more than there are sentences, so any passage is a difference of two."""
    totals = [Counts(0, 0, 0, (0,) * len(_COUNTED))]
    for item in counts:
        last = totals[-1]
        totals.append(
            Counts(
                last.words + item.words,
                last.sentences + item.sentences,
                last.letters + item.letters,
                tuple(a + b for a, b in zip(last.by_name, item.by_name, strict=True)),
            )
        )
    return totals


def measure(before: Counts, after: Counts, distinct_words: int) -> dict[str, float]:
    """The features of the passage between two running totals, each per 100 words or a share."""
    words = max(1, after.words - before.words)
    sentences = after.sentences - before.sentences
    found = {
        name: 100 * (b - a) / words
        for name, a, b in zip(_COUNTED, before.by_name, after.by_name, strict=True)
    }
    found["short_sentences"] = 100 * sentences / words
    found["variety"] = distinct_words / words
    found["plain_words"] = -(after.letters - before.letters) / words
    return found


def standardise(rows: Sequence[dict[str, float]]) -> Iterator[dict[str, float]]:
    """Every feature as standard deviations from its mean over the rows; 0 where all are equal."""
    if not rows:
        return
    spread = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        mean = math.fsum(values) / len(values)
        variance = math.fsum((value - mean) ** 2 for value in values) / len(values)
        spread[name] = (mean, math.sqrt(variance))
    for row in rows:
        yield {
            name: (row[name] - mean) / deviation if deviation > 1e-9 else 0.0
            for name, (mean, deviation) in spread.items()
        }


def weigh(standardised: dict[str, float]) -> float:
    """The weighted sum, in thousandths."""
    return math.fsum(weight * standardised[name] for name, weight in WEIGHTS.items())
