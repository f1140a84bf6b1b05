"""The headers of AAC in a transport stream: each packet has one, and a copy leaves them out."""

from __future__ import annotations

from mmap import ACCESS_READ, mmap
from pathlib import Path

HEADER_BYTES = 7
RATE_AND_CHANNELS, MORE_CHANNELS = 0x3D, 0xC0
"""Masks of the third and the fourth byte."""

SYNC = b"\xff\xf0"


def changes_form(path: Path) -> bool:
    """Whether the rate or the channels change on the way in a file of ADTS packets.

    The header is that of ISO 13818-7, 6.2: rate and channels are in its third and fourth byte,
    the length of the packet in the fourth to sixth.
    """
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        return _changes(data)


def _changes(data: mmap) -> bool:
    first: tuple[int, int] | None = None
    at = 0
    while at + HEADER_BYTES <= len(data):
        if data[at] != SYNC[0] or data[at + 1] & SYNC[1] != SYNC[1]:
            at += 1
            continue
        form = data[at + 2] & RATE_AND_CHANNELS, data[at + 3] & MORE_CHANNELS
        if first is not None and form != first:
            return True
        first = form
        length = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        at += max(length, HEADER_BYTES)
    return False
