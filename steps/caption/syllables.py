"""Where a word that is wider than a line may be split, by LibreOffice's dictionaries. Pure.

pyphen (https://pyphen.org) carries the dictionaries of some forty languages. German's takes half a
second to read, so it is read when the first word needs it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

LEAST_LETTERS = 2
"""Of a part: dictionaries part single letters of some compounds."""


def syllables(word: str, language: str) -> list[str]:
    """The parts of a word between which a hyphen may stand; the whole word where none is known.

    Args:
        word: of letters.
        language: ISO 639-1.
    """
    dictionary = _dictionary(language)
    if dictionary is None:
        return [word]
    cuts = [0]
    for cut in dictionary.positions(word):  # `data`: where the spelling would change too
        if cut.data is None and cut - cuts[-1] >= LEAST_LETTERS:
            cuts.append(int(cut))
    return [word[start:end] for start, end in pairwise([*cuts, len(word)])]


@cache
def _dictionary(language: str) -> Any:
    import pyphen

    name = pyphen.language_fallback(language)
    return pyphen.Pyphen(lang=name, left=LEAST_LETTERS, right=LEAST_LETTERS) if name else None
