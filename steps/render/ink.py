"""The ink of burned captions: the .ass drawn alone at the moments of some key frames."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.media.ffmpeg import run
from steps.model.canvas import Canvas
from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.render.encode import key_gap
from steps.render.graph import CAPTIONS_FILE, FONTS_FOLDER
from steps.render.measured import Ink
from steps.render.plan import Grid
from steps.render.sightings import SHOWN_SHARE, Seen, Sighting

MOST_MOMENTS = 40
SETTLED_MS = 300
"""After so long the animation with which a cue comes is over."""
OPAQUE, VISIBLE = 250, 48
"""Of 255: what hides the picture under it, and what counts as ink."""
ALIKE = 48
"""Levels by which encoded captions differ from drawn ones at most, at most places."""
MATCH_SHARE = 0.7
BESIDE = "bar"
"""The name of events that are drawn at the picture's edge on purpose."""
ALONE_FILE, DRAWN_FILE = "alone.ass", "ink.raw"
COVERED_SHARE = 0.005
"""Ink on less than this share of a face touches only the corner of its box."""
TEXT_SHARE = 0.05
"""Less than this share of the ink on the picture's own text touches only the edge of a box."""
LUMA = np.array([0.2126, 0.7152, 0.0722])

Drawn = NDArray[np.uint8]
"""Moments x height x width x (red, green, blue, alpha)."""
Texts = Callable[[int], Sequence[Box]]
"""The picture's own text in a frame."""


def moments(cues: Sequence[Span], grid: Grid) -> list[int]:
    """The key frames, by number, that show a caption; at most `MOST_MOMENTS`, evenly chosen."""
    gap, found = key_gap(grid), []
    for number in range(-(-grid.count // gap)):
        now = round(grid.time_ms(number * gap))
        if any(cue.in_ms + SETTLED_MS <= now < cue.out_ms - 10 for cue in cues):
            found.append(number)
    step = max(1, -(-len(found) // MOST_MOMENTS))
    return found[::step]


def draw(numbers: Sequence[int], grid: Grid, size: Size, folder: Path) -> Drawn:
    """Draw the captions without the picture, as large as `size`, at these key frames.

    The folder holds the captions and their fonts, as for the clip itself.
    """
    lines = (folder / CAPTIONS_FILE).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = (line for line in lines if not _is_beside(line))
    (folder / ALONE_FILE).write_text("".join(kept), encoding="utf-8")
    gap = key_gap(grid)
    ahead = Fraction(grid.in_ms - grid.origin_ms, 1000)
    chosen = "+".join(f"eq(n\\,{number})" for number in numbers)
    rate = grid.rate / gap
    source = (
        f"color=black@0:s={size.width_px}x{size.height_px}"
        f":r={rate.numerator}/{rate.denominator},format=rgba,"
        f"trim=end_frame={numbers[-1] + 1},select={chosen},"
        f"settb=1/90000,setpts=PTS-{ahead.numerator}/{ahead.denominator}/TB,"
        f"ass=f={ALONE_FILE}:fontsdir={FONTS_FOLDER}:alpha=1"
    )
    run(
        ["-f", "lavfi", "-i", source, "-fps_mode", "passthrough", "-pix_fmt", "rgba",
         "-f", "rawvideo", f"file:{DRAWN_FILE}"],
        cwd=folder,
    )  # fmt: skip
    data = np.fromfile(folder / DRAWN_FILE, np.uint8)
    return data.reshape(-1, size.height_px, size.width_px, 4)


def _is_beside(line: str) -> bool:
    return line.startswith("Dialogue:") and line.split(",", 5)[4] == BESIDE


def measured_ink(
    drawn: Drawn,
    shown: Sequence[NDArray[np.uint8]],
    frames: Sequence[int],
    *,
    safe: Box | None,
    seen: Seen,
    texts: Texts,
    canvas: Canvas,
    script: str,
) -> Ink:
    """Judge the ink.

    Args:
        drawn: the captions without the picture, smaller than the clip.
        shown: the finished key frames at the same moments, grey, of the same size.
        frames: their numbers in the clip.
        safe: where all ink should be, in pixels of the clip.
        seen: the faces of a frame, in pixels of the clip.
        texts: the picture's own text in a frame, in pixels of the clip.
        canvas: of the clip.
        script: the .ass file.
    """
    shrink = canvas.size.height_px / drawn.shape[1]
    masks = drawn[..., 3] >= VISIBLE
    outside = None if safe is None else int(max(_outside(mask, safe, shrink) for mask in masks))
    covered = [
        _covers(mask, frame, seen, shrink, safe) for mask, frame in zip(masks, frames, strict=True)
    ]
    written = [
        _hides(mask, texts(frame), _faces(seen, frame), shrink, safe)
        for mask, frame in zip(masks, frames, strict=True)
    ]
    matches = [_matches(one, key) for one, key in zip(drawn, shown, strict=True)]
    return Ink(
        drawn=sum(matches) / len(matches),
        outside_px=outside,
        on_faces=sum(covered) / len(covered),
        on_texts=sum(written) / len(written),
        smallest_px=smallest_line(script),
    )


def _outside(mask: NDArray[np.bool_], safe: Box, shrink: float) -> float:
    """Pixels of ink outside; a pixel of the smaller picture at the edge is not counted."""
    kept = mask.copy()
    top, bottom = int(safe.y_px / shrink) - 1, -int(-safe.bottom_px // shrink) + 1
    left, right = int(safe.x_px / shrink) - 1, -int(-safe.right_px // shrink) + 1
    kept[max(0, top) : bottom, max(0, left) : right] = False
    return float(kept.sum()) * shrink**2


def _covers(
    mask: NDArray[np.bool_], frame: int, seen: Seen, shrink: float, safe: Box | None
) -> bool:
    """Whether there is ink on a face that has room for the text above or below it."""
    height, width = mask.shape
    faces = _faces(seen, frame)
    for face in faces:
        left, top, right, bottom = (edge / shrink for edge in face.edges)
        part = mask[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
        area = max(1.0, (min(right, width) - max(left, 0)) * (min(bottom, height) - max(top, 0)))
        if part.sum() / area > COVERED_SHARE:
            return _could_move(mask, [(one.edges[1], one.edges[3]) for one in faces], shrink, safe)
    return False


def _hides(
    mask: NDArray[np.bool_],
    texts: Sequence[Box],
    faces: Sequence[Sighting],
    shrink: float,
    safe: Box | None,
) -> bool:
    """Whether there is ink on the picture's text though there is room beside text and faces."""
    columns = np.flatnonzero(mask.any(axis=0)) * shrink
    if not len(columns):
        return False
    under = [one for one in texts if one.x_px < columns[-1] and columns[0] < one.right_px]
    lettered = np.zeros(mask.shape, bool)
    for one in under:
        rows = slice(int(one.y_px / shrink), int(one.bottom_px / shrink) + 1)
        lettered[rows, int(one.x_px / shrink) : int(one.right_px / shrink) + 1] = True
    if (mask & lettered).sum() <= TEXT_SHARE * mask.sum():
        return False
    taken = [(float(one.y_px), float(one.bottom_px)) for one in under]
    taken += [(one.edges[1], one.edges[3]) for one in faces]
    return _could_move(mask, taken, shrink, safe)


def _faces(seen: Seen, frame: int) -> list[Sighting]:
    return [one for one in seen(frame) if one.inside >= SHOWN_SHARE]


def _could_move(
    mask: NDArray[np.bool_],
    taken: Sequence[tuple[float, float]],
    shrink: float,
    safe: Box | None,
) -> bool:
    """Whether rows that are not taken have room for the ink."""
    rows = np.flatnonzero(mask.any(axis=1))
    tall = (rows[-1] - rows[0] + 1) * shrink
    low = float(safe.y_px) if safe else 0.0
    high = float(safe.bottom_px) if safe else len(mask) * shrink
    return has_room(taken, low, high, tall)


def has_room(taken: Sequence[tuple[float, float]], low: float, high: float, tall: float) -> bool:
    """Whether rows that are not taken, between two heights, are enough for a text."""
    free = low
    for top, bottom in sorted(taken):
        if top - free >= tall:
            return True
        free = max(free, bottom)
    return high - free >= tall


def _matches(drawn: NDArray[np.uint8], key: NDArray[np.uint8]) -> bool:
    """Whether the finished picture shows what is drawn, judged where the ink hides the picture."""
    solid = drawn[..., 3] >= OPAQUE
    inner = solid.copy()
    inner[1:] &= solid[:-1]
    inner[:-1] &= solid[1:]
    inner[:, 1:] &= solid[:, :-1]
    inner[:, :-1] &= solid[:, 1:]
    if not inner.any():
        return True
    wanted = drawn[..., :3][inner] @ LUMA
    return bool(np.mean(np.abs(key[inner] - wanted) <= ALIKE) >= MATCH_SHARE)


def smallest_line(script: str) -> int:
    """The line height of the smallest text of an .ass file, in its own pixels."""
    styles = [line for line in script.splitlines() if line.startswith("Style:")]
    sizes = [round(float(line.split(",")[2])) for line in styles]
    for line in script.splitlines():
        if line.startswith("Dialogue:") and "\\p1" not in line:
            sizes += [int(found) for found in re.findall(r"\\fs(\d+)", line)]
    return min(sizes, default=0)
