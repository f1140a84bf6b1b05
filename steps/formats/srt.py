"""SubRip (SRT), read by pysubs2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pysubs2
from pysubs2.formats.subrip import SubripFormat

from steps.formats import ass
from steps.formats.subtitles import Subtitle, SubtitleFile, bounded_lines
from steps.model.timing import clock

_NUMBER = "0"
_WORD_JOINER = "\u2060"
_BLANKS = re.compile(r"[ \t]+")
_WHOLE_SECONDS = re.compile(r"(?<![\d:.,])(\d{1,3}:\d{2}:\d{2})(?![\d:.,])")
"""A time without its milliseconds, which pysubs2 does not take for one."""
_OPENS_TAG = re.compile(r"<(?= ?/? ?[a-zA-Z])")


def read(text: str) -> SubtitleFile:
    """Parse a SubRip file.

    Raises:
        ValueError: it has too many lines, or pysubs2 cannot parse it.
    """
    lines: list[str] = []
    for line in map(_tame, bounded_lines(text)):
        if "-->" in line:
            line = _WHOLE_SECONDS.sub(r"\1,000", line)
        if line or (lines and lines[-1]):
            lines.append(line)
    text = "\n".join([*_numbered(lines), "", _NUMBER])
    return ass.subtitles(pysubs2.SSAFile.from_string(text, format_="srt"))


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


def _numbered(lines: Sequence[str]) -> Iterator[str]:
    """Lines with a number before each time: pysubs2 takes a number there for that of the cue.

    So it takes the last line of a text for one too, in the last cue and in files without numbers.
    """
    before, is_numbered = "", None
    for line in lines:
        if len(SubripFormat.TIMESTAMP.findall(line)) == 2:
            if is_numbered is None:
                is_numbered = before.isdecimal()
            elif not is_numbered:
                yield from ("", _NUMBER)
        before = line or before
        yield line


def _tame(line: str) -> str:
    """Remove what makes the patterns of pysubs2 quadratic: runs of spaces, tags left open."""
    closed, bracket, rest = _BLANKS.sub(" ", line).strip().rpartition(">")
    return closed + bracket + _OPENS_TAG.sub("", rest)
