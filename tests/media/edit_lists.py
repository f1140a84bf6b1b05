"""Write edit lists into an MP4: what editors and phones leave when they trim without encoding."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path


def with_edits(
    film: Path,
    into: Path,
    edits: Sequence[tuple[float, float]],
    rate: float = 1,
    sound: Sequence[tuple[float, float]] = (),
) -> Path:
    """Copy a film whose index comes last, with edits in its two tracks.

    Args:
        film: an MP4 of ffmpeg.
        into: what is written.
        edits: each from which second of the film, and for how many seconds.
        rate: their speed.
        sound: those of the second track; the same, when empty.
    """
    data = film.read_bytes()
    at, size = next((at, size) for kind, at, size in boxes(data, 0, len(data)) if kind == b"moov")
    if at + size != len(data):
        raise ValueError(f"the index of {film.name} is not last")
    parts, scale = [], 1000
    of_tracks = iter((edits, sound or edits))
    for kind, start, length in boxes(data, at + 8, at + size):
        part = data[start : start + length]
        if kind == b"mvhd":
            scale = struct.unpack(">I", part[20:24])[0]
            total = struct.pack(
                ">I",
                round(scale * max(sum(seconds for _, seconds in some) for some in (edits, sound))),
            )
            part = part[:24] + total + part[28:]
        parts.append(_edited(part, scale, next(of_tracks), rate) if kind == b"trak" else part)
    into.write_bytes(data[:at] + box(b"moov", b"".join(parts)))
    return into


def _edited(track: bytes, scale: int, edits: Sequence[tuple[float, float]], rate: float) -> bytes:
    media_scale, first, kept = 0, 0, []
    for kind, start, length in boxes(track, 8, len(track)):
        if kind == b"mdia":
            found = {k: s for k, s, _ in boxes(track, start + 8, start + length)}
            media_scale = struct.unpack(">I", track[found[b"mdhd"] + 20 :][:4])[0]
        if kind == b"edts":  # ffmpeg hides an encoder's delay there
            first = max(0, struct.unpack(">i", track[start + 28 : start + 32])[0])
        else:
            kept.append(track[start : start + length])
    entries = [
        struct.pack(
            ">IiI", round(scale * seconds), first + round(media_scale * source), round(rate * 65536)
        )
        for source, seconds in edits
    ]
    listed = box(b"elst", struct.pack(">II", 0, len(edits)) + b"".join(entries))
    return box(b"trak", kept[0] + box(b"edts", listed) + b"".join(kept[1:]))


def box(kind: bytes, body: bytes) -> bytes:
    """A box with its size and name."""
    return struct.pack(">I4s", 8 + len(body), kind) + body


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The name, place and size of each box in a part of a file."""
    while start + 8 <= end:
        size, kind = struct.unpack(">I4s", data[start : start + 8])
        yield kind, start, size
        start += size
