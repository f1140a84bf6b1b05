"""Which language a text is written in, by py3langid (https://github.com/adbar/py3langid)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from steps.model.languages import KNOWN

TRUSTED = 0.8
"""Least probability to believe: two short sentences in their right encoding have 0.86 and more."""
LETTERS = 40
"""With fewer letters a text is too short to say; a Chinese or Korean letter counts as four."""
RELATIVES = (frozenset({"bs", "hr", "sr"}), frozenset({"da", "no"}), frozenset({"id", "ms"}))
"""Languages so near to each other that a detector mixes them up."""
SAMPLE_CHARACTERS = 20_000
_UNSPOKEN = re.compile(r"<[^<>]{0,200}>|\{[^{}]{0,200}\}|[\d\W_]+")


def language_of(text: str, expected: str = "") -> str:
    """The language of a text (ISO 639-1), or empty: too short, or not sure.

    Args:
        text: its markup, numbers and marks are ignored.
        expected: a language that somebody stated: it, or one that is mixed up with it, only has to
            be the likeliest.
    """
    spoken = _UNSPOKEN.sub(" ", text[:SAMPLE_CHARACTERS])
    letters = sum(4 if ord(character) > 0x2E80 else 1 for character in spoken if character != " ")
    if letters < LETTERS and not (expected and letters):
        return ""
    language, probability = _identifier().classify(spoken)
    if any({language, expected} <= group for group in ({expected}, *RELATIVES)):
        return expected
    return str(language) if probability >= TRUSTED else ""


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(list(KNOWN))
    return found
