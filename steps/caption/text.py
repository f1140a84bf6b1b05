"""Transcript text made safe for the screen. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import regex

from steps.model.phrases import graphemes, is_spaceless
from steps.model.transcript import MAX_WORD_CHARACTERS

WORD_LIMIT = 80
"""Characters of one word that are kept; nothing spoken is longer, hostile text is."""
PHRASE_LIMIT = MAX_WORD_CHARACTERS
"""Of one without spaces in a script that has none, which may be all that a cue says."""
CODE_POINTS = 2
"""Code points that are kept for each of them: a character may carry any number of marks."""

_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3")
_ZERO_WIDTH_JOINER = "\u200d"
JOINERS = frozenset({"\u200c", _ZERO_WIDTH_JOINER})
"""Invisible; between letters that join they decide about it: Persian "می\u200cرود"."""
DOTTED = ("tr", "az")
"""Languages whose i keeps its dot as a capital."""
_GREEK = regex.compile(r"\p{Greek}")
_TONOS = "\u0301"
_JOINED = ((0x0590, 0x109F), (0x1780, 0x17FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
"""From Hebrew to Burmese, with Arabic and the scripts of India; Khmer; forms of Arabic."""
_JOINERS = frozenset({_ZERO_WIDTH_JOINER, "\ufe0f", "\ufe0e", "\u20e3"})
_FLAG = "\U0001f3f4"
"""A black flag; tags after it make it that of a region, such as Scotland."""
_TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
RIGHT_TO_LEFT_MARK = "\u200f"
"""Invisible; a line that begins with it runs from right to left whatever its first word is."""
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def clean(text: str) -> str:
    """A word as it may be shown: composed, on one line, no control or direction characters.

    Control (Cc), format (Cf: bidi overrides, zero-width characters), surrogate, private-use and
    unassigned characters are removed, every run of white space becomes one space, and at most
    `WORD_LIMIT` characters stay, in scripts without spaces `PHRASE_LIMIT`. Of the format
    characters only those inside emoji and after letters that join are kept. Cleaning clean text
    changes nothing.
    """
    kept: list[str] = []
    for character in text:
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character) not in _HIDDEN or (
            kept and _joins(kept[-1], character)
        ):
            kept.append(character)
    composed = unicodedata.normalize("NFC", " ".join("".join(kept).split()))
    return _cut(composed).rstrip()


def is_emoji(grapheme: str) -> bool:
    """Whether a character is drawn as one emoji, whatever it is composed of."""
    return _EMOJI.search(grapheme) is not None


def capitals(text: str, language: str = "") -> str:
    """A text in capitals as its language writes them.

    Turkish and Azerbaijani have an i with a dot and one without; Greek capitals have no accent.
    """
    if language in DOTTED:
        text = text.replace("i", "İ")
    upper = text.upper()
    if not _GREEK.search(upper):
        return upper
    return "".join(
        unicodedata.normalize("NFC", unicodedata.normalize("NFD", one).replace(_TONOS, ""))
        if _GREEK.match(one)
        else one
        for one in upper
    )


def is_joined(text: str) -> bool:
    """Whether letters of a text are joined or carry marks, so that no space may part them."""
    return any(low <= ord(one) <= high for one in text for low, high in _JOINED)


def is_right_to_left(text: str) -> bool:
    """Whether the first strongly directed character is of a script written from right to left."""
    return _direction(text) == "R"


def runs_right_to_left(words: Sequence[str]) -> bool:
    """Whether a cue does: as most of its words do; of as many of both, as the first does."""
    directions = [one for one in map(_direction, words) if one]
    count = directions.count("R")
    return 2 * count > len(directions) or (2 * count == len(directions) and directions[:1] == ["R"])


def direction_mark(line: str, *, mirrored: bool) -> str:
    """What makes a mirrored line run from right to left whose first word does not."""
    return RIGHT_TO_LEFT_MARK if mirrored and not is_right_to_left(line) else ""


def _direction(text: str) -> str:
    """R or L, as the first strongly directed character is; empty where there is none."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _RIGHT_TO_LEFT or direction == "L":
            return "L" if direction == "L" else "R"
    return ""


def _cut(text: str) -> str:
    """As many whole characters as the limits allow; the first is cut if it is too long."""
    if len(text) <= WORD_LIMIT:
        return text
    most = PHRASE_LIMIT if any(map(is_spaceless, text[:WORD_LIMIT])) else WORD_LIMIT
    count = length = 0
    whole = graphemes(text[: 2 * CODE_POINTS * most])
    for grapheme in whole[:most]:
        if length + len(grapheme) > CODE_POINTS * most:
            break
        count, length = count + 1, length + len(grapheme)
    return text[: length if count else CODE_POINTS * most]


def _joins(before: str, character: str) -> bool:
    """Whether a format character joins what is around it, or makes one emoji of it."""
    if character in JOINERS and is_joined(before):
        return True
    if character == _ZERO_WIDTH_JOINER:
        return _is_symbol(before)
    return character in _TAGS and (before == _FLAG or before in _TAGS)


def _is_symbol(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) in ("So", "Sk")
