"""A camera's picture laid over a screen or a game, found by geometry. Pure.

What moves is blurred in the mean of a shot's pictures; the edges of one that was laid over stay
sharp. Around a small steady face near a corner, upright and level lines that enclose it are sought,
else a circle (`circles`). A picture at an edge has lines on three sides, a larger one beside a
slide on each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.detect.borders import EDGE_STEP, LINE_SHARE, Edges, inside_border, steps_of
from steps.detect.engines.protocol import Floats, Sight

Ints = NDArray[np.int64]

STEADY_SHARE = 0.9
"""In so many of its sights the face is within half its height of its usual place."""
LEAST_SIGHTS = 3
OWN = -1
"""In place of a line: the picture's own edge."""
OWN_EDGE = 0.5
"""What the picture's own edge is worth as a side: an inset may touch it."""
BEYOND_WEIGHT = 0.5
"""What an edge costs that goes on beyond a corner."""
NEAR_LINE_SHARE = 0.6
"""A line is looked at when it is an edge along so much of the face."""
MOST_LINES = 8
"""Lines that are looked at on each side, the strongest."""
SIDES = (0.5, 2.4)
"""Least and greatest width of an inset over its height."""


@dataclass(frozen=True)
class InsetKind:
    """What an inset of a kind may be.

    Attributes:
        face_share: its face is lower than this share of the picture's height.
        area_share: it is smaller than this share of the picture.
        near_share: it is no further from the nearest edge than this share of the picture's side,
        far_share: and from the nearest edge of the other direction than this share.
        least_lines: so many of its sides are lines; the others are the picture's own edges.
        around_face: it is at least so many times as wide and as high as the face in it.
        beyond_face: its lines are sought along the face and so many times its size on both sides.
        frame_px: what is left out on each side: a line that was drawn around it.
    """

    face_share: float
    area_share: float
    near_share: float
    far_share: float
    least_lines: int
    around_face: float
    beyond_face: float = 0.0
    frame_px: int = 0


LAID_OVER = InsetKind(0.2, 0.15, 0.15, 0.15, least_lines=2, around_face=1.3)
"""A camera in a corner of a screen or a game."""
AT_EDGE = InsetKind(0.2, 0.15, 0.15, 0.5, least_lines=3, around_face=1.3)
"""One anywhere along an edge of it."""
BESIDE = InsetKind(
    0.35, 0.45, 0.5, 0.5, least_lines=4, around_face=2.0, beyond_face=0.5, frame_px=1
)
"""A speaker beside a slide, anywhere in the picture; nothing else may move."""


@dataclass(frozen=True)
class InsetPlace:
    """Where an inset is, in pixels of the mean picture: left, top, right, bottom."""

    edges: Edges
    is_round: bool = False


def steady_runs(track: Sequence[Sight]) -> list[list[Sight]]:
    """The times in which a face stays at a place; a new one begins where it goes elsewhere."""
    runs: list[list[Sight]] = []
    total: Floats = np.zeros(2)
    for sight in track:
        centre = sight.centre
        if runs and np.abs(centre - total / len(runs[-1])).max() <= sight.box[3]:
            runs[-1].append(sight)
            total = total + centre
        else:
            runs.append([sight])
            total = centre
    return [run for run in runs if len(run) >= LEAST_SIGHTS and _is_steady(run)]


def _is_steady(run: Sequence[Sight]) -> bool:
    centres = np.array([one.centre for one in run])
    height = float(np.median([one.box[3] for one in run]))
    away = np.abs(centres - np.median(centres, axis=0)).max(axis=1)
    return bool((away <= height / 2).mean() >= STEADY_SHARE)


def rectangle_around(
    face: Floats, mean: Floats, kind: InsetKind, others: Sequence[Floats] = ()
) -> InsetPlace | None:
    """The upright and level inset around a face, or None.

    Args:
        face: (4,) left, top, width, height, in pixels of the picture.
        mean: the mean of the pictures, shape (height, width).
        kind: of inset.
        others: faces that are not in it.
    """
    if face[3] >= kind.face_share * len(mean):
        return None
    across, down = steps_of(mean, 1)
    found = _rectangle(face, across, down, kind, others)
    return found and InsetPlace(inside_border(found.edges, across, down))


def can_be(kind: InsetKind, edges: Ints | Floats, height: int, width: int) -> NDArray[np.bool_]:
    """Whether each of some may be an inset; left, top, right and bottom, (4, n)."""
    left, top, right, bottom = edges
    aside, above = np.minimum(left, width - right), np.minimum(top, height - bottom)
    sides = (right - left) / (bottom - top)
    fit: NDArray[np.bool_] = (
        ((right - left) * (bottom - top) <= kind.area_share * width * height)
        & (np.minimum(aside / width, above / height) <= kind.near_share)
        & (np.maximum(aside / width, above / height) <= kind.far_share)
        & (sides >= SIDES[0])
        & (sides <= SIDES[1])
    )
    return fit


def _sides(edges: NDArray[np.bool_], lines: Ints, starts: Ints, ends: Ints) -> Floats:
    """The share of each side that is an edge, and what the side is worth, (2, n).

    An inset's side ends at its corners, while streaks of what moves and lines of windows go on.

    Args:
        edges: whether each place of each line is an edge, (lines, places).
        lines: of the sides, (n,).
        starts: the first place of each side.
        ends: the place after its last.
    """
    looked_at, at = np.unique(lines, return_inverse=True)
    counts: Ints = np.pad(np.cumsum(edges[looked_at], axis=1), ((0, 0), (1, 0)))
    lengths, most = ends - starts, edges.shape[1]
    before, after = np.maximum(0, starts - lengths // 3), np.minimum(most, ends + lengths // 3)
    inside = counts[at, ends] - counts[at, starts]
    outside = counts[at, after] - counts[at, before] - inside
    beyond = np.maximum(1, after - before - lengths)
    worth = inside / lengths - BEYOND_WEIGHT * outside / beyond
    own = lines == OWN
    return np.array([np.where(own, 1.0, inside / lengths), np.where(own, OWN_EDGE, worth)])


def _rectangle(
    face: Floats, across: Floats, down: Floats, kind: InsetKind, others: Sequence[Floats]
) -> InsetPlace | None:
    """The rectangle with the best sides; of equally good ones the largest."""
    height, width = across.shape
    left, top = max(1, round(float(face[0]))), max(1, round(float(face[1])))
    right = min(width, round(float(face[0] + face[2])))
    bottom = min(height, round(float(face[1] + face[3])))
    if right - left < 2 or bottom - top < 2:
        return None
    upright, level = np.abs(across.T) >= EDGE_STEP, np.abs(down) >= EDGE_STEP
    aside, above = (round(kind.beyond_face * length) for length in (right - left, bottom - top))
    columns = upright[:, max(0, top - above) : bottom + above].mean(axis=1)
    rows = level[:, max(0, left - aside) : right + aside].mean(axis=1)
    lines = (
        _lines(columns[:left], 0),
        _lines(columns[right:], right),
        _lines(rows[:top], 0),
        _lines(rows[bottom - 1 :], bottom - 1),
    )
    sets = np.stack(np.meshgrid(*lines, indexing="ij")).reshape(4, -1)
    sets = sets[:, (sets == OWN).sum(axis=0) <= 4 - kind.least_lines]
    edges = _inside(sets, height, width)
    fit = np.flatnonzero(_has_room(edges, kind, face[2:]) & ~_hold(edges, others))
    sets, edges = sets[:, fit], edges[:, fit]
    fit = np.flatnonzero(can_be(kind, edges, height, width))
    sets, edges = sets[:, fit], edges[:, fit]
    x, y, end, below = edges
    sides = [_sides(upright, one, y, below) for one in sets[:2]]
    sides += [_sides(level, one, x, end) for one in sets[2:]]
    shares, worths = np.array(sides).transpose(1, 0, 2)
    areas = (end - x) * (below - y)
    ranks = {
        at: (round(float(sum(worths[:, at])) / 4, 1), areas[at])
        for at in np.flatnonzero(shares.min(axis=0) >= LINE_SHARE)
    }
    if not ranks:
        return None
    left, top, right, bottom = edges[:, max(ranks, key=ranks.__getitem__)].tolist()
    frame = kind.frame_px
    return InsetPlace((left + frame, top + frame, right - frame, bottom - frame))


def _lines(shares: Floats, start: int) -> Ints:
    """The picture's own edge and the strongest lines, counted from `start`."""
    strong = np.argsort(-shares, kind="stable")[:MOST_LINES]
    return np.array([OWN, *(start + at for at in strong if shares[at] >= NEAR_LINE_SHARE)])


def _inside(sets: Ints, height: int, width: int) -> Ints:
    """What is surely inside four lines, as left, top, right and bottom, each (4, n)."""
    first, last, high, low = sets
    x, y = (np.where(line == OWN, 0, line + 2) for line in (first, high))
    end, below = np.where(last == OWN, width, last - 1), np.where(low == OWN, height, low - 1)
    return np.array([x, y, end, below])


def _has_room(edges: Ints, kind: InsetKind, face: Floats) -> NDArray[np.bool_]:
    """Whether each is large enough around a face of that width and height."""
    wide, tall = edges[2:] - edges[:2]
    least = np.maximum(4, kind.around_face * face)
    fit: NDArray[np.bool_] = (wide >= least[0]) & (tall >= least[1])
    return fit


def _hold(edges: Ints, faces: Sequence[Floats]) -> NDArray[np.bool_]:
    """Whether a part of one of the faces is inside each."""
    held = np.zeros(edges.shape[1], bool)
    for one in faces:
        after = one[:2, None] < edges[2:]
        before = (one[:2] + one[2:])[:, None] > edges[:2]
        held |= after.all(axis=0) & before.all(axis=0)
    return held
