"""Words into cues: what is on screen, from when to when. Pure.

The rules, after the BBC's and Netflix's guides and what vertical video does: a cue appears with
its first word; it stays through short pauses, so that nothing flickers; a long silence clears the
screen; what is lit stays lit for a quarter of a second, if it has to by lighting short words
together.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from steps.caption.breaks import Fill, Limits, Token, split_cues
from steps.caption.states import LAG_MS, LEAD_MS, STATE_MS, lit
from steps.caption.syllables import syllables
from steps.caption.text import clean, is_joined
from steps.model.captions import Cue, CueWord
from steps.model.phrases import graphemes, is_spaceless, join, split_where
from steps.model.segments import segments
from steps.model.timing import Span
from steps.model.transcript import Word

RUN_PAUSE_MS = 700
"""A longer pause, or another speaker, always ends a cue."""

STAY_MS = 1000
"""A cue stays on screen until the next one through a pause of at most this."""

HOLD_MS = 500
"""Before a longer pause it leaves this long after its last word, so no gap is under 0.5 s."""

DASH = "–"
"""Before the first word of another speaker, as in printed dialogue."""

NEAR_CUT_MS = 250
"""A cue ends at a word that begins within this of a hard cut."""

EARLY_MS = 100
"""A cue that begins this little after a hard cut begins with it: three frames."""

HOLE_MS = 150
"""A shorter time without a caption between two cues flickers."""

_MARKS = ".,;:!?…"
_HYPHENS = re.compile(r"(?<=[-/–—_@.])(?=\w)")

SHRUNK_PERCENT = 155
"""A word that would fill up to this much of a line is drawn smaller; a wider one is split."""


def build_cues(
    words: Sequence[Word],
    clip: Span,
    limits: Limits,
    fill: Fill,
    cuts: Sequence[int] = (),
    *,
    language: str = "",
    dashes: bool = False,
) -> tuple[Cue, ...]:
    """The cues of one clip, on the source's clock.

    A word belongs to the clip that its middle is in; its time is cut off at the clip's edges.

    Args:
        words: of the source, in order.
        clip: the clip's span.
        limits: how much one cue holds.
        fill: how much of a line's width text takes at the style's size, in percent.
        cuts: when the picture changes at once, in order; cues end there where words allow it.
        language: of the words, by which those that are wider than a line are split.
        dashes: put a dash where another speaker begins.

    Returns:
        Cues in order, not overlapping, inside the clip; word states fill each without gaps, and
        words that are lit together have one time.
    """
    split: list[list[list[Token]]] = []
    first, last = (bisect_left(words, edge, key=_middle_ms) for edge in (clip.in_ms, clip.out_ms))
    ends = _ends_at_cuts(words[first:last], cuts)
    room = _Room(limits.characters_per_line, fill, language)
    speaker = ""
    for run in split_where(words[first:last], lambda *pair: _parts(*pair) or pair[1].in_ms in ends):
        tokens = [token for word in run for token in _tokens(word, clip, room)]
        if dashes and tokens and speaker and run[0].speaker != speaker:
            tokens[0] = replace(tokens[0], text=f"{DASH} {tokens[0].text}")
        speaker = run[0].speaker or speaker
        split += _paired(split_cues(tokens, limits, fill), limits, fill)
    flat = [[token for line in cue for token in line] for cue in split]
    due = [[max(clip.in_ms, token.in_ms - LEAD_MS) for token in cue] for cue in flat]
    starts = lit([_from_cuts(cue, cuts) for cue in due])
    cues: list[Cue] = []
    for place, cue in enumerate(split):
        following = starts[place + 1][0] if place + 1 < len(starts) else None
        built = _cue(cue, starts[place], following, clip, cuts)
        if built is not None:
            cues.append(built)
    return tuple(cues)


def _middle_ms(word: Word) -> int:
    return (word.in_ms + word.out_ms) // 2


def _parts(before: Word, after: Word) -> bool:
    return after.in_ms - before.out_ms > RUN_PAUSE_MS or after.speaker != before.speaker


def _ends_at_cuts(words: Sequence[Word], cuts: Sequence[int]) -> set[int]:
    """When the words begin before which a cue ends: the nearest to each cut, if it is near.

    A cut leaves no piece on either side that is too short to be read.
    """
    times = [word.in_ms for word in words]
    edges = [times[0], *cuts, words[-1].out_ms] if words else []
    found: set[int] = set()
    for place, cut in enumerate(cuts, start=1):
        after = bisect_left(times, cut)
        near = min(
            range(max(1, after - 1), min(len(times), after + 1)),
            key=lambda one: abs(times[one] - cut),
            default=None,
        )
        if near is None or abs(times[near] - cut) > NEAR_CUT_MS:
            continue
        room = times[near] - edges[place - 1], edges[place + 1] - times[near]
        if min(room) >= 2 * STATE_MS:
            found.add(times[near])
    return found


def _from_cuts(due: list[int], cuts: Sequence[int]) -> list[int]:
    """When the words of a cue are due: from the cut on, where the cue begins almost there."""
    cut = bisect_left(cuts, due[0] - EARLY_MS)
    if cut == len(cuts) or cuts[cut] > due[0] + LEAD_MS + LAG_MS:
        return due
    return [cuts[cut], *(max(time, cuts[cut]) for time in due[1:])]


@dataclass(frozen=True)
class _Room:
    """How much of a word a line holds, and the language by which a wider one is split."""

    characters: int
    fill: Fill
    language: str

    def holds(self, text: str, percent: int) -> bool:
        """Whether a text takes at most so much of a line."""
        return len(text) <= self.characters * percent // 100 and self.fill(text) <= percent


def _tokens(word: Word, clip: Span, room: _Room) -> list[Token]:
    """A word's text, in pieces where it has no spaces or is wider than a line, or nothing."""
    text, span = clean(word.text), word.clamp(clip)
    if not text:
        return []
    pieces = [piece for part in segments(text) for piece in _pieces(part, room)]
    total, done, tokens = sum(len(piece) for piece in pieces), 0, []
    for piece in pieces:
        start = span.in_ms + span.duration_ms * done // total
        done += len(piece)
        end = span.in_ms + span.duration_ms * done // total
        tokens.append(Token(piece, start, end, word.speaker))
    return tokens


def _pieces(text: str, room: _Room) -> list[str]:
    """A word as it is, or split: after hyphens and slashes where that is enough.

    Else one of letters, such as a German compound, is split between syllables and gets a hyphen
    there; where its language has no dictionary, and in other words, the split is anywhere. No part
    of a text without spaces begins with its full stop.
    """
    spaceless = any(is_spaceless(character) for character in text)
    widest = 100 if spaceless else SHRUNK_PERCENT
    hyphen = "-" if text.rstrip(_MARKS).isalpha() and not spaceless and not is_joined(text) else ""
    pieces = [""]
    for part in _HYPHENS.split(text):
        whole = room.holds(part, widest)
        tail = "" if whole else hyphen
        for chunk in [part] if whole else _chunks(part, tail, room, widest):
            joined = pieces[-1] + chunk
            hangs = spaceless and pieces[-1][-1:].isalnum() and not any(map(str.isalnum, chunk))
            if pieces[-1] and not hangs and not room.holds(joined + tail, widest):
                pieces[-1] += tail if any(map(str.isalpha, chunk)) else ""
                pieces.append("")
            pieces[-1] += chunk
    return pieces


def _chunks(text: str, hyphen: str, room: _Room, widest: int) -> list[str]:
    """What a word that is too wide is put together from again: syllables, else graphemes."""
    parts = [text]
    if hyphen:
        letters = text.rstrip(_MARKS)
        parts = syllables(letters, room.language)
        parts[-1] += text[len(letters) :]
    return [
        chunk
        for part in parts
        for chunk in ([part] if room.holds(part + hyphen, widest) else graphemes(part))
    ]


def _paired(cues: list[list[list[Token]]], limits: Limits, fill: Fill) -> list[list[list[Token]]]:
    """The cues of a style with one word at a time, short words together with the next one."""
    if limits.words_per_line * limits.lines > 1:
        return cues
    found: list[list[list[Token]]] = []
    for cue in cues:
        word = cue[0][0]
        if found and word.in_ms - found[-1][0][0].in_ms < STATE_MS:
            together = [*found[-1][0], word]
            if fill(join(token.text for token in together)) <= SHRUNK_PERCENT:
                found[-1] = [together]
                continue
        found.append(cue)
    return found


def _cue(
    lines: Sequence[Sequence[Token]],
    starts: Sequence[int],
    following: int | None,
    clip: Span,
    cuts: Sequence[int],
) -> Cue | None:
    """One cue; None when nothing of it is left inside the clip."""
    tokens = [(token, line) for line, part in enumerate(lines) for token in part]
    spoken = max(tokens[-1][0].out_ms, starts[-1] + STATE_MS)
    following = clip.out_ms if following is None else min(following, clip.out_ms)
    out = following if following - spoken <= STAY_MS else spoken + HOLD_MS
    cut = bisect_left(cuts, spoken)
    if cut < len(cuts) and cuts[cut] < out and following - cuts[cut] >= HOLE_MS:
        out = cuts[cut]
    shown = [
        (token, line, start)
        for (token, line), start in zip(tokens, starts, strict=True)
        if start < out
    ]
    if not shown:
        return None
    changes = [*sorted({start for _, _, start in shown}), out]
    words = tuple(
        CueWord(in_ms=start, out_ms=changes[changes.index(start) + 1], text=token.text, line=line)
        for token, line, start in shown
    )
    return Cue(in_ms=words[0].in_ms, out_ms=out, words=words, speaker=tokens[0][0].speaker)
