"""SubRip (SRT), read by pysubs2."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pysubs2

from steps.formats import ass
from steps.formats.subtitles import Subtitle, SubtitleFile, bounded_lines
from steps.model.timing import clock

_WORD_JOINER = "\u2060"
_BLANKS = re.compile(r"[ \t]+")
_OPENS_TAG = re.compile(r"<(?= ?/? ?[a-zA-Z])")


def read(text: str) -> SubtitleFile:
    """Parse a SubRip file.

    Raises:
        ValueError: it has too many lines, or pysubs2 cannot parse it.
    """
    lines: list[str] = []
    for line in map(_tame, bounded_lines(text)):
        if line or (lines and lines[-1]):
            lines.append(line)
    return ass.subtitles(pysubs2.SSAFile.from_string("\n".join(lines), format_="srt"))


def write(subtitles: Sequence[Subtitle]) -> str:
    """Write a SubRip file; a word joiner keeps `<`, `{` and `-->` from being read as markup."""
    blocks = []
    for number, subtitle in enumerate(subtitles, 1):
        times = f"{clock(subtitle.in_ms, ',')} --> {clock(subtitle.out_ms, ',')}"
        text = (
            "\n".join(subtitle.texts)
            .replace("<", f"<{_WORD_JOINER}")
            .replace("{", f"{{{_WORD_JOINER}")
            .replace("-->", f"--{_WORD_JOINER}>")
        )
        blocks.append(f"{number}\n{times}\n{text}\n")
    return "\n".join(blocks)


def _tame(line: str) -> str:
    """Remove what makes the patterns of pysubs2 quadratic: runs of spaces, tags left open."""
    closed, bracket, rest = _BLANKS.sub(" ", line).strip().rpartition(">")
    return closed + bracket + _OPENS_TAG.sub("", rest)
