"""Emoji in colour: the layers of a COLR font as ASS drawings, which every renderer of ASS draws.

libass draws no colour glyphs. So in a line of text a blank glyph of our own keeps an emoji's place,
and the layers of its picture are drawn over it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.basePen import BasePen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from steps.caption.fallbacks import Fallback
from steps.caption.metrics import Metrics, font_metrics
from steps.formats import ass
from steps.model.phrases import graphemes

FAMILY = "Clipmill Emoji"
FIRST_BLANK = 0xE000
"""Where the blank glyphs are: text has none of these, `clean` removes private characters."""
MOST = 500
"""Different emoji in one job."""
SIDE = 1.12
"""Of an emoji, in ems of the text."""
ADVANCE = 1.24
"""Of its blank glyph, in ems."""
MIDDLE = 0.35
"""Of an emoji, in ems above the baseline: half of a capital's height."""
UNITS, LOWEST = 512, -64
"""The square of each picture in the font's units: 0 to 512, and -64 to 448 from the baseline."""
SUBPIXELS = 8
"""Of a drawing with `\\p4`."""
_SHOWN_AS_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\ufe0f")
_TONES = regex.compile(r"[\U0001f3fb-\U0001f3ff]")
_SELECTOR = "\ufe0f"


@dataclass(frozen=True)
class Layer:
    """One colour of a picture: its outline as (command, points), in the font's units."""

    colour: str
    outline: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]


@dataclass(frozen=True)
class Emoji:
    """The emoji of a job.

    Attributes:
        blanks: the character that keeps the place of an emoji, by what `spelled` gives for it.
        pictures: the layers of each of those characters.
        font: the blank glyphs; None where there are no emoji.
    """

    blanks: dict[str, str]
    pictures: dict[str, tuple[Layer, ...]]
    font: Fallback | None = None

    def blank(self, grapheme: str) -> str:
        """What stands for a character in a line, or empty if it is no known emoji."""
        return self.blanks.get(spelled(grapheme), "") if self.blanks else ""

    def drawings(self, blank: str, left: float, baseline: int, size_px: int) -> Iterator[str]:
        """The texts of the events that draw one, whose blank glyph begins at `left`."""
        side = SIDE * size_px
        x = round(left + (ADVANCE - SIDE) * size_px / 2)
        y = round(baseline - MIDDLE * size_px - side / 2)
        scale = SUBPIXELS * side / UNITS
        for layer in self.pictures.get(blank, ()):
            path = " ".join(
                " ".join([command, *(_point(point, scale) for point in points)])
                for command, points in layer.outline
            )
            tags = f"\\an7\\pos({x},{y})\\bord0\\shad0\\1c{ass.colour(layer.colour)}\\p4"
            yield f"{{{tags}}}{path}"


NO_EMOJI = Emoji({}, {})


def spelled(grapheme: str) -> str:
    """An emoji without selectors, which some leave out; empty for what is not shown as one."""
    return grapheme.replace(_SELECTOR, "") if _SHOWN_AS_EMOJI.search(grapheme) else ""


def emoji_in(texts: Iterable[str], metrics: Metrics, find: Callable[[], Path]) -> Emoji:
    """The emoji of texts that the font has; `find` is asked only if there may be any.

    Args:
        texts: what is shown.
        metrics: of the main font: the blank glyphs are as high.
        find: the font's file.
    """
    named = {name for text in texts if not text.isascii() for one in graphemes(text)
             if (name := spelled(one))}  # fmt: skip
    if not named:
        return NO_EMOJI
    with TTFont(find()) as font:
        glyphs = _glyphs(font)
        layers = {
            name: found
            for name in sorted(named)[:MOST]
            if (glyph := glyphs.get(name) or glyphs.get(_TONES.sub("", name)))
            and (found := _layers(font, glyph))
        }
    blanks = {name: chr(FIRST_BLANK + place) for place, name in enumerate(layers)}
    if not blanks:
        return NO_EMOJI
    pictures = {blanks[name]: found for name, found in layers.items()}
    return Emoji(blanks, pictures, _blank_font(list(pictures), metrics))


def _glyphs(font: Any) -> dict[str, str]:
    """The glyph of each emoji: of one character, or of several that the font joins."""
    characters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    found = {character: glyph for glyph, character in characters.items()}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, joined in table.ligatures.items():
                for one in joined:
                    parts = (characters[name] for name in (first, *one.Component))
                    found[spelled("".join(parts) + _SELECTOR)] = one.LigGlyph
    return found


def _layers(font: Any, glyph: str) -> tuple[Layer, ...]:
    glyphs, palette = font.getGlyphSet(), font["CPAL"].palettes[0]
    found = []
    for layer in font["COLR"].ColorLayers.get(glyph, ()):
        pen = _Outline(glyphs)
        glyphs[layer.name].draw(pen)
        colour = palette[layer.colorID]
        hexadecimal = f"#{colour.red:02X}{colour.green:02X}{colour.blue:02X}"
        found.append(Layer(hexadecimal, tuple(pen.commands)))
    return tuple(found)


class _Outline(BasePen):  # type: ignore[misc]
    """Collects an outline; curves of degree 2 come as cubic ones, as ASS has them."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.commands: list[tuple[str, tuple[tuple[float, float], ...]]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.commands.append(("m", (pt,)))

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.commands.append(("l", (pt,)))

    def _curveToOne(
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self.commands.append(("b", (pt1, pt2, pt3)))


def _point(point: tuple[float, float], scale: float) -> str:
    """A point from the upper left corner of the picture's square, y downwards."""
    return f"{round(point[0] * scale)} {round((UNITS + LOWEST - point[1]) * scale)}"


def _blank_font(characters: list[str], metrics: Metrics) -> Fallback:
    names = [f"u{ord(character):X}" for character in characters]
    empty = TTGlyphPen(None).glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(one): name for one, name in zip(characters, names, strict=True)})
    builder.setupGlyf(dict.fromkeys((".notdef", *names), empty))
    builder.setupHorizontalMetrics(
        {name: (round(1000 * ADVANCE), 0) for name in (".notdef", *names)}
    )
    below = metrics.line - metrics.ascent
    builder.setupHorizontalHeader(ascent=metrics.ascent, descent=-below)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    builder.setupOS2(usWinAscent=metrics.ascent, usWinDescent=below, usWeightClass=800)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    written = io.BytesIO()
    builder.save(written)
    return Fallback(FAMILY, font_metrics(builder.font), written.getvalue())
