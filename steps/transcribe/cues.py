"""Captions as speech: their words without sound effects, names of speakers and repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from steps.formats.subtitles import Subtitle, TimedText
from steps.transcribe.remarks import Names, said, visible_words

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
    names = Names.of(subtitles)
    spoken = [(cue, _lines(cue, names)) for cue in simultaneous(subtitles)]
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


def simultaneous(subtitles: Sequence[Subtitle]) -> list[Subtitle]:
    """The cues, in order; those of one time are the lines of one, in the file's order.

    A cue that shows what another one shows in the same time is a copy for its looks (a shadow, a
    glow) and is left out.
    """
    different: list[Subtitle] = []
    shown: dict[str, Subtitle] = {}
    for cue in subtitles:
        text = " ".join(" ".join(cue.texts).split())
        before = shown.get(text)
        if before is None or not _covers(before, cue):
            different.append(cue)
            shown[text] = cue
    return [
        replace(
            cues[0],
            lines=tuple(line for cue in cues for line in cue.lines),
            speaker=next((cue.speaker for cue in cues if cue.speaker), ""),
        )
        for _, group in groupby(different, key=lambda cue: (cue.in_ms, cue.out_ms))
        for cues in [list(group)]
    ]


def _covers(before: Subtitle, cue: Subtitle) -> bool:
    """Whether two cues share most of the time of the shorter one."""
    shared_ms = min(before.out_ms, cue.out_ms) - max(before.in_ms, cue.in_ms)
    shorter_ms = min(before.out_ms - before.in_ms, cue.out_ms - cue.in_ms)
    return 2 * shared_ms > shorter_ms


def within(cues: Sequence[SpokenCue], duration_ms: int) -> list[SpokenCue]:
    """The cues that start before the source ends, cut at its end."""
    return [
        SpokenCue(cue.in_ms, min(cue.out_ms, duration_ms), cue.words)
        for cue in cues
        if cue.in_ms < duration_ms
    ]


def _lines(cue: Subtitle, names: Names) -> list[Words]:
    tagged = bool(cue.speaker)
    return [words for line in cue.lines if (words := _words(line, names, tagged))]


def _words(line: Sequence[TimedText], names: Names, tagged: bool) -> Words:
    """The words of a line; the time of a part belongs to its first word."""
    spoken = said("".join(part.text for part in line), names, tagged=tagged)
    if not spoken:
        return ()
    if all(part.in_ms is None for part in line):
        return tuple(TimedText(word) for word in spoken)
    timed = [
        TimedText(word, part.in_ms if index == 0 else None)
        for part, words in zip(line, visible_words(part.text for part in line), strict=True)
        for index, word in enumerate(words)
    ]
    if [word.text for word in timed] == spoken:
        return tuple(timed)
    return tuple(TimedText(word) for word in spoken)


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
