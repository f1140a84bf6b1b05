"""Fonts for the characters that Montserrat lacks: small parts of Noto, the same everywhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from steps.caption.metrics import Metrics, font_metrics
from steps.caption.text import JOINERS
from steps.model.weights import NOTO

WEIGHT = 700
"""The boldest that all of them have."""
FIRST = "NotoSans[wght].ttf"
LAST = "NotoSansSymbols[wght].ttf"
CJK_NUMBERS = {"ja": 0, "ko": 1, "zh": 2}
TRADITIONAL = 3
"""Numbers of the fonts in the CJK collection, by language."""
NORMAL = 400
_DROPPED = ["DSIG", "FFTM", "STAT", "meta"]
"""Tables that say nothing about the glyphs of one weight."""
_DROPPED_CJK = [*_DROPPED, *"BASE GDEF GPOS GSUB HVAR MVAR VORG VVAR vhea vmtx".split()]
"""CJK needs no shaping on a level line, and its widths are the same at every weight."""


@dataclass(frozen=True, eq=False)
class Fallback:
    """A font that holds a few characters.

    Attributes:
        family: its name, which no font of a machine has.
        metrics: of its characters only.
        data: the font file.
    """

    family: str
    metrics: Metrics
    data: bytes

    def width(self, text: str) -> int:
        """Advance of a text of one line, in thousandths of the em, as its letters join.

        Arabic letters have other widths inside a word than alone, and marks have none.
        """
        if not self.data or all(map(_is_cjk, text)):
            return self.metrics.width(text)
        return _shaped(self, text)


@lru_cache(maxsize=20_000)
def _shaped(font: Fallback, text: str) -> int:
    import uharfbuzz

    scaled = _harfbuzz(font)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(scaled, buffer)
    advance: int = sum(glyph.x_advance for glyph in buffer.glyph_positions)
    thousandths: int = round(advance * 1000 / scaled.scale[0])
    return thousandths


@lru_cache(maxsize=64)
def _harfbuzz(font: Fallback) -> Any:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(font.data))


def fallbacks(
    text: str, language: str, scripts: Callable[[], Path], cjk: Callable[[], Path]
) -> tuple[Fallback, ...]:
    """The fonts that together draw a text, as far as there are any.

    Args:
        text: the characters that the main font lacks.
        language: ISO 639-1: Chinese, Japanese and Korean share code points that look different.
        scripts: the folder of Noto Sans; asked only if a character is missing.
        cjk: the collection of Noto Sans CJK; asked only for characters that may be in it.
    """
    joiners = JOINERS.intersection(text)
    missing = {one for one in text if not one.isspace()} - joiners
    found: list[Fallback] = []
    if not missing:
        return ()
    for path, number in _files(text, language, scripts, cjk):
        if not any(_is_cjk(character) == (number >= 0) for character in missing):
            continue
        with _opened(path, number) as font:
            covered = {one for one in missing if ord(one) in font.getBestCmap()}
            if covered:
                joining = {one for one in joiners if ord(one) in font.getBestCmap()}
                dropped = _DROPPED_CJK if number >= 0 else _DROPPED
                family = f"Clipmill Noto {len(found) + 1}"
                found.append(part_of(font, covered | joining, family, dropped, NORMAL))
                missing -= covered
        if not missing:
            break
    return tuple(found)


def _files(
    text: str, language: str, scripts: Callable[[], Path], cjk: Callable[[], Path]
) -> Iterator[tuple[Path, int]]:
    """The files in the order in which they are tried, with the font's number in a collection."""
    folder = scripts()
    others = sorted({file.path for file in NOTO.files} - {FIRST, LAST})
    for name in (FIRST, *others):
        yield folder / name, -1
    number = CJK_NUMBERS.get(language, CJK_NUMBERS["zh"])
    if number == CJK_NUMBERS["zh"] and _is_traditional(text):
        number = TRADITIONAL
    yield cjk(), number
    yield folder / LAST, -1


def _is_cjk(character: str) -> bool:
    """Whether the CJK fonts are for a character, and the fonts of the other scripts are not."""
    return (
        "\u1100" <= character <= "\u11ff"
        or "\u2e80" <= character <= "\ud7ff"
        or (character >= "\uf900" and not "\ufb00" <= character <= "\ufdff")
    )


def _is_traditional(text: str) -> bool:
    """Whether more of the Chinese characters are in Big5 than in GB 2312."""
    return _share(text, "big5") > _share(text, "gb2312")


def _share(text: str, encoding: str) -> int:
    return sum(bool(one.encode(encoding, "ignore")) for one in text if one >= "\u4e00")


def _opened(path: Path, number: int) -> Any:
    """A font whose glyphs are named by their numbers: names by code points take longer."""
    font = TTFont(path, fontNumber=number, lazy=True, recalcTimestamp=False)
    if "CFF " not in font:
        named = (f"glyph{glyph:05}" for glyph in range(1, font.getGlyphCount()))
        font.setGlyphOrder([".notdef", *named])
    return font


def part_of(
    whole: Any, characters: Iterable[str], family: str, dropped: Sequence[str], weight_class: int
) -> Fallback:
    """Some characters of an open font, at one weight, under a name that no other font has.

    Args:
        whole: an open font.
        characters: those to keep.
        family: the new name.
        dropped: tables to leave out.
        weight_class: that the part states; libass thickens a font that says it is thinner than
            the style asks for.
    """
    options = subset.Options()
    options.layout_features = ["*"]
    options.hinting = False
    options.drop_tables += dropped
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(map(ord, characters)))
    subsetter.subset(whole)
    font = _again(whole)  # an outline that varies can be fixed only after it is read again
    if "fvar" in font:
        axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        font = instancer.instantiateVariableFont(font, {**axes, "wght": WEIGHT})
    font["name"].names = []
    for identity, name in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", ""))):
        font["name"].setName(name, identity, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight_class
    written = io.BytesIO()
    font.save(written)
    return Fallback(family, font_metrics(font), written.getvalue())


def _again(font: Any) -> Any:
    written = io.BytesIO()
    font.save(written)
    written.seek(0)
    return TTFont(written, recalcTimestamp=False)
