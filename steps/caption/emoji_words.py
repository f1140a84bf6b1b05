"""Emoji after key words, as the style's field `emoji` asks for: by word lists. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from steps.caption.breaks import Fill
from steps.model.captions import Cue, CueWord
from steps.model.phrases import bare_word, join

LISTS = Path(__file__).with_suffix(".toml")
APART_MS = 3000
"""Between the starts of two cues with an emoji: more of them distract."""
AGAIN_MS = 30_000
"""Before the same emoji comes again."""


@dataclass(frozen=True)
class EmojiWords:
    """The words of one language: whole ones, and beginnings that any ending may follow."""

    whole: dict[str, str]
    beginnings: dict[str, str]

    def after(self, text: str) -> str:
        """The emoji of a word, or empty."""
        word = bare_word(text)
        if word in self.whole:
            return self.whole[word]
        return next((one for key, one in self.beginnings.items() if word.startswith(key)), "")


@cache
def emoji_words(language: str) -> EmojiWords:
    """The words of a language (ISO 639-1); empty for one without a list."""
    lists = tomllib.loads(LISTS.read_text(encoding="utf-8")).get(language, {})
    found = [(word, emoji) for emoji, words in lists.items() for word in words.split()]
    return EmojiWords(
        {word: emoji for word, emoji in found if not word.endswith("*")},
        {word[:-1]: emoji for word, emoji in found if word.endswith("*")},
    )


def emoji_of(texts: Iterable[str], language: str) -> Iterator[str]:
    """The emoji that some words may get."""
    known = emoji_words(language)
    return filter(None, map(known.after, texts))


def decorated(
    cues: Sequence[Cue], language: str, fill: Fill, keywords: frozenset[str]
) -> tuple[Cue, ...]:
    """Cues with an emoji after a word: one in a cue, where its line has room for it.

    Args:
        cues: in order.
        language: of the words.
        fill: how much of a line's width a text takes, in percent.
        keywords: of the clip; one of them goes before another word.
    """
    known = emoji_words(language)
    latest: dict[str, int] = {}
    found = []
    for cue in cues:
        word, emoji = _chosen(cue, known, fill, keywords)
        soon = cue.in_ms - max(latest.values(), default=-APART_MS) < APART_MS
        again = emoji in latest and cue.in_ms - latest[emoji] < AGAIN_MS
        if word is None or soon or again:
            found.append(cue)
            continue
        latest[emoji] = cue.in_ms
        shown = word.model_copy(update={"text": f"{word.text} {emoji}"})
        words = tuple(shown if one is word else one for one in cue.words)
        found.append(cue.model_copy(update={"words": words}))
    return tuple(found)


def _chosen(
    cue: Cue, known: EmojiWords, fill: Fill, keywords: frozenset[str]
) -> tuple[CueWord | None, str]:
    """The word of a cue that gets an emoji, and which one."""
    fitting = [
        (word, emoji)
        for word in cue.words
        if not word.translated and (emoji := known.after(word.text))
        if fill(f"{join(one.text for one in cue.words if one.line == word.line)} {emoji}") <= 100
    ]
    key = [(word, emoji) for word, emoji in fitting if bare_word(word.text) in keywords]
    return next(iter([*key, *fitting]), (None, ""))
