"""Transcript text made safe and joined for the screen. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

WORD_LIMIT = 80
"""Characters of one word that are kept; nothing spoken is longer, hostile text is."""

_JOINERS = {"\u200d", "\ufe0f", "\ufe0e", "\u20e3"}
_RIGHT_TO_LEFT = {"R", "AL"}
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


def clean(text: str) -> str:
    """A word as it may be shown: composed, on one line, no control or direction characters.

    Control (Cc), format (Cf: bidi overrides, zero-width characters), surrogate, private-use and
    unassigned characters go, line and paragraph separators become spaces, and at most `WORD_LIMIT`
    characters stay. Only the joiner inside emoji sequences is kept.
    """
    spaced = " ".join(text.split())
    kept = []
    for position, character in enumerate(spaced):
        joins = character == "\u200d" and _is_symbol(spaced[position - 1 : position])
        if joins or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn"):
            kept.append(character)
    composed = unicodedata.normalize("NFC", "".join(kept)).strip()
    return "".join(graphemes(composed)[:WORD_LIMIT])[: 2 * WORD_LIMIT].rstrip()


def graphemes(text: str) -> list[str]:
    """Characters with the marks that belong to them, so that no split tears them apart."""
    found: list[str] = []
    for character in text:
        follows = unicodedata.combining(character) or character in _JOINERS
        if found and (
            follows
            or unicodedata.category(character) in ("Mn", "Me", "Mc")
            or found[-1].endswith("\u200d")
        ):
            found[-1] += character
        else:
            found.append(character)
    return found


def is_spaceless(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces between words."""
    return any(low <= ord(character) <= high for low, high in _SPACELESS)


def is_right_to_left(text: str) -> bool:
    """Whether the first strongly directed character is Hebrew, Arabic or alike."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _RIGHT_TO_LEFT or direction == "L":
            return direction in _RIGHT_TO_LEFT
    return False


def separator(left: str, right: str) -> str:
    """What stands between two words: a space, or nothing inside a spaceless script."""
    if not left or not right:
        return ""
    return "" if is_spaceless(left[-1]) and is_spaceless(right[0]) else " "


def join(words: Iterable[str]) -> str:
    """Words as one line of text."""
    line = ""
    for word in words:
        line += separator(line, word) + word
    return line


def _is_symbol(character: str) -> bool:
    return bool(character) and (
        character in _JOINERS or unicodedata.category(character) in ("So", "Sk")
    )
