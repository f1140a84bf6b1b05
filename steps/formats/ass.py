"""Advanced SubStation Alpha (ASS and SSA), read and written by pysubs2."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pysubs2

from steps.formats.subtitles import Subtitle, SubtitleFile, bounded_lines
from steps.model.geometry import Size

_WORD_JOINER = "\u2060"
_DRAWING = re.compile(r"\\p[1-9]")


def read(text: str) -> SubtitleFile:
    """Parse the dialogue of a script; comments and drawings are left out.

    Raises:
        ValueError: it has too many lines, or pysubs2 cannot parse it.
    """
    kind = "ssa" if "[v4 styles]" in text.lower() else "ass"
    return subtitles(pysubs2.SSAFile.from_string("\n".join(bounded_lines(text)), format_=kind))


def subtitles(script: pysubs2.SSAFile) -> SubtitleFile:
    """The dialogue of a parsed script as plain text, by its in points, then in the file's order."""
    found = []
    for event in script.events:
        overrides, text = _separated(event.text)
        if event.is_comment or _DRAWING.search(overrides) or not 0 <= event.start < event.end:
            continue
        lines = [line for part in text.splitlines() if (line := part.strip())]
        if lines:
            found.append(Subtitle.of(int(event.start), int(event.end), lines))
    found.sort(key=lambda item: item.in_ms)
    return SubtitleFile(tuple(found))


def write(
    size: Size,
    styles: Mapping[str, pysubs2.SSAStyle],
    events: Sequence[pysubs2.SSAEvent],
    fonts: Mapping[str, bytes] | None = None,
) -> str:
    """Write a script for a picture of a size; renderers keep its lines and colours as they are.

    `fonts` are font files by name: the script carries them.
    """
    script = pysubs2.SSAFile()
    script.info = {
        "ScriptType": "v4.00+",
        "PlayResX": str(size.width_px),
        "PlayResY": str(size.height_px),
        "WrapStyle": "2",
        "ScaledBorderAndShadow": "yes",
        "YCbCr Matrix": "None",
    }
    script.styles = dict(styles)
    script.events = list(events)
    script.fonts_opaque = {name: _encoded(data) for name, data in (fonts or {}).items()}
    return script.to_string("ass")


def _encoded(data: bytes) -> list[str]:
    """A file as the lines of a [Fonts] section: six bits a character, as libass decodes them."""
    text = []
    for at in range(0, len(data), 3):
        part = data[at : at + 3]
        bits = int.from_bytes(part.ljust(3, b"\0"), "big")
        text += [chr(33 + (bits >> shift & 63)) for shift in (18, 12, 6, 0)[: len(part) + 1]]
    joined = "".join(text)
    return [joined[at : at + 80] for at in range(0, len(joined), 80)]


def escape(text: str) -> str:
    r"""Text that libass shows as it is: `{` and `}` escaped, `\N` and its like broken."""
    return (
        text.replace("\\", "\\" + _WORD_JOINER)
        .replace("{", "\\{")
        .replace("}", "\\}")
        .replace("\n", " ")
        .replace("\r", " ")
    )


def centiseconds(time_ms: int) -> int:
    """Round up to the next hundredth: ASS has no finer times, and nothing is shown early."""
    return -(-time_ms // 10) * 10


def colour(hexadecimal: str) -> str:
    """`#RRGGBB` as an override has it: `&HBBGGRR&`."""
    red, green, blue = hexadecimal[1:3], hexadecimal[3:5], hexadecimal[5:7]
    return f"&H{blue}{green}{red}&".upper()


def style_colour(hexadecimal: str, alpha: int = 0) -> pysubs2.Color:
    """`#RRGGBB` as a style has it; alpha 0 is opaque, 255 invisible."""
    red, green, blue = bytes.fromhex(hexadecimal[1:])
    return pysubs2.Color(red, green, blue, alpha)


def rounded_rectangle(width: int, height: int, radius: int) -> str:
    """A drawing of a rectangle with round corners; 0.45 of the radius makes a Bézier arc."""
    r, c = min(radius, width // 2, height // 2), round(0.45 * radius)
    return (
        f"m {r} 0 l {width - r} 0 b {width - c} 0 {width} {c} {width} {r} "
        f"l {width} {height - r} b {width} {height - c} {width - c} {height} {width - r} {height} "
        f"l {r} {height} b {c} {height} 0 {height - c} 0 {height - r} "
        f"l 0 {r} b 0 {c} {c} 0 {r} 0"
    )


def _separated(text: str) -> tuple[str, str]:
    """The override blocks of an event, and its text without them, in linear time."""
    overrides: list[str] = []
    shown: list[str] = []
    at = 0
    while (start := text.find("{", at)) >= 0 and (end := text.find("}", start)) >= 0:
        shown.append(text[at:start])
        overrides.append(text[start : end + 1])
        at = end + 1
    shown.append(text[at:])
    plain = "".join(shown).replace("\\h", " ").replace("\\n", "\n").replace("\\N", "\n")
    return "".join(overrides), plain
