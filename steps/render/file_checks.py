"""The checks that a file which platforms take, and players play, always passes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from steps.render.encode import key_gap
from steps.render.measured import Measured, Planned
from steps.render.sound import HIGHEST_DBTP, TARGET_LUFS, TOLERANCE_LU

BT709_LIMITED = (1, 1, 1, 1)
SYNC_S = Fraction(10, 1000)
"""Sound and picture start and end within this of each other, but for the last AAC frame."""

AAC_FRAME_S = Fraction(1024, 48_000)
H264 = ("h264", "High", "yuv420p", "aac", "LC", 48_000, 2)

Judged = tuple[str, str, bool]
"""What was measured, what it may be, and whether it is."""

Check = Callable[[Measured, Planned], Judged | None]
"""None where it does not apply to the clip."""


def _size(measured: Measured, planned: Planned) -> Judged:
    found, wanted = measured.delivered.size, planned.size
    return _same(f"{found.width_px}x{found.height_px}", f"{wanted.width_px}x{wanted.height_px}")


def _rate(measured: Measured, planned: Planned) -> Judged:
    return _same(measured.delivered.rate, planned.grid.rate)


def _frames(measured: Measured, planned: Planned) -> Judged:
    return _same(measured.delivered.frames, planned.grid.count)


def _codecs(measured: Measured, planned: Planned) -> Judged:
    one = measured.delivered
    found = (one.video_codec, one.profile, one.pixel_format, one.audio_codec, one.audio_profile)
    return _same(
        " ".join(map(str, (*found, one.sample_rate_hz, one.channels))), " ".join(map(str, H264))
    )


def _colours(measured: Measured, planned: Planned) -> Judged:
    return _same(measured.delivered.colours, BT709_LIMITED)


def _key_frames(measured: Measured, planned: Planned) -> Judged:
    most, found = key_gap(planned.grid), measured.delivered.widest_key_gap
    return f"{found} frames apart", f"at most {most}", found <= most


def _duration(measured: Measured, planned: Planned) -> Judged:
    found, wanted = measured.delivered.duration_s[0], planned.grid.duration_ms / 1000
    return f"{float(found):.3f} s", f"{float(wanted):.3f} s", abs(found - wanted) <= SYNC_S


def _sync(measured: Measured, planned: Planned) -> Judged:
    """The larger of the two offsets; where AAC's frames end is not the clip's choice."""
    starts, lengths = measured.delivered.start_s, measured.delivered.duration_s
    late = lengths[1] - planned.grid.duration_ms / 1000
    at_end = max(Fraction(0), -late, late - AAC_FRAME_S)
    if any(start != 0 for start in starts):
        found = f"streams start at {float(starts[0]):.3f} and {float(starts[1]):.3f} s"
        return found, "both at 0", False
    found = f"the sound ends {1000 * float(late):.0f} ms after the picture"
    return found, f"{1000 * float(SYNC_S):.0f} ms and an AAC frame at most", at_end <= SYNC_S


def _fast_start(measured: Measured, planned: Planned) -> Judged:
    boxes = [name for name in measured.boxes if name in ("moov", "mdat")]
    return _same(" ".join(boxes) or "neither", "moov mdat")


def _no_edit_list(measured: Measured, planned: Planned) -> Judged:
    return _same("the file has one" if measured.has_edit_list else "none", "none")


def _picture(measured: Measured, planned: Planned) -> Judged:
    black = measured.pictures.black
    found = "every frame is black" if black == 1 else f"{float(100 * black):.0f} % black"
    return found, "a picture", black < 1 or planned.may_be_black


def _loudness(measured: Measured, planned: Planned) -> Judged | None:
    level, bound = measured.level, f"{TARGET_LUFS:.1f} LUFS within {TOLERANCE_LU:.1f}"
    if not planned.is_levelled:
        return None
    if level is None:
        return "the sound is silent, the source's was not", bound, False
    return f"{level.lufs:.1f} LUFS", bound, abs(level.lufs - TARGET_LUFS) <= TOLERANCE_LU


def _true_peak(measured: Measured, planned: Planned) -> Judged | None:
    level = measured.level
    if level is None:
        return None
    return f"{level.dbtp:.1f} dBTP", f"at most {HIGHEST_DBTP:.1f}", level.dbtp <= HIGHEST_DBTP


def _same(found: object, wanted: object) -> Judged:
    return str(found), str(wanted), found == wanted


FILE_CHECKS: dict[str, Check] = {
    "size": _size,
    "rate": _rate,
    "frames": _frames,
    "codecs": _codecs,
    "colours": _colours,
    "key-frames": _key_frames,
    "duration": _duration,
    "sync": _sync,
    "fast-start": _fast_start,
    "no-edit-list": _no_edit_list,
    "picture": _picture,
    "loudness": _loudness,
    "true-peak": _true_peak,
}
"""In the order in which they run."""
