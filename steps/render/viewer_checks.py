"""The checks of what a viewer sees. Pure."""

from __future__ import annotations

from steps.render.file_checks import Check, Judged
from steps.render.measured import Measured, Planned

LONGEST_BLACK_S = 1.0
LONGEST_FROZEN_S = 2.0
LEAST_INSIDE = 0.99
"""Share of the frames with the subject's whole face."""
LEAST_SHOWN = 0.95
"""Share of the speaking time with the speaker on camera: what three or four people allow."""
LONGEST_WITHOUT_S = 2.0
MOST_REVERSALS_PER_S = 0.1
HIGHEST_JITTER_PX = 0.2
"""A plain crop trembles by about 1 px, the vernier by 0.05."""
LEAST_DRAWN = 0.9
MOST_ON_TEXTS = 0.1
"""Captions move at most once in a shot: a long cue may touch what a short one does not."""
SMALLEST_UNITS = 62
"""Line height, in units of the canvas: an em of 40, 7 points of type on a telephone 65 mm wide."""


def _black(measured: Measured, planned: Planned) -> Judged:
    return _at_most(measured.pictures.black_s, LONGEST_BLACK_S, "s")


def _frozen(measured: Measured, planned: Planned) -> Judged:
    return _at_most(measured.pictures.frozen_s, LONGEST_FROZEN_S, "s")


def _edges(measured: Measured, planned: Planned) -> Judged:
    found = measured.pictures.stray_frames
    return f"{found} frames of another shot", "none", not found


def _face(measured: Measured, planned: Planned) -> Judged | None:
    return _share(measured.camera.face_inside, LEAST_INSIDE, "of the frames")


def _speaker(measured: Measured, planned: Planned) -> Judged | None:
    return _share(measured.camera.speaker_shown, LEAST_SHOWN, "of the speaking time")


def _without(measured: Measured, planned: Planned) -> Judged | None:
    found = measured.camera.longest_without_s
    return None if found is None else _at_most(found, LONGEST_WITHOUT_S, "s")


def _reversals(measured: Measured, planned: Planned) -> Judged | None:
    found = measured.camera.reversals_per_s
    return None if found is None else _at_most(found, MOST_REVERSALS_PER_S, "a second")


def _jitter(measured: Measured, planned: Planned) -> Judged | None:
    found = measured.camera.jitter_px
    return None if found is None else _at_most(found, HIGHEST_JITTER_PX, "px")


def _drawn(measured: Measured, planned: Planned) -> Judged | None:
    ink = measured.ink
    return None if ink is None else _share(ink.drawn, LEAST_DRAWN, "of the moments")


def _safe(measured: Measured, planned: Planned) -> Judged | None:
    if measured.ink is None or measured.ink.outside_px is None:
        return None
    found = measured.ink.outside_px
    return f"{found} px of ink outside the safe box", "none", not found


def _clear(measured: Measured, planned: Planned) -> Judged | None:
    if measured.ink is None:
        return None
    found = measured.ink.on_faces
    return f"text on a face in {100 * found:.0f} % of the moments", "none", not found


def _unwritten(measured: Measured, planned: Planned) -> Judged | None:
    if measured.ink is None:
        return None
    found = measured.ink.on_texts
    wanted = f"at most {100 * MOST_ON_TEXTS:g} %"
    said = f"captions on the picture's text in {100 * found:.0f} % of the moments"
    return said, wanted, found <= MOST_ON_TEXTS


def _text(measured: Measured, planned: Planned) -> Judged | None:
    if measured.ink is None:
        return None
    found = measured.ink.smallest_px
    return f"lines of {found} px in 1080", f"at least {SMALLEST_UNITS}", found >= SMALLEST_UNITS


def _at_most(found: float, most: float, unit: str) -> Judged:
    return f"{found:.2f} {unit}", f"at most {most:g}", round(found, 2) <= most


def _share(found: float | None, least: float, of: str) -> Judged | None:
    if found is None:
        return None
    return f"{100 * found:.1f} % {of}", f"at least {100 * least:g} %", round(found, 3) >= least


VIEWER_CHECKS: dict[str, Check] = {
    "black": _black,
    "frozen": _frozen,
    "edges": _edges,
    "face-inside": _face,
    "speaker-shown": _speaker,
    "subject-gap": _without,
    "reversals": _reversals,
    "jitter": _jitter,
    "captions-drawn": _drawn,
    "captions-safe": _safe,
    "captions-faces": _clear,
    "captions-texts": _unwritten,
    "text-size": _text,
}
"""In the order in which they are reported."""
