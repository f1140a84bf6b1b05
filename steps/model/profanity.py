"""Swear words: found by word lists, and shown as their first letter and stars. Pure."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from steps.contract import Document
from steps.model.phrases import bare_word, graphemes
from steps.model.timing import Span
from steps.model.transcript import Word

LISTS = Path(__file__).with_name("profanity.toml")
STAR = "*"
SPACES = re.compile(r"(\s+)")
YO = {0x451: 0x435}
"""Russian writes one letter for another."""
DISGUISED = re.compile(r"(?<=[^\W\d_])[0134@$](?=[^\W\d_])")
"""A sign in place of a letter, between letters: "sh1t", but not the road "A34"."""
LETTERS = {"0": "o", "1": "i", "3": "e", "4": "a", "@": "a", "$": "s"}
FREE_TEXTS = frozenset(
    "title uploader hook text summary description hashtags keywords tags reason".split()
)
"""Fields of documents that strangers' words get into."""
D = TypeVar("D", bound=Document)
PAD_MS = 60
"""Sound is masked from so long before a word to so long after it: word times are 45 ms off."""


@dataclass(frozen=True)
class SwearWords:
    """The list of one language.

    Attributes:
        whole: words.
        beginnings: what any ending may follow.
        phrases: several words, by the first.
    """

    whole: frozenset[str]
    beginnings: tuple[str, ...]
    phrases: dict[str, tuple[tuple[str, ...], ...]]

    def found(self, words: Sequence[str]) -> set[int]:
        """The places of the words that are on the list, or part of a phrase that is."""
        bare = [_plain(word) for word in words]
        places: set[int] = set()
        for at, word in enumerate(bare):
            if word in self.whole or any(map(self._begins, word.split("-"))):
                places.add(at)
            for phrase in self.phrases.get(word, ()):
                if tuple(bare[at : at + len(phrase)]) == phrase:
                    places.update(range(at, at + len(phrase)))
        return places

    def _begins(self, part: str) -> bool:
        """Whether a word, or a part of a hyphenated one, begins as one of the list."""
        return bool(self.beginnings) and part.startswith(self.beginnings)


def _plain(word: str) -> str:
    return DISGUISED.sub(lambda sign: LETTERS[sign[0]], bare_word(word)).translate(YO)


@cache
def swear_words(language: str) -> SwearWords | None:
    """The list of a language (ISO 639-1), or None where there is none."""
    lists = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    if language not in lists:
        return None
    entries = shlex.split(lists[language].translate(YO))
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for entry in entries:
        if len(parts := tuple(entry.split())) > 1:
            phrases[parts[0]] = (*phrases.get(parts[0], ()), parts)
    single = [entry for entry in entries if " " not in entry]
    return SwearWords(
        frozenset(entry for entry in single if not entry.endswith(STAR)),
        tuple(entry[:-1] for entry in single if entry.endswith(STAR)),
        phrases,
    )


def starred(text: str) -> str:
    """A word with its first letter and a star for each other one; marks around it stay."""
    parts = graphemes(text)
    letters = [at for at, part in enumerate(parts) if any(map(str.isalnum, part))]
    return "".join(STAR if at in letters[1:] else part for at, part in enumerate(parts))


def masked(words: Sequence[Word], found: set[int]) -> tuple[Word, ...]:
    """Words with those at some places starred."""
    return tuple(
        word.model_copy(update={"text": starred(word.text)}) if at in found else word
        for at, word in enumerate(words)
    )


def masked_text(text: str, *languages: str) -> str:
    """A text with the swear words of these languages starred.

    A hashtag is a word too.
    """
    pieces = SPACES.split(text)
    words = pieces[::2]
    found: set[int] = set()
    for known in filter(None, map(swear_words, languages)):
        found |= known.found([word.lstrip("#") for word in words])
    for at in found:
        pieces[2 * at] = starred(words[at])
    return "".join(pieces)


def masked_document(document: D, languages: Collection[str]) -> D:
    """A document with the swear words of these languages starred in all its free texts."""
    if not any(map(swear_words, languages)):
        return document

    def walk(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: walk(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [walk(one, name) for one in value]
        is_text = isinstance(value, str) and name in FREE_TEXTS
        return masked_text(value, *languages) if is_text else value

    return type(document).model_validate(walk(document.model_dump(mode="json")))


def to_silence(words: Sequence[Word], found: set[int], clip: Span) -> tuple[Span, ...]:
    """The times in a clip in which a swear word is heard, a little wider, one for each word."""
    spans = []
    for at in sorted(found):
        wide = Span(in_ms=max(0, words[at].in_ms - PAD_MS), out_ms=words[at].out_ms + PAD_MS)
        span = wide.clamp(clip)
        if span.duration_ms and span.in_ms < clip.out_ms and span.out_ms > clip.in_ms:
            spans.append(span)
    return tuple(spans)
