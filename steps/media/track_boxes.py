"""What the tracks of an MP4 or QuickTime file say: ISO 14496-12, 8.5.2 and 8.6.6."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from steps.media.boxes import top_box
from steps.media.opening import opened

MOST_INDEX_BYTES = 64 << 20
"""A larger index is not read; that of six hours has 20 MB."""

MOST_BOXES = 1000
"""In one box: a hostile index may hold millions."""

MOST_EDITS = 10_000

NORMAL_RATE = 1 << 16
"""The speed of an edit as a fixed-point number of 16 and 16 bits."""


Bytes = bytes | memoryview


@dataclass(frozen=True)
class Edit:
    """A part of a track as a player shows it.

    Attributes:
        at: when it begins on the player's clock, in ticks of the track's media.
        first: the media's time that it begins with, in ticks; None while nothing is shown.
        length: in ticks.
        rate: its speed; 65536 is that of the recording.
    """

    at: Fraction
    first: int | None
    length: Fraction
    rate: int


def edit_list(path: Path, track: int) -> tuple[Edit, ...]:
    """The edits of a track; none without an edit list, or where it cannot be read.

    Args:
        path: of the file.
        track: the number of the track that the file states.
    """
    try:
        header, boxes = _track(path, track)
        entries = dict(_boxes(boxes.get(b"edts", b""))).get(b"elst", b"")
        media = dict(_boxes(boxes[b"mdia"]))
        return tuple(_edits(entries, Fraction(_scale(media[b"mdhd"]), _scale(header))))
    except (KeyError, struct.error, ZeroDivisionError):
        return ()  # a damaged index: ffmpeg makes what it can of it


def is_joined(path: Path, stream: int) -> bool:
    """Whether a stream has several descriptions of how it is coded: Matroska holds one only."""
    with opened(path) as (container, kind):
        if kind.demuxer != "mov":
            return False
        track = container.streams[stream].id
    try:
        _, boxes = _track(path, track)
        index = dict(_boxes(dict(_boxes(boxes[b"mdia"]))[b"minf"]))[b"stbl"]
        (count,) = struct.unpack_from(">I", dict(_boxes(index))[b"stsd"], 4)
    except (KeyError, struct.error):
        return False  # a damaged index, or none: fragments
    return int(count) > 1


def _track(path: Path, number: int) -> tuple[Bytes, dict[bytes, Bytes]]:
    """The film's header, and the boxes of one of its tracks."""
    header: Bytes = b""
    for name, body in _boxes(memoryview(top_box(path, "moov", MOST_INDEX_BYTES))):
        header = body if name == b"mvhd" else header
        boxes = dict(_boxes(body)) if name == b"trak" else {}
        if boxes and _number(boxes[b"tkhd"]) == number:
            return header, boxes
    raise KeyError(number)


def _edits(entries: Bytes, media_ticks: Fraction) -> Iterator[Edit]:
    if not entries:
        return
    is_long = entries[0] == 1
    (count,) = struct.unpack_from(">I", entries, 4)
    if count > MOST_EDITS:
        return
    layout = struct.Struct(">QqI" if is_long else ">IiI")
    at = Fraction(0)
    for number in range(count):
        length, first, rate = layout.unpack_from(entries, 8 + number * layout.size)
        yield Edit(at, None if first < 0 else first, length * media_ticks, rate)
        at += length * media_ticks


def _scale(header: Bytes) -> int:
    """The ticks a second of a movie's or a track's header."""
    (ticks,) = struct.unpack_from(">I", header, 20 if header[:1] == b"\1" else 12)
    return int(ticks)


def _number(header: Bytes) -> int:
    (number,) = struct.unpack_from(">I", header, 20 if header[:1] == b"\1" else 12)
    return int(number)


def _boxes(data: Bytes) -> Iterator[tuple[bytes, Bytes]]:
    """The names and bodies of the boxes in a box."""
    place = 0
    for _ in range(MOST_BOXES):
        if place + 8 > len(data):
            return
        size = int.from_bytes(data[place : place + 4], "big")
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        size = size or len(data) - place
        if size < head:
            return
        yield bytes(data[place + 4 : place + 8]), data[place + head : place + size]
        place += size
