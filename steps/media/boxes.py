"""The boxes of an MP4 file, as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def top_boxes(path: Path) -> tuple[str, ...]:
    """The names of an MP4 file's top-level boxes, in order."""
    return tuple(name for name, _, _ in _walk(path))


def has_edit_list(path: Path) -> bool:
    """Whether the index of an MP4 file holds an edit list."""
    return b"elst" in top_box(path, "moov", path.stat().st_size)


def top_box(path: Path, name: str, most_bytes: int) -> bytes:
    """The content of a top-level box; empty where there is none, or where it is larger."""
    for found, start, size in _walk(path):
        if found == name and size <= most_bytes:
            with path.open("rb") as file:
                file.seek(start)
                head = 16 if file.read(4) == b"\0\0\0\1" else 8
                file.seek(start + head)
                return file.read(size - head)
    return b""


def _walk(path: Path) -> Iterator[tuple[str, int, int]]:
    end, place = path.stat().st_size, 0
    with path.open("rb") as file:
        while place + 8 <= end:
            file.seek(place)
            head = file.read(16)
            size = int.from_bytes(head[:4], "big")
            size = int.from_bytes(head[8:16], "big") if size == 1 else size or end - place
            yield head[4:8].decode("latin-1"), place, size
            if size < 8:
                return
            place += size
