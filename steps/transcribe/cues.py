"""Captions as speech: their words without sound effects, names of speakers and repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from steps.formats.subtitles import Subtitle, TimedText

BRACKETED = re.compile(r"\[[^\][]*\]|【[^【】]*】")
PARENTHESISED = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]")
SOUND_WORDS = 3
"""A remark in parentheses of at most this many words is a sound: (laughs), (upbeat music)."""
NOTES = re.compile(r"(?<![♩♪♫♬#])[♩♪♫♬#]+(?=\s|$)|(?<!\S)[♩♪♫♬]+")
SPEAKER = re.compile(r"^\s*(?:>>+|[-–—]\s|&gt;&gt;)?\s*(?:[A-Z][A-Z0-9 .'’-]{1,30}:(?=\s|$))?\s*")
"""`>>`, a dash, `JOHN SMITH:` at the start of a line."""
ABUT_MS = 150
"""Cues this close follow each other without a gap."""
ROLLING_SHARE = 0.5
"""Captions roll when at least this share of the abutting cues repeat the line before them."""

Words = tuple[TimedText, ...]


@dataclass(frozen=True)
class SpokenCue:
    """The speech of one cue: its time, and its words, at least one."""

    in_ms: int
    out_ms: int
    words: Words


def spoken_cues(subtitles: Sequence[Subtitle]) -> list[SpokenCue]:
    """The speech of each cue that has any; a line that captions repeat as they roll counts once."""
    spoken = [(cue, [words for line in cue.lines if (words := _words(line))]) for cue in subtitles]
    spoken = [(cue, lines) for cue, lines in spoken if lines]
    rolling = _rolls(spoken)
    found: list[SpokenCue] = []
    shown: list[Words] = []
    shown_until = -ABUT_MS
    for cue, lines in spoken:
        fresh = lines
        if rolling and cue.in_ms - shown_until < ABUT_MS:
            fresh = lines[_repeated(shown, lines) :]
        shown, shown_until = lines, cue.out_ms
        if fresh:
            words = tuple(word for line in fresh for word in line)
            found.append(SpokenCue(cue.in_ms, cue.out_ms, words))
    return found


def within(cues: Sequence[SpokenCue], duration_ms: int) -> list[SpokenCue]:
    """The cues that start before the source ends, cut at its end."""
    return [
        SpokenCue(cue.in_ms, min(cue.out_ms, duration_ms), cue.words)
        for cue in cues
        if cue.in_ms < duration_ms
    ]


def _words(line: Sequence[TimedText]) -> Words:
    """The words of a line; the time of a part belongs to its first word."""
    spoken = _spoken("".join(part.text for part in line))
    if not spoken:
        return ()
    if all(part.in_ms is None for part in line):
        return tuple(TimedText(word) for word in spoken)
    timed = [
        TimedText(word, part.in_ms if index == 0 else None)
        for part in line
        for index, word in enumerate(_visible(part.text).split())
    ]
    if [word.text for word in timed] == spoken:
        return tuple(timed)
    return tuple(TimedText(word) for word in spoken)


def _spoken(text: str) -> list[str]:
    """The words of a line of text without everything that nobody says."""
    text = NOTES.sub(" ", BRACKETED.sub(" ", _visible(text)))
    text = PARENTHESISED.sub(lambda found: _unless_sound(found[0]), text)
    words = SPEAKER.sub("", text).split()
    return words if any(any(map(str.isalnum, word)) for word in words) else []


def _visible(text: str) -> str:
    return text.replace("\u200b", "").replace("\N{NO-BREAK SPACE}", " ")


def _unless_sound(remark: str) -> str:
    return " " if len(remark.split()) <= SOUND_WORDS else remark


def _rolls(spoken: Sequence[tuple[Subtitle, list[Words]]]) -> bool:
    """Whether the captions roll up, as YouTube's automatic ones do."""
    pairs = [
        (before[1], after[1])
        for before, after in pairwise(spoken)
        if after[0].in_ms - before[0].out_ms < ABUT_MS
    ]
    repeats = sum(_repeated(before, after) > 0 for before, after in pairs)
    return len(pairs) > 1 and repeats >= ROLLING_SHARE * len(pairs)


def _repeated(before: Sequence[Words], after: Sequence[Words]) -> int:
    """How many of the first lines of `after` were the last lines of `before`.

    In linear time, by the prefix function of Knuth, Morris and Pratt over both.
    """
    old, new = ([" ".join(word.text for word in line) for line in cue] for cue in (before, after))
    joined = [*new, None, *old]
    borders = [0] * len(joined)
    for at in range(1, len(joined)):
        length = borders[at - 1]
        while length and joined[at] != joined[length]:
            length = borders[length - 1]
        borders[at] = length + (joined[at] == joined[length])
    return borders[-1] if old else 0
