"""Damage to a file's bytes: each function takes the bytes and a generator, and changes them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Damage = Callable[[bytearray, random.Random], None]

EXTREMES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1")
FOURCCS = (
    b"avc1",
    b"encv",
    b"enca",
    b"drmi",
    b"hvc1",
    b"av01",
    b"vvc1",
    b"mp4a",
    b"xxxx",
    b"\0\0\0\0",
)
_FOURCC = re.compile(rb"avc1|hev1|hvc1|av01|vvc1|mp4a|mp4v|jpeg|apcn|AVdh|CFHD|s263|ulaw|Opus")
_CODEC_ID = re.compile(rb"[VA]_[A-Z0-9/]{3,}")
_BOX = re.compile(
    rb"moov|trak|mdia|minf|stbl|stsd|stts|ctts|stsz|stsc|stco|co64|mdhd|mvhd|tkhd|elst|mdat|moof"
)


def flips(data: bytearray, rng: random.Random) -> None:
    """Change some bytes anywhere."""
    for _ in range(rng.choice((1, 8, 64, 512))):
        data[rng.randrange(len(data))] = rng.randrange(256)


def header_flips(data: bytearray, rng: random.Random) -> None:
    """Change some of the first bytes."""
    for _ in range(rng.choice((1, 4, 16))):
        data[rng.randrange(min(len(data), 1024))] = rng.randrange(256)


def shorten(data: bytearray, rng: random.Random) -> None:
    """Cut the end off."""
    del data[rng.randrange(len(data)) :]


def drop(data: bytearray, rng: random.Random) -> None:
    """Take a piece out of the middle."""
    start = rng.randrange(len(data))
    del data[start : start + rng.choice((1, 7, 4096))]


def insert(data: bytearray, rng: random.Random) -> None:
    """Put random bytes in."""
    place = rng.randrange(len(data))
    data[place:place] = rng.randbytes(rng.choice((1, 5, 4096)))


def repeat(data: bytearray, rng: random.Random) -> None:
    """Repeat a piece."""
    start = rng.randrange(len(data))
    data[start:start] = data[start : start + rng.choice((16, 4096))]


def zeros(data: bytearray, rng: random.Random) -> None:
    """Blank a run of bytes."""
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.choice((4, 512, 8192)))
    data[start:end] = bytes(end - start)


def extremes(data: bytearray, rng: random.Random) -> None:
    """Write the largest, smallest or a zero number over a field after a box's name."""
    boxes = [found.end() for found in _BOX.finditer(data)] or [rng.randrange(len(data))]
    for _ in range(rng.choice((1, 3))):
        place = rng.choice(boxes) + 4 * rng.randrange(8)
        data[place : place + 4] = rng.choice(EXTREMES)


def box_size(data: bytearray, rng: random.Random) -> None:
    """Lie about how long a box is."""
    boxes = [found.start() - 4 for found in _BOX.finditer(data) if found.start() >= 4] or [0]
    place = rng.choice(boxes)
    data[place : place + 4] = rng.choice((*EXTREMES, rng.randbytes(4)))


def box_name(data: bytearray, rng: random.Random) -> None:
    """Give a box another name."""
    boxes = [found.start() for found in _BOX.finditer(data)] or [0]
    place = rng.choice(boxes)
    data[place : place + 4] = rng.choice((b"free", b"skip", b"moov", b"\0\0\0\0"))


def codec(data: bytearray, rng: random.Random) -> None:
    """Name another codec, an encrypted one or none."""
    for found in list(_FOURCC.finditer(data)):
        data[found.start() : found.end()] = rng.choice(FOURCCS)
    for found in list(_CODEC_ID.finditer(data)):
        length = found.end() - found.start()
        other = rng.choice((b"V_UNKNOWN", b"A_UNKNOWN", b"V_MPEGH/ISO/HEVC", b"V_THEORA", b"A_DTS"))
        data[found.start() : found.end()] = other[:length].ljust(length, b"\0")


def ebml_number(data: bytearray, rng: random.Random) -> None:
    """Change the value of a Matroska element: sizes, rates, channels, times, aspects."""
    elements = (
        b"\xb0\x81", b"\xb0\x82", b"\xba\x81", b"\xba\x82", b"\x9f\x81", b"\xb5\x88", b"\xb5\x84",
        b"\x54\xb0", b"\x54\xba", b"\x23\xe3\x83", b"\x2a\xd7\xb1", b"\x44\x89", b"\xe7\x81",
        b"\xa3",
    )  # fmt: skip
    found = [match.end() for name in elements for match in re.finditer(re.escape(name), data)]
    for _ in range(rng.choice((1, 3))):
        place = rng.choice(found or [rng.randrange(len(data))])
        data[place : place + 2] = rng.choice((b"\0\0", b"\xff\xff", b"\0\1", rng.randbytes(2)))


def tail(data: bytearray, rng: random.Random) -> None:
    """Add what belongs to no film."""
    data += rng.choice((bytes(100_000), rng.randbytes(100_000), b"PK\x03\x04" * 1000, data[:5000]))


KINDS: tuple[Damage, ...] = (
    flips, header_flips, shorten, drop, insert, repeat, zeros, extremes, box_size, box_name, codec,
    ebml_number, tail,
)  # fmt: skip


def damaged(data: bytes, rng: random.Random) -> tuple[bytes, str]:
    """The bytes after one to three kinds of damage, and the names of the kinds."""
    changed, names = bytearray(data), []
    for kind in rng.choices(KINDS, k=rng.choice((1, 1, 2, 3))):
        if changed:
            kind(changed, rng)
            names.append(kind.__name__)
    return bytes(changed), "+".join(names)
