"""The word lists of a language: how sentences begin, what carries meaning, what is counted."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from steps.model.phrases import bare_word, ends_clause, ends_sentence

LISTS = Path(__file__).with_name("words.toml")
CONTRACTED = ("'s", "'re", "'ve", "'ll", "'d", "'m", "n't")
"""English verbs that are joined to the word before them."""
REGULAR_LETTERS = 5
"""A shorter word is no regular verb for its ending: "red", "need"."""
PROMISE_WORDS = 5
"""The words at a sentence's end in which it says how many things it will tell."""
PHRASE_WORDS = 3
"""The most words of an entry whose words are joined by `_`."""
SCRAP_WORDS = 3
"""A sentence of at most this many words, none of them a verb, says nothing by itself."""


@dataclass(frozen=True)
class Lexicon:
    """Word lists in lower case, as words.toml describes them; empty where a language has none."""

    connectives: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    demonstratives: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    announcers: frozenset[str] = frozenset()
    promised: frozenset[str] = frozenset()
    indefinites: frozenset[str] = frozenset()
    courtesies: frozenset[str] = frozenset()
    guests: frozenset[str] = frozenset()
    pitch: frozenset[str] = frozenset()
    sponsor: frozenset[str] = frozenset()
    replies: frozenset[str] = frozenset()
    saying: frozenset[str] = frozenset()
    subordinators: frozenset[str] = frozenset()
    inverting: frozenset[str] = frozenset()
    verb_last: frozenset[str] = frozenset()
    fillers: frozenset[str] = frozenset()
    hesitations: frozenset[str] = frozenset()
    asides: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    verb_endings: frozenset[str] = frozenset()
    capitals: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    starters: frozenset[str] = frozenset()
    stop: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    second: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    contrast: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    hedges: frozenset[str] = frozenset()
    extremes: frozenset[str] = frozenset()
    emotion: frozenset[str] = frozenset()

    def is_connective(self, word: str) -> bool:
        """Whether a sentence that begins with this word goes on from the one before it."""
        return bare_word(word) in self.connectives

    def is_verb(self, word: str) -> bool:
        """Whether a word is a frequent finite verb, looks like one, or has one joined to it."""
        bare = bare_word(word)
        regular = len(bare) >= REGULAR_LETTERS and bare.endswith(tuple(self.verb_endings))
        return bare in self.verbs or regular or bare.endswith(CONTRACTED)

    def leans_back(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words needs the one before it.

        It begins with a connective, with a pronoun, with a reply ("Yes, …"), or with a
        demonstrative before a verb; or it is a scrap such as "Twice.".
        """
        opening = bare_word(words[0])
        if opening in self.connectives or opening in self.pronouns:
            return True
        if opening in self.replies and (ends_clause(words[0]) or ends_sentence(words[0])):
            return True
        head = opening.partition("'")[0]
        if head in self.demonstratives:
            return head != opening or (len(words) > 1 and self.is_verb(words[1]))
        return self.is_scrap(words)

    def asks(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words, which has no mark at its end, is a question.

        A question word comes first and the verb after it: "why do we sleep", not "what we know".
        """
        return bare_word(words[0]) in self.asking and len(words) > 1 and self.is_verb(words[1])

    def is_scrap(self, words: Sequence[str]) -> bool:
        """Whether a sentence has no verb and so few words that it says nothing by itself.

        One word is a verb only where the list has it: "Listen.", but not "Uncovered.".
        """
        if not self.verbs or len(words) > SCRAP_WORDS:
            return False
        if len(words) == 1:
            return bare_word(words[0]) not in self.verbs
        return not any(self.is_verb(word) for word in words)

    def is_saying(self, word: str) -> bool:
        """Whether a word reports what somebody said."""
        return bare_word(word) in self.saying

    def reports(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words begins with who said it: "And the house goes,"."""
        opening = [word for word in words[: SCRAP_WORDS + 1] if not self.is_connective(word)]
        return any(map(self.is_saying, opening[:SCRAP_WORDS]))

    def announces(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words opens a subject: "First", "And the third answer"."""
        opening = [word for word in words[:SCRAP_WORDS] if not self.is_connective(word)]
        if opening[1:] and bare_word(opening[0]) in self.articles:
            del opening[0]
        return bool(opening) and bare_word(opening[0]) in self.announcers

    def greets(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words greets, thanks or says goodbye."""
        return not self.courtesies.isdisjoint(runs_of(words[:PHRASE_WORDS], first=True))

    def introduces(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words presents a guest, or thanks for coming."""
        return not self.guests.isdisjoint(runs_of(words))

    def pitches(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words asks for subscribers or speaks for a sponsor."""
        runs = runs_of(words)
        return not (self.pitch.isdisjoint(runs) and self.sponsor.isdisjoint(runs))

    def sponsors(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words speaks for a sponsor."""
        return not self.sponsor.isdisjoint(runs_of(words))

    def promises(self, words: Sequence[str]) -> bool:
        """Whether a sentence with these words ends on what the next one tells: "one thing"."""
        *before, last = (bare_word(word) for word in words[-PROMISE_WORDS:])
        indefinite = not self.indefinites.isdisjoint(before)
        return last in self.promised and indefinite and not self.leans_back(words)

    def nameless(self, words: Sequence[str]) -> bool:
        """Whether a pronoun comes before any word that it could stand for: "I shouted at him"."""
        for at, word in enumerate(words):
            following = words[at + 1 : at + 2]
            points = bare_word(word) in self.demonstratives and (
                not following or self.is_verb(following[0])
            )
            if points or bare_word(word) in self.pronouns:
                return True
            if self.names(word):
                return False
        return False

    def names(self, word: str) -> bool:
        """Whether a word names a thing or a person, as far as the lists tell."""
        bare = bare_word(word)
        if self.capitals and word == word.lower():
            return False
        return len(bare) > 2 and bare not in stop_words() and not self.is_verb(word)


def runs_of(words: Sequence[str], *, first: bool = False) -> set[str]:
    """The words and their short runs as the lists write them; those at the start if `first`."""
    bare = [bare_word(word) for word in words]
    starts = [0] if first else range(len(bare))
    return {
        "_".join(bare[at : at + size])
        for at in starts
        for size in range(1, PHRASE_WORDS + 1)
        if at + size <= len(bare)
    }


@cache
def lexicon_of(language: str) -> Lexicon:
    """The lists of a language (ISO 639-1)."""
    found = _lists().get(language, {})
    names = [one.name for one in fields(Lexicon)]
    return Lexicon(**{name: frozenset(found.get(name, "").split()) for name in names})


@cache
def stop_words() -> frozenset[str]:
    """The words that carry no subject, of all languages."""
    return frozenset(word for lists in _lists().values() for word in lists["stop"].split())


@cache
def untagged_words() -> frozenset[str]:
    """The words that make no tag, of all languages."""
    return frozenset(
        word for lists in _lists().values() for word in lists.get("untagged", "").split()
    )


@cache
def _lists() -> dict[str, dict[str, str]]:
    return tomllib.loads(LISTS.read_text(encoding="utf-8"))
