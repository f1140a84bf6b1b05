"""Cues made plain: what is said, without markup, sound effects, names of speakers and repeats."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steps.transcribe.webvtt import Piece, RawCue

TAG = re.compile(r"</?[a-zA-Z][^<>]*>|\{\\[^{}]*\}")
"""WebVTT and HTML tags, and the override blocks of ASS that converters leave behind."""
BRACKETED = re.compile(r"\[[^\][]*\]|【[^】]*】")
PARENTHESISED = re.compile(r"[((][^()()]*[))]")
SOUND_WORDS = 3
"""A remark in parentheses of at most this many words is a sound: (laughs), (upbeat music)."""
NOTES = re.compile(r"[♩♪♫♬#]+(?=\s|$)|(?<!\S)[♩♪♫♬]+")
SPEAKER = re.compile(r"^\s*(?:>>+|[-–—]\s|&gt;&gt;)?\s*(?:[A-Z][A-Z0-9 .'’-]{1,30}:(?=\s|$))?\s*")
"""`>>`, a dash, `JOHN SMITH:` at the start of a line."""
ABUT_MS = 150
"""Cues this close follow each other without a gap."""
ROLLING_SHARE = 0.5
"""Captions roll when at least this share of the abutting cues repeat the line before them."""


@dataclass(frozen=True)
class Said:
    """A word, and when it starts where the file says so."""

    text: str
    in_ms: int | None = None


@dataclass(frozen=True)
class Cue:
    """One cue without what is not said: its time and its words, at least one."""

    in_ms: int
    out_ms: int
    words: tuple[Said, ...]


def cues(raw: Sequence[RawCue]) -> list[Cue]:
    """What the cues say, each word once."""
    plain = [(cue, [words for line in cue.lines if (words := _words(line))]) for cue in raw]
    plain = [(cue, lines) for cue, lines in plain if lines]
    rolling = _rolls(plain)
    found: list[Cue] = []
    shown: list[tuple[Said, ...]] = []
    shown_until = -ABUT_MS
    for cue, lines in plain:
        fresh = lines
        if rolling and cue.in_ms - shown_until < ABUT_MS:
            fresh = lines[_repeated(shown, lines) :]
        shown, shown_until = lines, cue.out_ms
        if fresh:
            words = tuple(word for line in fresh for word in line)
            found.append(Cue(cue.in_ms, cue.out_ms, words))
    return found


def _words(line: Sequence[Piece]) -> tuple[Said, ...]:
    """The words of a line; a piece's time belongs to its first word."""
    text = "".join(piece.text for piece in line)
    spoken = _spoken(text)
    if not spoken:
        return ()
    if all(piece.in_ms is None for piece in line):
        return tuple(Said(word) for word in spoken)
    timed = [
        Said(word, piece.in_ms if index == 0 else None)
        for piece in line
        for index, word in enumerate(_clean(piece.text).split())
    ]
    if [word.text for word in timed] == spoken:
        return tuple(timed)
    return tuple(Said(word) for word in spoken)


def _spoken(text: str) -> list[str]:
    """The words of a line of cue text, with all that is not said taken out."""
    text = NOTES.sub(" ", BRACKETED.sub(" ", _clean(text)))
    text = PARENTHESISED.sub(lambda found: _unless_sound(found[0]), text)
    words = SPEAKER.sub("", text).split()
    return words if any(any(map(str.isalnum, word)) for word in words) else []


def _clean(text: str) -> str:
    return html.unescape(TAG.sub("", text)).replace("\u200b", "").replace("\N{NO-BREAK SPACE}", " ")


def _unless_sound(remark: str) -> str:
    return " " if len(remark.split()) <= SOUND_WORDS else remark


def _rolls(plain: Sequence[tuple[RawCue, list[tuple[Said, ...]]]]) -> bool:
    """Whether the captions roll up, as YouTube's automatic ones do."""
    pairs = [
        (before[1], behind[1])
        for before, behind in pairwise(plain)
        if behind[0].in_ms - before[0].out_ms < ABUT_MS
    ]
    repeats = sum(_repeated(before, behind) > 0 for before, behind in pairs)
    return len(pairs) > 1 and repeats >= ROLLING_SHARE * len(pairs)


def _repeated(before: Sequence[tuple[Said, ...]], behind: Sequence[tuple[Said, ...]]) -> int:
    """How many of the first lines `behind` were the last lines `before`."""
    old, new = ([" ".join(word.text for word in line) for line in cue] for cue in (before, behind))
    most = min(len(old), len(new))
    return next((count for count in range(most, 0, -1) if old[-count:] == new[:count]), 0)
