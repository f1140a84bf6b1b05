"""How words make sentences, phrases and lines of text: the rules that all stages share. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

import regex

T = TypeVar("T")

SENTENCE_ENDS = (*".!?…", *"。！？｡", *"؟۔", *"।॥", "։", "။", "។")  # noqa: RUF001
"""Also of Chinese and Japanese, Arabic and Urdu, Hindi, Armenian, Burmese, Khmer."""
CLAUSE_ENDS = (*",;:—–", *"、，；：", *"،؛")  # noqa: RUF001
CLOSERS = "\"'”’“‘»«›‹)]}」』）】》〉"  # noqa: RUF001
"""Marks that may follow the full stop or the comma that they enclose; German closes with “."""
EDGES = "".join((*SENTENCE_ENDS, *CLAUSE_ENDS, CLOSERS, "([{-¿¡„‚「『（【《〈"))  # noqa: RUF001
"""Punctuation around a word."""
ABBREVIATIONS = frozenset(
    "mr. mrs. ms. dr. prof. st. vs. etc. e.g. i.e. no. jr. sr. inc. ltd. u.s. u.k.".split()
)
"""Words that end in a full stop inside a sentence."""

_GRAPHEME = regex.compile(r"\X")
_SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x30FF),  # CJK radicals and punctuation, kana
    (0x3400, 0x4DBF),  # CJK extension A
    (0x4E00, 0x9FFF),  # CJK
    (0xF900, 0xFAFF),  # CJK compatibility
    (0xFF00, 0xFFEF),  # full-width forms
    (0x20000, 0x323AF),  # CJK extensions B and later
)


def ends_sentence(word: str) -> bool:
    """Whether a word closes a sentence by its punctuation; an abbreviation does not."""
    text = word.rstrip(CLOSERS)
    return text.endswith(SENTENCE_ENDS) and text.lower() not in ABBREVIATIONS


def ends_clause(word: str) -> bool:
    """Whether a word closes a part of a sentence: it ends in a comma, a colon or a dash."""
    return word.rstrip(CLOSERS).endswith(CLAUSE_ENDS)


def graphemes(text: str) -> list[str]:
    """The characters that a reader sees (extended grapheme clusters, UAX 29), in order."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


def bare_word(text: str) -> str:
    """A word in lower case without the punctuation around it; empty where it has nothing else."""
    return text.strip(EDGES).lower().replace("’", "'")


def key_words(tags: Iterable[str]) -> frozenset[str]:
    """The words of a clip's tags, which captions emphasise."""
    return frozenset(filter(None, (bare_word(word) for tag in tags for word in tag.split())))


def split_where(items: Sequence[T], parts: Callable[[T, T], bool]) -> list[list[T]]:
    """Split a sequence between every two neighbours for which `parts(before, after)` is true."""
    runs: list[list[T]] = []
    for item in items:
        if not runs or parts(runs[-1][-1], item):
            runs.append([])
        runs[-1].append(item)
    return runs


@lru_cache(maxsize=1 << 14)
def is_spaceless(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces between words."""
    code = ord(character)
    return code >= _SPACELESS[0][0] and any(low <= code <= high for low, high in _SPACELESS)


def separator(left: str, right: str) -> str:
    """The text between two words: a space, or nothing inside a spaceless script.

    The letters decide, not the quotes or brackets around them.
    """
    if not left or not right:
        return ""
    before = next(filter(str.isalnum, reversed(left)), left[-1])
    after = next(filter(str.isalnum, right), right[0])
    return "" if is_spaceless(before) and is_spaceless(after) else " "


def join(words: Iterable[str]) -> str:
    """Words as one line of text."""
    line = before = ""
    for word in words:
        line += separator(before, word) + word
        before = word or before
    return line
