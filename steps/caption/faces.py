"""The fonts of a job's captions: the user's or Montserrat, parts of Noto, and emoji."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.caption.emoji import NO_EMOJI, Emoji, emoji_in
from steps.caption.fallbacks import Fallback, fallbacks
from steps.caption.metrics import FAMILY, Metrics
from steps.caption.own_font import own_font
from steps.caption.text import capitals
from steps.model.phrases import graphemes

MARKS = ("–", "…")
"""What captions add to the words."""


@dataclass(frozen=True)
class Faces:
    """Fonts in the order in which they are asked for a character.

    Attributes:
        metrics: of the main font.
        others: for the characters that it lacks.
        own: the main font, if the user gave it.
        emoji: what is drawn in colour.
    """

    metrics: Metrics
    others: tuple[Fallback, ...]
    own: Fallback | None = None
    emoji: Emoji = NO_EMOJI


@dataclass(frozen=True)
class Bundled:
    """The fonts that come with clipmill; the files are asked for only where they are needed.

    Attributes:
        metrics: of Montserrat.
        scripts: the folder of Noto Sans.
        cjk: the collection of Noto Sans CJK.
        pictures: Twemoji.
    """

    metrics: Metrics
    scripts: Callable[[], Path]
    cjk: Callable[[], Path]
    pictures: Callable[[], Path]


def faces(texts: Sequence[str], language: str, bundled: Bundled, font: bytes = b"") -> Faces:
    """The fonts for some texts; `font` is the content of the user's file, or empty.

    Raises:
        BadInput: the user's file is not a usable font.
    """
    own = None
    main = bundled.metrics
    texts = [*texts, *(capitals(text, language) for text in texts)]
    if font:
        cased = [form for text in (*texts, *MARKS) for form in (text, text.upper())]
        own = own_font(font, cased)
        main = own.metrics
    emoji = emoji_in(texts, main, bundled.pictures)
    written = [_written(text, emoji) for text in texts]
    missing = "".join(one for one in bundled.metrics.lacking(written) if not main.covers(one))
    noto = fallbacks(missing, language, bundled.scripts, bundled.cjk)
    second = (Fallback(FAMILY, bundled.metrics, b""),) if own else ()
    return Faces(main, (*second, *noto), own, emoji)


def _written(text: str, emoji: Emoji) -> str:
    """A text without the emoji that are drawn in colour."""
    if not emoji.blanks:
        return text
    return "".join(one for one in graphemes(text) if not emoji.blank(one))
