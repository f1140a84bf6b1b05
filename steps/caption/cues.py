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
from dataclasses import replace

from steps.caption.breaks import Fill, Limits, Token, split_cues
from steps.caption.segments import segments
from steps.caption.states import LEAD_MS, STATE_MS, lit
from steps.caption.text import clean, graphemes
from steps.model.captions import Cue, CueWord
from steps.model.phrases import is_spaceless, join, split_where
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

_HYPHENS = re.compile(r"(?<=[-/–—_@.])(?=\w)")

SHRUNK_PERCENT = 155
"""A word that would fill up to this much of a line is drawn smaller; a wider one is split."""


def build_cues(
    words: Sequence[Word], clip: Span, limits: Limits, fill: Fill, *, dashes: bool = False
) -> tuple[Cue, ...]:
    """The cues of one clip, on the source's clock.

    A word belongs to the clip that its middle is in; its time is cut off at the clip's edges.

    Args:
        words: of the source, in order.
        clip: the clip's span.
        limits: how much one cue holds.
        fill: how much of a line's width text takes at the style's size, in percent.
        dashes: put a dash where another speaker begins.

    Returns:
        Cues in order, not overlapping, inside the clip; word states fill each without gaps, and
        words that are lit together have one time.
    """
    split: list[list[list[Token]]] = []
    first, last = (bisect_left(words, edge, key=_middle_ms) for edge in (clip.in_ms, clip.out_ms))
    speaker = ""
    for run in split_where(words[first:last], _parts):
        tokens = [token for word in run for token in _tokens(word, clip, limits, fill)]
        if dashes and tokens and speaker and run[0].speaker != speaker:
            tokens[0] = replace(tokens[0], text=f"{DASH} {tokens[0].text}")
        speaker = run[0].speaker or speaker
        split += _paired(split_cues(tokens, limits, fill), limits, fill)
    flat = [[token for line in cue for token in line] for cue in split]
    starts = lit([[max(clip.in_ms, token.in_ms - LEAD_MS) for token in cue] for cue in flat])
    cues: list[Cue] = []
    for place, cue in enumerate(split):
        following = starts[place + 1][0] if place + 1 < len(starts) else None
        built = _cue(cue, starts[place], following, clip)
        if built is not None:
            cues.append(built)
    return tuple(cues)


def _middle_ms(word: Word) -> int:
    return (word.in_ms + word.out_ms) // 2


def _parts(before: Word, after: Word) -> bool:
    return after.in_ms - before.out_ms > RUN_PAUSE_MS or after.speaker != before.speaker


def _tokens(word: Word, clip: Span, limits: Limits, fill: Fill) -> list[Token]:
    """A word's text, in pieces where it has no spaces or is wider than a line, or nothing."""
    text, span = clean(word.text), word.clamp(clip)
    if not text:
        return []
    pieces = [piece for part in segments(text) for piece in _pieces(part, limits, fill)]
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
    lines: Sequence[Sequence[Token]], starts: Sequence[int], following: int | None, clip: Span
) -> Cue | None:
    """One cue; None when nothing of it is left inside the clip."""
    tokens = [(token, line) for line, part in enumerate(lines) for token in part]
    spoken = max(tokens[-1][0].out_ms, starts[-1] + STATE_MS)
    following = clip.out_ms if following is None else min(following, clip.out_ms)
    out = following if following - spoken <= STAY_MS else spoken + HOLD_MS
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
