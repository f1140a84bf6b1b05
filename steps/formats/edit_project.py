"""What an edit list says, before a format is chosen: clips of one source, in its frames. Pure.

Frames count from the source's first picture; `start_frame` is what its time code says there. A span
is half-open. Rates are exact. Time code counts in `base` frames a second, 30 at 29.97.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from xml.etree import ElementTree as ET

from steps.model.geometry import Size

NTSC = 1001
"""The denominator of 23.976, 29.97 and 59.94 frames a second."""
LONGEST_NAME = 200
"""Characters of a name in an edit list; editors cut longer ones off."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Trim:
    """What is cut off the source's picture on each side, in its pixels."""

    left: Fraction
    top: Fraction
    right: Fraction
    bottom: Fraction


@dataclass(frozen=True)
class Placement:
    """Where the source's picture is on the canvas from a frame on, linear until the next one.

    Attributes:
        frame: of the source.
        scale: pixels of the canvas that a pixel of the source takes.
        right_px: how far the picture's middle, before it is trimmed, is to the right of the canvas'
            middle.
        down_px: how far it is below it.
        trim: None where the canvas' own edges cut the picture.
    """

    frame: int
    scale: Fraction
    right_px: Fraction
    down_px: Fraction
    trim: Trim | None = None


Layer = tuple[Placement, ...]
"""A window's placements, in order of frames."""


@dataclass(frozen=True)
class Piece:
    """A part of a clip with one layout.

    Attributes:
        layers: its windows, the lowest first; each begins at `in_frame`.
        windows: the crop windows as the crop plan has them, for the formats that carry data.
    """

    in_frame: int
    out_frame: int
    layout: str
    layers: tuple[Layer, ...] = ()
    windows: tuple[dict[str, object], ...] = ()

    @property
    def frames(self) -> int:
        """Its length."""
        return self.out_frame - self.in_frame


@dataclass(frozen=True)
class EditedText:
    """A caption, from one frame of the source to another."""

    in_frame: int
    out_frame: int
    text: str


@dataclass(frozen=True)
class EditedClip:
    """A clip: its pieces follow one another without a gap.

    Attributes:
        note: one line: score, speakers.
        captions: the path of its .srt, or empty.
        texts: its captions, for the formats that have titles; they are in order and do not overlap.
    """

    id: str
    title: str
    note: str
    captions: str
    pieces: tuple[Piece, ...]
    texts: tuple[EditedText, ...] = ()

    @property
    def in_frame(self) -> int:
        """Its first frame."""
        return self.pieces[0].in_frame

    @property
    def out_frame(self) -> int:
        """The frame after its last."""
        return self.pieces[-1].out_frame

    @property
    def frames(self) -> int:
        """Its length."""
        return self.out_frame - self.in_frame

    @property
    def name(self) -> str:
        """`clip_01 The title`."""
        return plain(f"{self.id} {self.title}")


@dataclass(frozen=True)
class EditProject:
    """All clips of one source.

    Attributes:
        media: the source's address: a path relative to the edit list, or a URL.
        frames: of the whole source.
        size: of the source's picture.
        canvas: of the clips.
        channels: of the sound; 0 without sound.
        drop: time code skips the names of two frames a minute; at 29.97 and 59.94 only.
        variable: the source's pictures are unevenly spaced: frames are counted as if at `rate`.
    """

    name: str
    media: str
    rate: Fraction
    frames: int
    size: Size
    canvas: Size
    channels: int
    sample_rate_hz: int
    clips: tuple[EditedClip, ...]
    start_frame: int = 0
    drop: bool = False
    variable: bool = False

    @property
    def base(self) -> int:
        """Frames of a second of time code."""
        return math.ceil(self.rate)

    @property
    def is_ntsc(self) -> bool:
        """Whether the rate is 1000/1001 of a whole one."""
        return self.rate.denominator == NTSC

    @property
    def drops(self) -> bool:
        """Whether time code really drops: only these two rates have such a count."""
        return self.drop and drops_frames(";", self.rate)

    def timecode(self, frame: int) -> str:
        """`HH:MM:SS:FF` of a counted frame, past midnight from 0 again; `;` where it drops.

        Drop frame as SMPTE ST 12-1 has it: the first two numbers (four at 59.94) of each minute are
        left out, except of each tenth minute.
        """
        if self.drops:
            skipped = self.base // 15
            minute, ten = 60 * self.base - skipped, 600 * self.base - 9 * skipped
            tens, rest = divmod(frame, ten)
            frame += 9 * skipped * tens + skipped * max(0, (rest - skipped) // minute)
        seconds, frames = divmod(frame, self.base)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        mark = ";" if self.drops else ":"
        return f"{hours % 24:02}:{minutes:02}:{seconds:02}{mark}{frames:02}"


def counted_frame(timecode: str, rate: Fraction) -> int:
    """The frame that a time code counts to: the inverse of `EditProject.timecode`.

    Args:
        timecode: `HH:MM:SS:FF`, with `;` before the frames where it drops frame numbers.
        rate: frames a second.
    """
    hours, minutes, seconds, frames = (int(part) for part in re.split("[:;]", timecode))
    base = math.ceil(rate)
    minutes += 60 * hours
    dropped = drops_frames(timecode, rate) * (base // 15) * (minutes - minutes // 10)
    return (60 * minutes + seconds) * base + frames - dropped


def drops_frames(timecode: str, rate: Fraction) -> bool:
    """Whether a time code drops frame numbers: it says so, and its rate is one of the two."""
    return ";" in timecode and rate.denominator == NTSC and math.ceil(rate) in (30, 60)


def plain(text: str) -> str:
    """A text as one line without control and format characters, cut to `LONGEST_NAME`."""
    kept = "".join(
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one
        for one in text
        if unicodedata.category(one) not in ("Cf", "Cs", "Cn")
    )
    return " ".join(kept.split())[:LONGEST_NAME].strip()


def decimal_text(value: Fraction, places: int = 4) -> str:
    """A number with this many places at most, the same text on every machine: `-0.25`."""
    scaled = round(value * 10**places)
    whole, rest = divmod(abs(scaled), 10**places)
    text = f"{whole}.{rest:0{places}}".rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text


def xml_text(text: str) -> str:
    """A text as XML 1.0 can hold it: characters that it forbids are left out."""
    return _FORBIDDEN.sub("", text)


def xml_document(root: ET.Element, doctype: str) -> bytes:
    """An indented document with its declaration."""
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}\n{body}\n'.encode()
