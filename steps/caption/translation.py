"""Captions in another language: translated sentences at the pace of the original. Pure.

A sentence keeps its time. Inside it the translated words follow the original ones: what is a third
of its letters in is shown when a third of the original's letters are said.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from steps.caption.breaks import Limits
from steps.caption.styles import Style
from steps.caption.text import clean
from steps.model.captions import Cue, CueWord
from steps.model.clips import TranslatedLine, Translation
from steps.model.segments import segments
from steps.model.transcript import Transcript, Word

Show = Literal["translated", "both", "original"]
LEAST_CHARACTERS = 8
"""A line of two languages holds at least so many."""
CJK = ("ja", "ko", "zh")
"""They share characters, which each draws in its own way."""


@dataclass(frozen=True)
class Shown:
    """Which words the captions show.

    Attributes:
        language: of the words.
        words: spoken or translated, lit as they are said.
        under: translated words of a second line.
        written: words of the .srt and .vtt files, where they are not those of the picture.
        written_in: their language.
        drawn_as: the language whose forms of Chinese characters are drawn.
    """

    language: str
    words: tuple[Word, ...]
    under: tuple[Word, ...] = ()
    written: tuple[Word, ...] = ()
    written_in: str = ""
    drawn_as: str = ""

    @classmethod
    def of(cls, spoken: Transcript, translation: Translation | None, show: Show) -> Shown:
        """What is shown of the spoken words and their translation.

        Args:
            spoken: with swear words as they are to be shown.
            translation: None where there is none.
            show: the user's wish.
        """
        if translation is None:
            return cls(spoken.language, spoken.words, drawn_as=spoken.language)
        found, others = translated_words(spoken.words, translation.lines)
        target = translation.language
        whole = tuple(sorted([*found, *others], key=lambda word: word.in_ms))
        if show == "translated":
            return cls(target, whole, drawn_as=target)
        drawn_as = spoken.language if spoken.language in CJK else target
        if show == "both":
            return cls(spoken.language, spoken.words, under=tuple(found), drawn_as=drawn_as)
        return cls(
            spoken.language, spoken.words,
            written=whole, written_in=target, drawn_as=spoken.language,
        )  # fmt: skip

    def limits(self, style: Style) -> Limits:
        """What a cue holds: of two languages one line each, short enough for both."""
        if not self.under:
            return Limits(style.words_per_line, style.characters_per_line, style.lines)
        spoken, translated = (sum(len(word.text) + 1 for word in row)
                              for row in (self.words, self.under))  # fmt: skip
        most = style.characters_per_line * spoken // max(spoken, translated)
        return Limits(style.words_per_line, max(LEAST_CHARACTERS, most), 1)


def translated_words(
    words: Sequence[Word], lines: Sequence[TranslatedLine]
) -> tuple[list[Word], list[Word]]:
    """The words of translated sentences, and the original words that have no translation.

    Args:
        words: of the source, in order.
        lines: in order.
    """
    ins = [line.in_ms for line in lines]
    inside: list[list[Word]] = [[] for _ in lines]
    others: list[Word] = []
    for word in words:
        at = bisect_right(ins, word.in_ms) - 1
        (inside[at] if at >= 0 and word.in_ms < lines[at].out_ms else others).append(word)
    found = [
        word
        for spoken, line in zip(inside, lines, strict=True)
        if spoken
        for word in _paced(spoken, line.text)
    ]
    return found, others


def doubled(cues: Sequence[Cue], words: Sequence[Word]) -> tuple[Cue, ...]:
    """Cues of one line with the translated words of their time as a second line, never lit.

    Args:
        cues: of the original words, each of one line.
        words: translated ones; each goes to the last cue that began before its middle. Under a cue
            that gets none, the line before it stays, so that nothing jumps.
    """
    starts = [cue.in_ms for cue in cues]
    under: list[list[Word]] = [[] for _ in cues]
    for word in words:
        at = bisect_right(starts, (word.in_ms + word.out_ms) // 2) - 1
        if at >= 0 and word.in_ms < cues[at].out_ms:
            under[at].append(word)
    for at in range(1, len(cues)):
        if not under[at] and cues[at - 1].out_ms == cues[at].in_ms:
            under[at] = under[at - 1]
    return tuple(
        cue.model_copy(update={"words": (*cue.words, *_line(cue, below))})
        for cue, below in zip(cues, under, strict=True)
    )


def _line(cue: Cue, words: Sequence[Word]) -> Iterator[CueWord]:
    for word in words:
        if text := clean(word.text):
            yield CueWord(in_ms=cue.in_ms, out_ms=cue.out_ms, text=text, line=1, translated=True)


def _paced(spoken: Sequence[Word], text: str) -> Iterator[Word]:
    pieces = [piece for part in text.split() for piece in segments(part)]
    ends = list(accumulate(len(word.text) for word in spoken))
    reached = list(accumulate((len(piece) for piece in pieces), initial=0))
    scale = ends[-1] / reached[-1]
    for piece, begin, end in zip(pieces, reached, reached[1:], strict=False):
        first = min(bisect_right(ends, begin * scale + 1e-6), len(spoken) - 1)
        last = min(bisect_left(ends, end * scale - 1e-6), len(spoken) - 1)
        in_ms = _time(spoken[first], ends[first], begin * scale)
        out_ms = max(in_ms + 1, _time(spoken[last], ends[last], end * scale))
        yield Word(in_ms=in_ms, out_ms=out_ms, text=piece, speaker=spoken[first].speaker)


def _time(word: Word, end: int, letter: float) -> int:
    """When a letter of a sentence is said; `end` counts the letters up to the word's end."""
    inside = 1 - (end - letter) / len(word.text)
    return word.in_ms + round(max(0.0, min(1.0, inside)) * (word.out_ms - word.in_ms))
