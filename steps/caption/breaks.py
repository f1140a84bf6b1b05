"""Where to break a run of words into cues and lines: costs, and their exact minimum. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from steps.caption.text import is_emoji
from steps.model.phrases import CLOSERS, ends_clause, ends_sentence, join

Fill = Callable[[str], int]
"""How much of the width between the edges of the safe box a line takes, in percent, rounded up."""

WEAK_WORDS = frozenset(
    # articles, prepositions, conjunctions, possessives and auxiliaries of English, German,
    # French, Spanish, Portuguese and Italian: a line that ends in one reads as if cut off
    """a an the of to in on at by for from with into about over under and or but nor so as if than
    that which who whose what when where how why because while my your
    his her its our their this these those is are was were be been am
    will would can could should may might must not i i'm you he she it we
    they very
    der die das den dem des ein eine einen einem einer und oder aber mit von zu zum zur im am auf
    für bei nach aus ist sind war nicht ich du er sie wir ihr
    le la les un une des du de d' l' et ou mais à au aux en dans par pour sur avec sans que qui est
    sont pas je tu il elle nous vous
    el los las una unos unas y o pero del al con sin por para es son mi tu su
    os as um uma e ou mas do da dos das no na nos nas em com sem é são
    il lo gli uno ed ma di dal nel sul con per tra fra che è sono""".split()
)

_INSIDE_SENTENCE_END = 30
_INSIDE_LONG_PAUSE = 14
_INSIDE_CLAUSE_END = 6
_PLAIN_BREAK = 10
_WEAK_CUE_END = 10
_CUE = 9
_LONE_WORD = 9
_LINE_BREAK = 4
_IMBALANCE = 8
LONG_PAUSE_MS = 350
BREATH_MS = 120


@dataclass(frozen=True)
class Token:
    """A word on its way to the screen: cleaned text, its time (source's clock), who says it."""

    text: str
    in_ms: int
    out_ms: int
    speaker: str = ""


@dataclass(frozen=True)
class Limits:
    """What one cue can hold."""

    words_per_line: int = 4
    characters_per_line: int = 18
    lines: int = 2


def break_cost(left: Token, right: Token) -> int:
    """How bad a break between two words is: 0 after a sentence, 24 after an article or a number."""
    pause_ms = right.in_ms - left.out_ms
    if ends_sentence(left.text):
        return 0
    if ends_clause(left.text):
        return 2
    if pause_ms >= LONG_PAUSE_MS:
        return 1
    holds = _is_weak(left) or (_counts(left) and not _is_weak(right)) or _is_picture(right)
    weak = 14 if holds else 0
    return weak + (5 if pause_ms >= BREATH_MS else _PLAIN_BREAK)


def _is_weak(token: Token) -> bool:
    return token.text.rstrip(CLOSERS).casefold() in WEAK_WORDS


def _counts(token: Token) -> bool:
    """Whether a word is a number, which belongs to what it counts: those 11 / seconds."""
    return any(map(str.isdigit, token.text)) and not any(map(str.isalpha, token.text))


def _is_picture(token: Token) -> bool:
    """Whether a token is only an emoji, which belongs to the word before it."""
    return is_emoji(token.text) and not any(map(str.isalnum, token.text))


def split_cues(tokens: Sequence[Token], limits: Limits, fill: Fill) -> list[list[list[Token]]]:
    """Break a run of words into cues of one or two lines, at the least total cost.

    Dynamic programming over all breaks; of equal costs the one with the longer first cues wins. A
    word that does not fit by itself gets a line of its own.

    Returns:
        cues, each a list of lines, each a list of words.
    """
    most = limits.words_per_line * limits.lines
    best: list[tuple[int, int]] = [(0, 0)] * (len(tokens) + 1)
    shape: list[list[list[Token]]] = [[]] * (len(tokens) + 1)
    for start in range(len(tokens) - 1, -1, -1):
        chosen: tuple[int, int] | None = None
        for end in range(min(start + most, len(tokens)), start, -1):
            lines = split_lines(tokens[start:end], limits, fill)
            if lines is None and end > start + 1:
                continue
            lines = lines or [list(tokens[start:end])]
            cost = _cue_cost(tokens, start, end, lines) + best[end][0]
            if chosen is None or cost < chosen[0]:
                chosen = (cost, end)
                shape[start] = lines
        assert chosen is not None
        best[start] = chosen
    cues, start = [], 0
    while start < len(tokens):
        cues.append(shape[start])
        start = best[start][1]
    return cues


def split_lines(tokens: Sequence[Token], limits: Limits, fill: Fill) -> list[list[Token]] | None:
    """The lines of one cue: one when it fits, else the best two, else None."""
    if _fits(tokens, limits, fill):
        return [list(tokens)]
    if limits.lines < 2:
        return None
    chosen: tuple[int, int] | None = None
    for place in range(1, len(tokens)):
        if _fits(tokens[:place], limits, fill) and _fits(tokens[place:], limits, fill):
            cost = _line_cost(tokens, place)
            if chosen is None or cost < chosen[0]:
                chosen = (cost, place)
    if chosen is None:
        return None
    return [list(tokens[: chosen[1]]), list(tokens[chosen[1] :])]


def _fits(tokens: Sequence[Token], limits: Limits, fill: Fill) -> bool:
    line = join(token.text for token in tokens)
    return (
        len(tokens) <= limits.words_per_line
        and len(line) <= limits.characters_per_line
        and fill(line) <= 100
    )


def _line_cost(tokens: Sequence[Token], place: int) -> int:
    above, below = (
        len(join(token.text for token in part)) for part in (tokens[:place], tokens[place:])
    )
    skew = abs(above - below) * _IMBALANCE // max(above, below, 1)
    return break_cost(tokens[place - 1], tokens[place]) + skew


def _cue_cost(
    tokens: Sequence[Token], start: int, end: int, lines: Sequence[Sequence[Token]]
) -> int:
    cost = _CUE
    for place in range(start + 1, end):
        left, right = tokens[place - 1], tokens[place]
        if ends_sentence(left.text):
            cost += _INSIDE_SENTENCE_END
        elif ends_clause(left.text):
            cost += _INSIDE_CLAUSE_END
        elif right.in_ms - left.out_ms >= LONG_PAUSE_MS:
            cost += _INSIDE_LONG_PAUSE
    if len(lines) > 1:
        cost += _LINE_BREAK + _line_cost(tokens[start:end], len(lines[0])) * 2 // 3
    if end - start == 1:
        cost += _LONE_WORD
    if end < len(tokens):
        after = break_cost(tokens[end - 1], tokens[end])
        cost += after + (_WEAK_CUE_END if after > _PLAIN_BREAK else 0)
    return cost
