"""WebVTT: https://www.w3.org/TR/webvtt1/.

The reader is our own, because pysubs2 1.8 parses WebVTT as SubRip: it takes a line with exactly two
inline word times for the start of a new cue, and adds notes and cue names to the text before them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from steps.formats.subtitles import Subtitle, SubtitleFile, TimedText
from steps.model.timing import clock

STAMP = r"(?:(\d{1,4}):)?(\d{2}):(\d{2})[.,](\d{3})"
TIMING = re.compile(rf"^\s*{STAMP}\s+-->\s+{STAMP}")
INLINE = re.compile(rf"<{STAMP}>")
HEADER_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\s*$", re.MULTILINE)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|\{\\[^{}]*\}")
"""WebVTT and HTML tags, and the override blocks of ASS that converters leave in the text."""
VOICE = re.compile(r"\s*<v(?:\.[^\s<>]*)?\s+([^\s<>][^<>]*)>")
HUGE_REFERENCE = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{8,});?")
"""A character reference past Unicode's end; `html.unescape` raises on a very long one."""


def read(text: str) -> SubtitleFile:
    """Parse a WebVTT file; skip blocks that are not cues (notes, styles, regions)."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    blocks = re.split(r"\n{2,}", _parted(text).strip("\n"))  # spaces do not end a block
    header = blocks[0] if blocks[0].startswith("WEBVTT") else ""
    language = HEADER_LANGUAGE.search(header)
    found = [subtitle for block in blocks if (subtitle := _subtitle(block.split("\n")))]
    found.sort(key=lambda subtitle: subtitle.in_ms)
    return SubtitleFile(tuple(found), language[1] if language else "")


def with_language(text: str, language: str) -> str:
    """A WebVTT file that states a language in its header, in place of what it stated."""
    header, blank, cues = _parted(text).partition("\n\n")
    first, *others = HEADER_LANGUAGE.sub("", header).split("\n")
    lines = [first, f"Language: {language}", *filter(None, others)]
    return "\n".join(lines) + blank + cues


def _parted(text: str) -> str:
    """A file with an empty line after its header, where its first cue follows it at once."""
    header, blank, cues = text.partition("\n\n")
    lines = header.split("\n")
    at = next((at for at, line in enumerate(lines) if TIMING.match(line)), 0)
    if not at or not header.startswith("WEBVTT"):
        return text
    return "\n".join([*lines[:at], "", *lines[at:]]) + blank + cues


def write(subtitles: Sequence[Subtitle]) -> str:
    """Write a WebVTT file; `&`, `<` and `>` are escaped as the standard requires.

    Who speaks is in a voice tag: `<v Ann>Good morning.`
    """
    blocks = ["WEBVTT\n"]
    for subtitle in subtitles:
        text = _escaped("\n".join(subtitle.texts))
        if name := " ".join(subtitle.speaker.split()):
            text = f"<v {_escaped(name)}>{text}"
        blocks.append(f"{clock(subtitle.in_ms)} --> {clock(subtitle.out_ms)}\n{text}\n")
    return "\n".join(blocks)


def moved(text: str, by_ms: int) -> str:
    """A WebVTT file with its cues and their words later by `by_ms`; cues over before 0 go."""
    if not by_ms:
        return text
    blocks = (_moved(block.split("\n"), by_ms) for block in re.split(r"\n{2,}", text.strip("\n")))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _moved(lines: list[str], by_ms: int) -> str:
    """A block, moved if it is a cue; empty where it is over before 0."""

    def later(found: re.Match[str]) -> str:
        return re.sub(STAMP, lambda stamp: clock(max(0, _ms(stamp.groups()) + by_ms)), found[0])

    for index, line in enumerate(lines[:2]):
        if timing := TIMING.match(line):
            if _ms(timing.groups()[4:]) + by_ms <= 0:
                return ""
            shown = [INLINE.sub(later, one) for one in lines[index + 1 :]]
            return "\n".join([*lines[:index], TIMING.sub(later, line), *shown])
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _subtitle(lines: list[str]) -> Subtitle | None:
    """Parse a block: its timing is on the first line, or on the second after a cue name."""
    for index, line in enumerate(lines[:2]):
        if timing := TIMING.match(line):
            groups = timing.groups()
            in_ms, out_ms = _ms(groups[:4]), _ms(groups[4:])
            if out_ms <= in_ms:
                return None
            shown = lines[index + 1 :]
            voice = VOICE.match(shown[0]) if shown else None
            speaker = _plain(voice[1]).strip() if voice else ""
            return Subtitle(in_ms, out_ms, tuple(map(_parts, shown)), speaker)
    return None


def _parts(line: str) -> tuple[TimedText, ...]:
    """Split at the word times: `one<00:00:01.000> two` is `one`, then ` two` at 1000 ms."""
    first, *rest = INLINE.split(line)
    parts = [TimedText(_plain(first))] if first.strip() else []
    for at in range(0, len(rest), 5):
        parts.append(TimedText(_plain(rest[at + 4]), _ms(tuple(rest[at : at + 4]))))
    return tuple(parts)


def _plain(text: str) -> str:
    return html.unescape(HUGE_REFERENCE.sub("\ufffd", TAG.sub("", text)))


def _ms(groups: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, milliseconds = (int(group or 0) for group in groups)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
