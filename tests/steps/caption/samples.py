"""Words with times for the tests of captions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from steps.caption.fallbacks import Fallback, fallbacks
from steps.caption.metrics import read_metrics
from steps.caption.styles import parse_style
from steps.caption.text import capitals
from steps.caption.typesetting import Typesetter
from steps.model.canvas import Canvas
from steps.model.transcript import Word
from steps.model.weights import MONTSERRAT, NOTO, NOTO_CJK

SPEECH = (
    "And so, my fellow Americans, ask not what your country can do for you, ask what you can do "
    "for your country. Honestly? I spent $43,000 on a machine that nobody wanted. It was the best "
    "mistake of my life, because for the first time I actually talked to the people who would use "
    "it."
)

FONT = Path(MONTSERRAT.find())
METRICS = read_metrics(FONT)
CANVAS = Canvas.of("9:16", 1080)


def look(
    style: str = "bold", platform: str = "any", text: str = "", language: str = "en"
) -> Typesetter:
    """A look by the names that a user gives, with the fonts that a text needs."""
    cased = text + text.upper() + capitals(text, language)
    lacks = "".join(one for one in cased if not METRICS.covers(one))
    fonts = _fonts(lacks, language)
    return Typesetter(
        parse_style(style), METRICS, CANVAS, CANVAS.safe(platform), fonts, language=language
    )


@cache
def _fonts(lacks: str, language: str) -> tuple[Fallback, ...]:
    return fallbacks(lacks, language, NOTO.find, NOTO_CJK.find)


def spoken(text: str = SPEECH, start_ms: int = 0) -> tuple[Word, ...]:
    """Words at a natural pace: 45 ms a letter, a breath at commas, a pause at full stops."""
    words, now = [], start_ms
    for part in text.split():
        length = 60 + 45 * len(part)
        words.append(Word(in_ms=now, out_ms=now + length, text=part))
        now += length + 20 + (180 if part[-1] == "," else 450 if part[-1] in ".?!" else 0)
    return tuple(words)
