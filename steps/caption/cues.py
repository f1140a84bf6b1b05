"""Words into cues: what is on screen, from when to when. Pure.

The rules, after the BBC's and Netflix's guides and what vertical video does: nothing is shown
before it is spoken; a cue stays through short pauses, so that nothing flickers; a long silence
clears the screen; each word has a quarter of a second where speech leaves it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from steps.caption.breaks import Fill, Limits, Token, split_cues
from steps.caption.text import clean, graphemes
from steps.model.captions import Cue, CueWord
from steps.model.phrases import is_spaceless, split_where
from steps.model.timing import Span
from steps.model.transcript import Word

RUN_PAUSE_MS = 700
"""A longer pause, or another speaker, always ends a cue."""

STAY_MS = 1000
"""A cue stays on screen until the next one through a pause of at most this."""

HOLD_MS = 500
"""Before a longer pause it leaves this long after its last word, so no gap is under 0.5 s."""

WORD_STATE_MS = 250
"""A word is lit at least this long ..."""

LAG_MS = 120
"""... as long as the next one is then lit at most this after it is spoken."""

_LEAST_STATE_MS = 10
_HYPHENS = re.compile(r"(?<=[-/–—_@.])(?=\w)")

SHRUNK_PERCENT = 155
"""A word that would fill up to this much of a line is drawn smaller; a wider one is split."""


def build_cues(words: Sequence[Word], clip: Span, limits: Limits, fill: Fill) -> tuple[Cue, ...]:
    """The cues of one clip, on the source's clock.

    A word belongs to the clip that its middle is in; its time is cut off at the clip's edges.

    Args:
        words: of the source, in order.
        clip: the clip's span.
        limits: how much one cue holds.
        fill: how much of a line's width text takes at the style's size, in percent.

    Returns:
        Cues in order, not overlapping, inside the clip; word states fill each without gaps.
    """
    split: list[list[list[Token]]] = []
    first, last = (bisect_left(words, edge, key=_middle_ms) for edge in (clip.in_ms, clip.out_ms))
    for run in split_where(words[first:last], _parts):
        tokens = [token for word in run for token in _tokens(word, clip, limits, fill)]
        split += split_cues(tokens, limits, fill)
    flat = [token for cue in split for line in cue for token in line]
    starts = _starts(flat)
    cues: list[Cue] = []
    place = 0
    for cue in split:
        count = sum(len(line) for line in cue)
        following = starts[place + count] if place + count < len(starts) else None
        own = starts[place : place + count]
        place += count
        built = _cue(cue, own, following, clip)
        if built is not None:
            cues.append(built)
    return tuple(cues)


def _middle_ms(word: Word) -> int:
    return (word.in_ms + word.out_ms) // 2


def _parts(before: Word, after: Word) -> bool:
    return after.in_ms - before.out_ms > RUN_PAUSE_MS or after.speaker != before.speaker


def _tokens(word: Word, clip: Span, limits: Limits, fill: Fill) -> list[Token]:
    """A word's text, in pieces where it is wider than a line; nothing if nothing is left."""
    text, span = clean(word.text), word.clamp(clip)
    if not text:
        return []
    pieces = _pieces(text, limits, fill)
    total, done, tokens = sum(len(piece) for piece in pieces), 0, []
    for piece in pieces:
        start = span.in_ms + span.duration_ms * done // total
        done += len(piece)
        end = span.in_ms + span.duration_ms * done // total
        tokens.append(Token(piece, start, end, word.speaker))
    return tokens


def _pieces(text: str, limits: Limits, fill: Fill) -> list[str]:
    """A word as it is, or split: after hyphens and slashes where that is enough, else anywhere."""
    spaceless = any(is_spaceless(character) for character in text)
    widest = 100 if spaceless else SHRUNK_PERCENT
    longest = limits.characters_per_line * widest // 100
    pieces = [""]
    for part in _HYPHENS.split(text):
        whole = len(part) <= longest and fill(part) <= widest
        for chunk in [part] if whole else graphemes(part):
            joined = pieces[-1] + chunk
            if pieces[-1] and (len(joined) > longest or fill(joined) > widest):
                pieces.append("")
            pieces[-1] += chunk
    return pieces


def _starts(tokens: Sequence[Token]) -> list[int]:
    """When each word is lit: as it is spoken, or a little later when the one before needs time."""
    starts: list[int] = []
    for token in tokens:
        start = token.in_ms
        if starts:
            wanted = min(starts[-1] + WORD_STATE_MS, token.in_ms + LAG_MS)
            start = max(start, wanted, starts[-1] + _LEAST_STATE_MS)
        starts.append(start)
    return starts


def _cue(
    lines: Sequence[Sequence[Token]], starts: Sequence[int], following: int | None, clip: Span
) -> Cue | None:
    """One cue; None when nothing of it is left inside the clip."""
    tokens = [(token, line) for line, part in enumerate(lines) for token in part]
    spoken = max(tokens[-1][0].out_ms, starts[-1] + WORD_STATE_MS)
    following = clip.out_ms if following is None else min(following, clip.out_ms)
    out = following if following - spoken <= STAY_MS else spoken + HOLD_MS
    shown = [
        (token, line, start)
        for (token, line), start in zip(tokens, starts, strict=True)
        if start < out
    ]
    if not shown:
        return None
    ends = [start for _, _, start in shown[1:]] + [out]
    words = tuple(
        CueWord(in_ms=start, out_ms=end, text=token.text, line=line)
        for (token, line, start), end in zip(shown, ends, strict=True)
    )
    return Cue(in_ms=words[0].in_ms, out_ms=out, words=words, speaker=tokens[0][0].speaker)
