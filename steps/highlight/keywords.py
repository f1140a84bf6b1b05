"""Keywords: the words that carry the subject, and their weights."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from steps.highlight.lexicon import stop_words, untagged_words
from steps.model.clips import MAX_TAG_CHARACTERS
from steps.model.phrases import bare_word


def content_words(text: str) -> list[str]:
    """The words that carry the subject, in lower case and order."""
    stop = stop_words()
    words = (bare_word(word) for word in text.split())
    return [
        word
        for word in words
        if 2 < len(word) <= MAX_TAG_CHARACTERS and word not in stop and not word.isdigit()
    ]


def weigh_words(passages: Sequence[str]) -> dict[str, float]:
    """TF-IDF of every content word over the passages of the source."""
    counts = [Counter(content_words(passage)) for passage in passages]
    spread = Counter(word for item in counts for word in item)
    total = Counter[str]()
    for item in counts:
        total.update(item)
    return {
        word: total[word] * math.log(1 + len(passages) / spread[word]) for word in sorted(total)
    }


def top_words(weights: dict[str, float], words: Sequence[str], limit: int) -> tuple[str, ...]:
    """The heaviest distinct words that people search for, no numbers; ties by the alphabet."""
    named = {word for word in words if any(map(str.isalpha, word))} - untagged_words()
    ranked = sorted(named, key=lambda word: (-weights.get(word, 0.0), word))
    return tuple(ranked[:limit])
