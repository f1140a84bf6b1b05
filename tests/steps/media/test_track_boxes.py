"""A damaged or hostile index of an MP4 is left to ffmpeg, at once."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import pytest

from steps.media.track_boxes import Edit, edit_list
from tests.media.edit_lists import box


def film(edits: bytes, *, wide: bool = False) -> bytes:
    """An index of one track, number 7, at 90 ticks a second in a film of 30."""
    dates = bytes(16 if wide else 8)
    version = bytes([wide, 0, 0, 0])
    scale = box(b"mdhd", version + dates + struct.pack(">I", 90))
    track = box(b"tkhd", version + dates + struct.pack(">I", 7))
    listed = box(b"edts", box(b"elst", edits))
    header = box(b"mvhd", version + dates + struct.pack(">I", 30))
    return box(b"moov", header + box(b"trak", track + listed + box(b"mdia", scale)))


def entries(count: int, *edits: tuple[int, int]) -> bytes:
    return struct.pack(">II", 0, count) + b"".join(
        struct.pack(">IiI", length, first, 65536) for length, first in edits
    )


@pytest.mark.parametrize("wide", [False, True])
def test_edits_are_in_ticks_of_the_media(wide: bool, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film(entries(2, (10, -1), (20, 45)), wide=wide))
    assert edit_list(path, 7) == (
        Edit(Fraction(0), None, Fraction(30), 65536),
        Edit(Fraction(30), 45, Fraction(60), 65536),
    )
    assert edit_list(path, 8) == ()


@pytest.mark.parametrize(
    "index",
    [
        film(entries(3, (10, 0))),  # fewer than stated
        film(entries(2**31, *[(1, 0)] * 100)),
        film(b""),
        film(entries(1, (10, 0)))[:60],
        box(b"moov", box(b"trak", box(b"free", b"") * 100_000)),
        b"",
    ],
    ids=["short", "millions", "empty", "cut off", "many boxes", "nothing"],
)
def test_what_cannot_be_read_has_no_edits(index: bytes, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(index)
    assert edit_list(path, 7) == ()
