"""Keywords: the words that carry the subject, and their weights."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from steps.highlight.lexicon import stop_words, untagged_words
from steps.model.clips import MAX_TAG_CHARACTERS
from steps.model.phrases import bare_word, is_spaceless
from steps.model.segments import KANA, morphemes

LEAST_LETTERS = 3
"""Of a word that carries a subject; one fewer where a character is a syllable."""
_PARTICLES = "はがをにのでとへもやかなだしすさまよね"
_JAPANESE_NAMES = re.compile(
    rf"[\u3400-\u9fff]{{2,}}(?![\u3041-\u3096](?<![{_PARTICLES}]))|[\u30a1-\u30fa\u30fc]{{2,}}"
)
"""Japanese writes what carries a subject in kanji or katakana, and the rest in hiragana; a kanji
before hiragana that is no particle is the stem of an adjective or a verb."""


def content_words(text: str) -> list[str]:
    """The words that carry the subject, in lower case and order."""
    stop = stop_words()
    words = (one for word in text.split() for one in _parts(word))
    return [
        word
        for word in words
        if LEAST_LETTERS <= len(word) + is_spaceless(word[0]) <= MAX_TAG_CHARACTERS
        and word not in stop
        and not word.isdigit()
    ]


@lru_cache(maxsize=1 << 14)
def _parts(word: str) -> tuple[str, ...]:
    """A word without what is joined to it, in lower case; of a text without spaces its words."""
    if any(map(is_spaceless, word)):
        if KANA.search(word):
            return tuple(_JAPANESE_NAMES.findall(word))
        return tuple(part for one in morphemes(word) if (part := bare_word(one)))
    bare = bare_word(word)
    if "'" in bare and bare not in stop_words():
        bare = max(bare.split("'"), key=len)
    return (bare,) if bare else ()


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
