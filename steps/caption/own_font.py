"""The font that a user gives with `--font`: checked, cut to the job's text, drawn as it is."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from typing import Any

from fontTools.ttLib import TTFont, TTLibError

from steps.caption.fallbacks import Fallback, part_of
from steps.contract.errors import BadInput, one_line

FAMILY = "Clipmill Own"
"""Its name in the .ass files, which no font of a machine has."""
MAX_FONT_BYTES = 32 << 20
"""The largest Noto CJK collection has 20 MB."""
SIGNATURES = (b"\0\1\0\0", b"true", b"OTTO", b"ttcf")
"""What TrueType, OpenType and collections begin with: no web fonts, which unpack to any size."""
HEAVY = 800
"""Stated as its weight, so that libass never thickens it."""
_DROPPED = ("DSIG", "FFTM", "STAT", "meta", "SVG ", "COLR", "CPAL", "CBDT", "CBLC", "sbix")
_FAULTS = (
    TTLibError, struct.error, KeyError, IndexError, ValueError, AssertionError, AttributeError,
    TypeError, EOFError, OverflowError, RecursionError, MemoryError,
)  # fmt: skip
"""What fontTools raises for a damaged font."""
ADVICE = "give a TrueType or OpenType file (.ttf, .otf)"


def check_font(data: bytes) -> None:
    """Check that a file is a font that can draw captions; raises BadInput."""
    if data:
        own_font(data, "Aa")


def own_font(data: bytes, text: Iterable[str]) -> Fallback:
    """The part of a font file that a text needs; of a collection, its first font.

    Raises:
        BadInput: it is too large, damaged, no font, or has no outlines or no Unicode table.
    """
    if len(data) > MAX_FONT_BYTES:
        raise BadInput(f"the font has over {MAX_FONT_BYTES >> 20} MiB: {ADVICE}")
    if not data.startswith(SIGNATURES):
        raise BadInput(f"the file is not a font: {ADVICE}")
    try:
        with TTFont(io.BytesIO(data), fontNumber=0, lazy=True, recalcTimestamp=False) as font:
            if not any(table in font for table in ("glyf", "CFF ", "CFF2")):
                raise BadInput(f"the font has no outlines: {ADVICE}")
            known = font.getBestCmap()
            if not known:
                raise BadInput(f"the font has no Unicode table: {ADVICE}")
            wanted = {one for part in text for one in part if ord(one) in known}
            wanted = wanted or {chr(max(known))}  # a part without any character is not a font
            _state_heights(font)
            return part_of(font, wanted, FAMILY, _DROPPED, HEAVY)
    except _FAULTS as error:
        raise BadInput(one_line(f"the file is not a usable font ({error}): {ADVICE}")) from error


def _state_heights(font: Any) -> None:
    """Give the heights that libass scales by to a font that leaves them out."""
    heights, lines = font["OS/2"], font["hhea"]
    if heights.usWinAscent + heights.usWinDescent == 0:
        heights.usWinAscent, heights.usWinDescent = max(0, lines.ascent), max(0, -lines.descent)
