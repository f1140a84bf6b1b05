"""The measured facts of a clip against its plan. Pure but for the reading of the MP4's boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from steps.contract.errors import BrokenContract
from steps.media.rendered import RenderedFile
from steps.model.geometry import Size
from steps.render.encode import key_gap
from steps.render.plan import Grid
from steps.render.sound import HIGHEST_DBTP, TARGET_LUFS, TOLERANCE_LU, Level

BT709_LIMITED = (1, 1, 1, 1)
SYNC_S = Fraction(10, 1000)
"""Sound and picture start and end within this of each other, but for the last AAC frame."""

AAC_FRAME_S = Fraction(1024, 48_000)


@dataclass(frozen=True)
class Measured:
    """A clip as it is.

    Attributes:
        delivered: its container's facts.
        boxes: names of its top-level MP4 boxes, in order.
        has_edit_list: whether a track has one.
        level: of the sound; None when it is silent.
        black: share of the key frames that are black.
    """

    delivered: RenderedFile
    boxes: tuple[str, ...]
    has_edit_list: bool
    level: Level | None
    black: Fraction


@dataclass(frozen=True)
class Planned:
    """A clip as it should be.

    Attributes:
        may_be_black: the source's own pictures are.
        is_levelled: there is sound, and enough of it to reach the target.
    """

    size: Size
    grid: Grid
    may_be_black: bool
    is_levelled: bool


Check = Callable[[Measured, Planned], str]
"""Returns what is wrong, or an empty text."""


def run_checks(measured: Measured, planned: Planned) -> tuple[str, ...]:
    """The names of all checks, when all pass.

    Raises:
        BrokenContract: a check fails; the message has its name and what was found.
    """
    for name, check in CHECKS.items():
        if wrong := check(measured, planned):
            raise BrokenContract(f"the rendered clip fails the check {name!r}: {wrong}")
    return tuple(CHECKS)


def _size(measured: Measured, planned: Planned) -> str:
    found, wanted = measured.delivered.size, planned.size
    return _differs(f"{found.width_px}x{found.height_px}", f"{wanted.width_px}x{wanted.height_px}")


def _rate(measured: Measured, planned: Planned) -> str:
    return _differs(str(measured.delivered.rate), str(planned.grid.rate))


def _frames(measured: Measured, planned: Planned) -> str:
    return _differs(measured.delivered.frames, planned.grid.count)


def _codecs(measured: Measured, planned: Planned) -> str:
    found = measured.delivered
    return _differs(
        (found.video_codec, found.profile, found.pixel_format, found.audio_codec),
        ("h264", "High", "yuv420p", "aac"),
    ) or _differs((found.audio_profile, found.sample_rate_hz, found.channels), ("LC", 48_000, 2))


def _colours(measured: Measured, planned: Planned) -> str:
    return _differs(measured.delivered.colours, BT709_LIMITED)


def _key_frames(measured: Measured, planned: Planned) -> str:
    most = key_gap(planned.grid)
    found = measured.delivered.widest_key_gap
    return f"{found} frames between key frames, at most {most} wanted" if found > most else ""


def _sync(measured: Measured, planned: Planned) -> str:
    starts, lengths = measured.delivered.start_s, measured.delivered.duration_s
    if any(start != 0 for start in starts):
        return f"streams start at {float(starts[0]):.3f} and {float(starts[1]):.3f} s, not at 0"
    wanted = planned.grid.duration_ms / 1000
    if abs(lengths[0] - wanted) > SYNC_S:
        return f"the picture lasts {float(lengths[0]):.3f} s, not {float(wanted):.3f} s"
    if not -SYNC_S <= lengths[1] - wanted <= SYNC_S + AAC_FRAME_S:
        return f"the sound lasts {float(lengths[1]):.3f} s, not {float(wanted):.3f} s"
    return ""


def _fast_start(measured: Measured, planned: Planned) -> str:
    boxes = measured.boxes
    if "moov" not in boxes or "mdat" not in boxes:
        return f"boxes are {', '.join(boxes)}"
    return "moov comes after mdat" if boxes.index("moov") > boxes.index("mdat") else ""


def _no_edit_list(measured: Measured, planned: Planned) -> str:
    return "the file has one" if measured.has_edit_list else ""


def _picture(measured: Measured, planned: Planned) -> str:
    return "every frame is black" if measured.black == 1 and not planned.may_be_black else ""


def _loudness(measured: Measured, planned: Planned) -> str:
    level = measured.level
    if not planned.is_levelled:
        return ""
    if level is None:
        return "the sound is silent, the source's was not"
    off = abs(level.lufs - TARGET_LUFS)
    return f"{level.lufs:.1f} LUFS, {TARGET_LUFS:.1f} wanted" if off > TOLERANCE_LU else ""


def _true_peak(measured: Measured, planned: Planned) -> str:
    level = measured.level
    if level is None or level.dbtp <= HIGHEST_DBTP:
        return ""
    return f"{level.dbtp:.1f} dBTP, at most {HIGHEST_DBTP:.1f} wanted"


CHECKS: dict[str, Check] = {
    "size": _size,
    "rate": _rate,
    "frames": _frames,
    "codecs": _codecs,
    "colours": _colours,
    "key-frames": _key_frames,
    "sync": _sync,
    "fast-start": _fast_start,
    "no-edit-list": _no_edit_list,
    "picture": _picture,
    "loudness": _loudness,
    "true-peak": _true_peak,
}
"""In the order in which they run. Measuring has already decoded the clip."""


def top_boxes(path: Path) -> tuple[str, ...]:
    """The names of an MP4 file's top-level boxes, in order."""
    return tuple(name for name, _, _ in _walk(path))


def has_edit_list(path: Path) -> bool:
    """Whether the index of an MP4 file holds an edit list."""
    with path.open("rb") as file:
        for name, start, size in _walk(path):
            if name == "moov":
                file.seek(start)
                return b"elst" in file.read(size)
    return False


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


def _differs(found: object, wanted: object) -> str:
    return "" if found == wanted else f"found {found}, expected {wanted}"
