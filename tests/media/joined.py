"""An MP4 of two descriptions of its pictures: what programs leave that join files without encoding.

ffmpeg joins them with the first description only; the second one is written in here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

from steps.media import ffmpeg
from tests.media.edit_lists import box, boxes

PICTURES = 40
"""Of each half."""


def joined(whole: Path, to: Path) -> Path:
    """The plain film, with pictures that are coded otherwise from its middle on."""
    halves = []
    for number, coder in enumerate(("vlc", "ac")):
        half = to.with_name(f"half{number}.mp4")
        coding = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-bf", "0"]
        span = ["-ss", str(4 * number), "-t", "4", "-i", str(whole), "-an"]
        ffmpeg.run([*span, *coding, "-coder", coder, str(half)])
        halves.append(half)
    listed, one = to.with_suffix(".txt"), to.with_name("one.mp4")
    listed.write_text("".join(f"file '{half.name}'\n" for half in halves))
    inputs = [
        "-f",
        "concat",
        "-auto_convert",
        "0",
        "-i",
        str(listed),
        "-i",
        str(whole),
        "-map",
        "0:v",
        "-map",
        "1:a",
    ]
    ffmpeg.run([*inputs, "-c", "copy", str(one)])
    other = _only(_samples(_index(halves[1].read_bytes())), b"stsd")[8:]
    data = one.read_bytes()
    index = _index(data)

    def described(samples: bytes) -> bytes:
        first = _only(samples, b"stsd")[8:]
        new = {
            b"stsd": struct.pack(">II", 0, 2) + first + other,
            b"stsc": struct.pack(">8I", 0, 2, 1, 1, 1, 1 + PICTURES, 1, 2),
            b"stco": _one_chunk_a_sample(samples),
        }
        return b"".join(
            box(kind, new.get(kind, samples[at + 8 : at + size]))
            for kind, at, size in boxes(samples, 0, len(samples))
        )

    to.write_bytes(data[: -8 - len(index)] + box(b"moov", _inside(index, PATH, described)))
    return to


PATH = (b"trak", b"mdia", b"minf", b"stbl")


def _inside(data: bytes, path: tuple[bytes, ...], change: Callable[[bytes], bytes]) -> bytes:
    """The boxes, with the content of the first one at a path changed."""
    if not path:
        return change(data)
    parts, is_done = [], False
    for kind, at, size in boxes(data, 0, len(data)):
        body = data[at + 8 : at + size]
        if kind == path[0] and not is_done:
            body, is_done = _inside(body, path[1:], change), True
        parts.append(box(kind, body))
    return b"".join(parts)


def _index(data: bytes) -> bytes:
    return _only(data, b"moov")


def _samples(data: bytes) -> bytes:
    for kind in PATH:
        data = _only(data, kind)
    return data


def _only(data: bytes, wanted: bytes) -> bytes:
    """The content of the first box of a kind."""
    return next(
        data[at + 8 : at + size] for kind, at, size in boxes(data, 0, len(data)) if kind == wanted
    )


def _one_chunk_a_sample(samples: bytes) -> bytes:
    """The places of all samples, out of those of the chunks."""
    sizes = struct.unpack(f">{2 * PICTURES}I", _only(samples, b"stsz")[12:])
    chunks = [at for (at,) in struct.iter_unpack(">I", _only(samples, b"stco")[8:])]
    runs = list(struct.iter_unpack(">III", _only(samples, b"stsc")[8:]))
    counts = [
        next(count for first, count, _ in reversed(runs) if first <= number)
        for number in range(1, len(chunks) + 1)
    ]
    places, left = [], list(sizes)
    for start, count in zip(chunks, counts, strict=True):
        places += list(accumulate(left[: count - 1], initial=start))
        left = left[count:]
    return struct.pack(f">II{len(places)}I", 0, len(places), *places)
