"""Read WebVTT: cues with their lines, and the word times that some lines carry.

Our own, because pysubs2 1.8 reads it as SubRip: it takes a line with exactly two inline word times
for the start of a new cue, and adds notes and cue names to the text before them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STAMP = r"(?:(\d{1,4}):)?(\d{2}):(\d{2})[.,](\d{3})"
TIMING = re.compile(rf"^\s*{STAMP}\s+-->\s+{STAMP}")
INLINE = re.compile(rf"<{STAMP}>")
HEADER_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Piece:
    """Text as it stands in the file, markup and all, and the time that stands before it."""

    text: str
    in_ms: int | None = None


@dataclass(frozen=True)
class RawCue:
    """One cue: its time, and its lines, each in pieces."""

    in_ms: int
    out_ms: int
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Subtitles:
    """A file of cues in order of their start; language as the header states it, or empty."""

    language: str
    cues: tuple[RawCue, ...]


def read(text: str) -> Subtitles:
    """Parse a WebVTT file; blocks that are no cue (notes, styles, regions) are passed over."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    blocks = re.split(r"\n{2,}", text.strip("\n"))  # a line of spaces parts nothing
    header = blocks[0] if blocks[0].startswith("WEBVTT") else ""
    language = HEADER_LANGUAGE.search(header)
    found = [cue for block in blocks if (cue := _cue(block.split("\n")))]
    cues = sorted(found, key=lambda cue: cue.in_ms)
    return Subtitles(language[1] if language else "", tuple(cues))


def _cue(lines: list[str]) -> RawCue | None:
    """The cue of a block: its timing is on the first line, or behind a name on the second."""
    for index, line in enumerate(lines[:2]):
        if timing := TIMING.match(line):
            groups = timing.groups()
            in_ms, out_ms = _ms(groups[:4]), _ms(groups[4:])
            if out_ms <= in_ms:
                return None
            return RawCue(in_ms, out_ms, tuple(_pieces(text) for text in lines[index + 1 :]))
    return None


def _pieces(line: str) -> tuple[Piece, ...]:
    """`one<00:00:01.000> two` is `one`, then `two` at 1000 ms."""
    first, *rest = INLINE.split(line)
    pieces = [Piece(first)] if first.strip() else []
    for at in range(0, len(rest), 5):
        pieces.append(Piece(rest[at + 4], _ms(tuple(rest[at : at + 4]))))
    return tuple(pieces)


def _ms(groups: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, milliseconds = (int(group or 0) for group in groups)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
