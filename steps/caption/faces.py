"""The fonts of a job's captions: the user's if there is one, Montserrat, and parts of Noto."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.caption.fallbacks import Fallback, fallbacks
from steps.caption.metrics import FAMILY, Metrics
from steps.caption.own_font import own_font

MARKS = ("–", "…")
"""What captions add to the words."""


@dataclass(frozen=True)
class Faces:
    """Fonts in the order in which they are asked for a character.

    Attributes:
        metrics: of the main font.
        others: for the characters that it lacks.
        own: the main font, if the user gave it.
    """

    metrics: Metrics
    others: tuple[Fallback, ...]
    own: Fallback | None = None


def faces(
    texts: Sequence[str],
    language: str,
    bundled: Metrics,
    font: bytes,
    scripts: Callable[[], Path],
    cjk: Callable[[], Path],
) -> Faces:
    """The fonts for some texts; `font` is the content of the user's file, or empty.

    Raises:
        BadInput: the user's file is not a usable font.
    """
    missing = bundled.lacking(texts)
    if not font:
        return Faces(bundled, fallbacks(missing, language, scripts, cjk))
    both_cases = [form for text in (*texts, *MARKS) for form in (text, text.upper())]
    own = own_font(font, both_cases)
    second = Fallback(FAMILY, bundled, b"")
    lacking = "".join(one for one in missing if not own.metrics.covers(one))
    noto = fallbacks(lacking, language, scripts, cjk)
    return Faces(own.metrics, (second, *noto), own)
