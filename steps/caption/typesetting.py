"""How large text is set, and where its lines go inside the safe box, in units. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from steps.caption.emoji import NO_EMOJI, Emoji
from steps.caption.fallbacks import Fallback
from steps.caption.metrics import FAMILY, Metrics
from steps.caption.styles import Style
from steps.caption.text import JOINERS, capitals, is_joined
from steps.model.canvas import Canvas
from steps.model.geometry import Box
from steps.model.phrases import bare_word, graphemes

LINE_PITCH = 1.2
"""Distance of baselines, in ems: capitals of two lines stay clear of each other."""

CAPITAL = 0.70
DESCENT = 0.27
ACCENT = 0.34
"""Heights in ems: of capitals, of descenders, and of accents above capitals."""

FOREIGN = 0.55
"""Height in ems above capitals and below the line of glyphs that come from another font."""

BOX_PAD_X = 0.17
BOX_PAD_Y = 0.20
"""In ems: how far a box reaches over its text at the sides, and over capitals and baseline."""

OVERSHOOT_PERCENT = 106
"""What a bounce grows to before it settles."""


@dataclass(frozen=True)
class Typesetter:
    """All that a cue needs to be drawn: the style, the fonts' widths, the box.

    Attributes:
        metrics: of the main font.
        canvas: what is drawn on.
        box: where all ink stays, in the canvas's units.
        fallbacks: the fonts for characters that it lacks, the preferred first.
        own: the main font, if the user gave it.
        keywords: of the clip, as `bare_word` gives them.
        speakers: of the source, in order of appearance.
        emoji: of the job, drawn over blank glyphs.
        language: of the words, as an ISO 639-1 code; it decides about capitals.
    """

    style: Style
    metrics: Metrics
    canvas: Canvas
    box: Box
    fallbacks: tuple[Fallback, ...] = ()
    own: Fallback | None = None
    keywords: frozenset[str] = frozenset()
    speakers: tuple[str, ...] = ()
    emoji: Emoji = NO_EMOJI
    language: str = ""

    @property
    def family(self) -> str:
        """The name of the main font."""
        return self.own.family if self.own else FAMILY

    @property
    def fonts(self) -> tuple[Fallback, ...]:
        """The fonts that an .ass file carries, if they have data."""
        return tuple(font for font in (self.own, *self.fallbacks, self.emoji.font) if font)

    def ink(self, text: str, speaker: str) -> str:
        """The colour of a word that is not the spoken one: for key words, a speaker, or all."""
        if self.style.emphasis and bare_word(text) in self.keywords:
            return self.style.emphasis
        if self.style.speakers and speaker in self.speakers:
            return self.style.speakers[self.speakers.index(speaker) % len(self.style.speakers)]
        return self.style.text

    @property
    def margin_px(self) -> int:
        """Ink around the glyphs: the outline, the shadow, the box under them, and a pixel."""
        padding = round(BOX_PAD_X * self.style.size_px) if self.style.box else 0
        return max(self.style.outline_px, padding) + self.style.shadow_px + 1

    @property
    def middle_px(self) -> int:
        """Where lines are centred: in the middle of the canvas."""
        return self.canvas.units.width_px // 2

    @property
    def room_px(self) -> int:
        """The widest ink that is centred in the canvas and stays inside the box."""
        return 2 * min(self.middle_px - self.box.x_px, self.box.right_px - self.middle_px)

    @property
    def line_width_px(self) -> int:
        """The widest line of glyphs, centred in the canvas, that keeps its ink inside the box."""
        width = self.room_px - 2 * self.margin_px
        return width * 100 // OVERSHOOT_PERCENT if self.style.animation == "bounce" else width

    def shown(self, text: str) -> str:
        """Text in the style's case, without the characters that no font has."""
        cased = capitals(text, self.language) if self.style.uppercase else text
        if self.metrics.covers(cased):
            return cased
        return "".join(
            self.emoji.blank(part) or part for part in graphemes(cased) if self.draws(part)
        )

    def spacing_px(self, shown: str) -> int:
        """What is added after each letter: nothing where letters join."""
        return 0 if is_joined(shown) else self.style.letter_spacing_px

    def draws(self, grapheme: str) -> bool:
        """Whether a character, with its marks, is a known emoji, or the fonts have all of it."""
        if self.emoji.blank(grapheme):
            return True
        return all(
            one.isspace() or one in JOINERS or self._font(one) is not None for one in grapheme
        )

    def runs(self, shown: str) -> list[tuple[Fallback | None, str]]:
        """A text in parts of one font each; None stands for the main font."""
        found: list[tuple[Fallback | None, str]] = []
        for part in graphemes(shown):
            fonts = [self._font(character) for character in part if character not in JOINERS]
            font = next((one for one in fonts if isinstance(one, Fallback)), None)
            if found and found[-1][0] == font:
                found[-1] = (font, found[-1][1] + part)
            else:
                found.append((font, part))
        return found

    def _font(self, character: str) -> Fallback | Metrics | None:
        """The font of a character: the main one's metrics, a fallback, or None."""
        if ord(character) in self.metrics.advances:
            return self.metrics
        others = (*self.fallbacks, self.emoji.font)
        return next((one for one in others if one and one.metrics.covers(character)), None)

    def width_px(self, text: str, size_px: int) -> float:
        """How wide a text is in the style's case, with its letter spacing."""
        return self._advanced(self.shown(text), size_px)

    def _advance(self, shown: str) -> int:
        """Of a text that `shown` gave, in thousandths of the em."""
        return sum((font or self.metrics).width(text) for font, text in self.runs(shown))

    def fill(self, line: str) -> int:
        """How much of the line's width a text takes at the style's own size, in percent."""
        return ceil(100 * self.width_px(line, self.style.size_px) / self.line_width_px)

    def size_px(self, lines: Sequence[str]) -> int:
        """The em for these lines: the style's, or smaller so that the widest fits."""
        fitting = self.style.size_px
        for line in lines:
            shown = self.shown(line)
            room = self.line_width_px - self.spacing_px(shown) * len(shown)
            if width := self._advance(shown):
                fitting = min(fitting, max(0, room) * 1000 // width)
        return max(1, fitting)

    def baseline_px(self, place: int, texts: Sequence[str], size_px: int) -> int:
        """Where line `place` of a cue stands, so that the ink of all lines is inside the box."""
        style, box, count = self.style, self.box, len(texts)
        known = self.metrics.covers(self.shown("".join(texts)))
        descent, accent = (DESCENT, ACCENT) if known else (FOREIGN, FOREIGN)
        pitch = round(LINE_PITCH * size_px)
        padding = round(BOX_PAD_Y * size_px) if style.box else 0
        grown = round(0.04 * size_px) if style.animation == "bounce" else 0
        below = max(round(descent * size_px) + style.outline_px, padding)
        lowest = box.bottom_px - below - style.shadow_px - 1 - grown
        above = max(round((CAPITAL + accent) * size_px) + style.outline_px, 0)
        highest = box.y_px + above + 1 + grown + (count - 1) * pitch
        if style.position == "bottom":
            last = lowest
        elif style.position == "top":
            last = highest
        elif style.position == "middle":
            middle = (box.y_px + box.bottom_px) // 2
            last = middle + round(CAPITAL * size_px / 2) + (count - 1) * pitch // 2
        else:
            last = highest + (lowest - highest) * style.position // 100
        return last - (count - 1 - place) * pitch

    def at(self, height: int | None) -> Typesetter:
        """The same at another height of the box, in percent; None keeps the style's position."""
        if height is None:
            return self
        return replace(self, style=self.style.model_copy(update={"position": height}))

    @property
    def is_high(self) -> bool:
        """Whether the position is in the upper half of the box."""
        position = self.style.position
        return position == "top" or (isinstance(position, int) and position < 50)

    def anchor_px(self, baseline_px: int, size_px: int, shown: str) -> int:
        """Where the anchor of a line goes: the middle of its fonts' heights, as libass centres it.

        Each font has the same em, so each has another height.
        """
        fonts = [font.metrics if font else self.metrics for font, _ in self.runs(shown)]
        ascent = max((font.ascent for font in fonts), default=self.metrics.ascent)
        descent = max((font.line - font.ascent for font in fonts), default=0)
        return baseline_px - round((ascent - (ascent + descent) / 2) * size_px / 1000)

    def drawings(
        self,
        shown: str,
        baseline_px: int,
        size_px: int,
        *,
        mirrored: bool,
        until: int | None = None,
    ) -> list[str]:
        """The texts of the events that draw the emoji of a line over their blank glyphs.

        Args:
            shown: the line as `shown` gives it.
            baseline_px: where the line stands.
            size_px: its em.
            mirrored: whether it runs from right to left.
            until: how many of its characters are visible yet; None for all.
        """
        whole = self._advanced(shown, size_px)
        left = self.middle_px - whole / 2
        found: list[str] = []
        for place, one in enumerate(shown[:until]):
            if one in self.emoji.pictures:
                before = self._advanced(shown[:place], size_px)
                own = self._advanced(one, size_px)
                x = left + (whole - before - own if mirrored else before)
                found += self.emoji.drawings(one, x, baseline_px, size_px)
        return found

    def _advanced(self, shown: str, size_px: int) -> float:
        return self._advance(shown) * size_px / 1000 + self.spacing_px(shown) * len(shown)
