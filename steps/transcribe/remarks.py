"""What captions show and nobody says: sounds, music, who speaks. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from steps.formats.subtitles import Subtitle

BRACKETED = re.compile(r"\[[^\][]*\]|【[^【】]*】")
PARENTHESISED = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]")
SOUND_WORDS = 3
"""A remark in parentheses of at most this many words is a sound: (laughs), (upbeat music)."""
NOTES = re.compile(r"(?<![♩♪♫♬])[♩♪♫♬]+(?=\s|$)|(?<!\S)[♩♪♫♬]+|(?<!\S)#+(?=\s+[^\W\d]|\s*$)")
"""Musical notes; `#` is one where it stands alone, and no number follows."""
MARK = re.compile(r"^\s*(?:(?:>>|&gt;&gt;)[>\s]*|[-–—]\s+)")
"""`>>` or a dash: somebody else speaks."""
NAME = regex.compile(r"^\s*(\p{Lu}[\p{Lu}\p{M}0-9 .'’-]{1,30}):(?=\s|$)\s*")
"""`JOHN SMITH:` at the start of a line, which may also be speech: AND NO: ..."""
ROLES = frozenset(
    "ANCHOR ANNOUNCER AUDIENCE BOTH BOY CROWD GIRL HOST INTERVIEWER MAN MODERATOR NAR NARR NARRATOR"
    " PRESENTER REPORTER SPEAKER V.O. VO VOICEOVER WOMAN".split()
)
"""What captions call somebody without a name; a number may follow."""
_NUMBERED = re.compile(r"\s+\d+$")
RECURS = 2
LOWER_SHARE = 0.1
"""A file is all in capitals if less than this share of its cased letters is lower case."""


@dataclass(frozen=True)
class Names:
    """When a name in capitals and a colon before a line state who speaks.

    They do where a dash, `>>` or a voice tag is before them, or where the same name recurs. In a
    file that is all in capitals, both are needed. A role is no speech anywhere.

    Attributes:
        recurring: the names that stand before RECURS lines or more.
        capitals: whether the file is all in capitals.
    """

    recurring: frozenset[str]
    capitals: bool

    @classmethod
    def of(cls, subtitles: Sequence[Subtitle]) -> Names:
        """Those of a file."""
        lines = [_plain(line) for cue in subtitles for line in cue.texts]
        found = Counter(name[1] for line in lines if (name := NAME.match(MARK.sub("", line))))
        lower = sum(map(str.islower, "".join(lines)))
        cased = lower + sum(map(str.isupper, "".join(lines)))
        return cls(
            frozenset(name for name, count in found.items() if count >= RECURS),
            lower < LOWER_SHARE * cased,
        )

    def without(self, line: str, *, tagged: bool) -> str:
        """A line without its mark of a speaker, and without the name if it is one."""
        rest = MARK.sub("", line)
        name = NAME.match(rest)
        if not name:
            return rest
        marked, recurs = tagged or rest != line, name[1] in self.recurring
        is_name = (marked and recurs) if self.capitals else (marked or recurs)
        is_name |= _NUMBERED.sub("", name[1]) in ROLES
        return rest[name.end() :] if is_name else rest


def said(text: str, names: Names, *, tagged: bool = False) -> list[str]:
    """The words of a line of text without everything that nobody says.

    Args:
        text: one line.
        names: of its file.
        tagged: whether a voice tag is before it.
    """
    text = NOTES.sub(" ", _unsung(BRACKETED.sub(" ", _plain(text))))
    text = PARENTHESISED.sub(lambda found: _unless_sound(found[0]), text)
    words = names.without(text, tagged=tagged).split()
    return words if any(any(map(str.isalnum, word)) for word in words) else []


def visible_words(texts: Iterable[str]) -> list[list[str]]:
    """The words of each part of a line, as the file has them."""
    return [_plain(text).split() for text in texts]


def _plain(text: str) -> str:
    return text.replace("\u200b", "").replace("\N{NO-BREAK SPACE}", " ")


def _unsung(text: str) -> str:
    """A line without the `#` at both ends that mark it as sung."""
    line = text.strip()
    return line.strip("#") if line.startswith("#") and line.endswith("#") else text


def _unless_sound(remark: str) -> str:
    return " " if len(remark.split()) <= SOUND_WORDS else remark
