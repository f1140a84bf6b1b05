"""How wide text is in the pinned font, to break and size lines before they are drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from steps.caption.styles import BUNDLED_FONT
from steps.caption.text import JOINERS, is_emoji
from steps.model.phrases import graphemes

FAMILY = BUNDLED_FONT
"""The font's own family name, which ASS asks for."""

_UNKNOWN_WIDE = 1600
_UNKNOWN_NARROW = 1100
"""Assumed advance of characters that the font lacks, in thousandths of its em: another font on the
machine draws them, larger than ours because libass makes line heights equal."""


@dataclass(frozen=True)
class Metrics:
    """Advances of a font.

    Attributes:
        advances: by code point, in thousandths of the em.
        line: ascent + descent by which libass scales (usWinAscent + usWinDescent), same unit.
        ascent: of those, what is above the baseline.
    """

    advances: Mapping[int, int]
    line: int
    ascent: int

    def covers(self, text: str) -> bool:
        """Whether the font has every character of a text."""
        return all(ord(character) in self.advances for character in text)

    def lacking(self, texts: Iterable[str]) -> str:
        """The characters of texts, in either case, that the font has not; each once, in order."""
        characters = {one for text in texts for one in text + text.upper()}
        return "".join(sorted(one for one in characters if not self.covers(one)))

    def width(self, text: str) -> int:
        """Advance of a line of text without kerning, in thousandths of the em."""
        if self.covers(text):
            return sum(self.advances[ord(character)] for character in text)
        return sum(self._grapheme_width(grapheme) for grapheme in graphemes(text))

    def ass_size(self, em_px: int) -> int:
        """The ASS font size that gives an em of `em_px` pixels."""
        return round(em_px * self.line / 1000)

    def _grapheme_width(self, grapheme: str) -> int:
        if is_emoji(grapheme) and not self.covers(grapheme):
            return _UNKNOWN_WIDE
        return sum(self._advance(character) for character in grapheme)

    def _advance(self, character: str) -> int:
        known = self.advances.get(ord(character))
        if known is not None:
            return known
        if unicodedata.combining(character) or character in JOINERS:
            return 0
        wide = unicodedata.east_asian_width(character) in ("W", "F")
        return _UNKNOWN_WIDE if wide else _UNKNOWN_NARROW


@cache
def read_metrics(path: Path) -> Metrics:
    """Read a TrueType file's advances and heights, once in a process."""
    with TTFont(path, lazy=True) as font:
        return font_metrics(font)


def font_metrics(font: Any) -> Metrics:
    """The advances and heights of an open font."""
    em = font["head"].unitsPerEm
    heights = font["OS/2"]
    glyphs = font["hmtx"].metrics
    return Metrics(
        advances={
            code: round(glyphs[name][0] * 1000 / em) for code, name in font.getBestCmap().items()
        },
        line=round((heights.usWinAscent + heights.usWinDescent) * 1000 / em),
        ascent=round(heights.usWinAscent * 1000 / em),
    )
