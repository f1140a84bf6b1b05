"""A camera's picture laid over a screen or a game, found by geometry. Pure.

What moves is blurred in the mean of a shot's pictures; the edges of one that was laid over stay
sharp. Around a small steady face near a corner, upright and level lines that enclose it are sought,
else a circle. A picture at an edge has lines on three sides, a larger one beside a slide on each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from steps.detect.borders import EDGE_STEP, LINE_SHARE, Edges, inside_border, steps_of
from steps.detect.engines.protocol import Floats, Sight
from steps.model.geometry import even

STEADY_SHARE = 0.9
"""In so many of its sights the face is within half its height of its usual place."""
LEAST_SIGHTS = 3
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
CIRCLE_SHARE = 0.8
RADII = (0.7, 2.8)
"""Of a round inset, in heights of the face."""
ANGLES = 64
SHARPEST = 80
"""Greater changes of brightness count no more: letters beside a circle are as sharp."""


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
    for sight in track:
        if runs:
            usual = np.mean([_centre(one) for one in runs[-1]], axis=0)
            if np.abs(_centre(sight) - usual).max() <= sight.box[3]:
                runs[-1].append(sight)
                continue
        runs.append([sight])
    return [run for run in runs if len(run) >= LEAST_SIGHTS and _is_steady(run)]


def _is_steady(run: Sequence[Sight]) -> bool:
    centres = np.array([_centre(one) for one in run])
    height = float(np.median([one.box[3] for one in run]))
    away = np.abs(centres - np.median(centres, axis=0)).max(axis=1)
    return bool((away <= height / 2).mean() >= STEADY_SHARE)


def _centre(sight: Sight) -> Floats:
    centre: Floats = sight.box[:2] + sight.box[2:] / 2
    return centre


def place_around(
    face: Floats, mean: Floats, kind: InsetKind = LAID_OVER, others: Sequence[Floats] = ()
) -> InsetPlace | None:
    """The inset around a face, or None.

    Args:
        face: (4,) left, top, width, height, in pixels of the picture.
        mean: the mean of the pictures, shape (height, width).
        kind: of inset; only those that are laid over can be round.
        others: faces that are not in it.
    """
    found = rectangle_around(face, mean, kind, others)
    return circle_around(face, mean, kind) if found is None and kind is LAID_OVER else found


def rectangle_around(
    face: Floats, mean: Floats, kind: InsetKind, others: Sequence[Floats] = ()
) -> InsetPlace | None:
    """The same, upright and level; much faster than a circle."""
    if face[3] >= kind.face_share * len(mean):
        return None
    across, down = steps_of(mean, 1)
    found = _rectangle(face, across, down, kind, others)
    return found and InsetPlace(inside_border(found.edges, across, down))


def _can_be(kind: InsetKind, edges: Sequence[Any], height: int, width: int) -> Any:
    """Whether these may be the edges of an inset; of many at once, if each is an array."""
    left, top, right, bottom = edges
    aside, above = np.minimum(left, width - right), np.minimum(top, height - bottom)
    sides = (right - left) / (bottom - top)
    return (
        ((right - left) * (bottom - top) <= kind.area_share * width * height)
        & (np.minimum(aside / width, above / height) <= kind.near_share)
        & (np.maximum(aside / width, above / height) <= kind.far_share)
        & (sides >= SIDES[0])
        & (sides <= SIDES[1])
    )


class _Sides:
    """How much of any stretch of the lines in one direction is an edge, by sums along them."""

    def __init__(self, steps: Floats) -> None:
        """Take the steps across the lines, (lines, places)."""
        self.edges = np.abs(steps) >= EDGE_STEP
        self._counts = np.hstack([np.zeros((len(steps), 1)), np.cumsum(self.edges, axis=1)])

    def of(self, line: int | None, start: int, end: int) -> tuple[float, float]:
        """The share of a side that is an edge, and what the side is worth.

        An inset's side ends at its corners, while streaks of what moves and lines of windows go on.
        """
        if line is None:
            return 1.0, OWN_EDGE
        counts, length = self._counts[line], end - start
        before, after = max(0, start - length // 3), min(len(counts) - 1, end + length // 3)
        inside = float(counts[end] - counts[start])
        outside = float(counts[after] - counts[before]) - inside
        beyond = max(1, after - before - length)
        return inside / length, inside / length - BEYOND_WEIGHT * outside / beyond


def _holds(edges: Edges, faces: Sequence[Floats]) -> bool:
    """Whether a part of one of the faces is inside."""
    corner, end = np.array(edges[:2]), np.array(edges[2:])
    return any((one[:2] < end).all() and (one[:2] + one[2:] > corner).all() for one in faces)


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
    upright, level = _Sides(across.T), _Sides(down)
    aside, above = (round(kind.beyond_face * length) for length in (right - left, bottom - top))
    columns = upright.edges[:, max(0, top - above) : bottom + above].mean(axis=1)
    rows = level.edges[:, max(0, left - aside) : right + aside].mean(axis=1)
    lefts, rights = _lines(columns[:left], 0), _lines(columns[right:], right)
    tops, bottoms = _lines(rows[:top], 0), _lines(rows[bottom - 1 :], bottom - 1)
    best: tuple[float, int, Edges] | None = None
    for first, last, high, low in product(lefts, rights, tops, bottoms):
        if (first, last, high, low).count(None) > 4 - kind.least_lines:
            continue
        inside = _inside(first, last, high, low, height, width)
        if inside is None or not _can_be(kind, inside, height, width) or _holds(inside, others):
            continue
        x, y, end, below = inside
        if end - x < kind.around_face * face[2] or below - y < kind.around_face * face[3]:
            continue
        sides = [upright.of(line, y, below) for line in (first, last)]
        sides += [level.of(line, x, end) for line in (high, low)]
        if min(share for share, _ in sides) < LINE_SHARE:
            continue
        worth = round(sum(value for _, value in sides) / len(sides), 1)
        area = (end - x) * (below - y)
        if best is None or (worth, area) > best[:2]:
            frame = kind.frame_px
            best = (worth, area, (x + frame, y + frame, end - frame, below - frame))
    return best and InsetPlace(best[2])


def _lines(shares: Floats, start: int) -> list[int | None]:
    """The strongest lines, counted from `start`, and None for the picture's own edge."""
    strong = np.argsort(-shares, kind="stable")[:MOST_LINES]
    found: list[int | None] = [start + int(at) for at in strong if shares[at] >= NEAR_LINE_SHARE]
    return [None, *found]


def _inside(
    first: int | None, last: int | None, high: int | None, low: int | None, height: int, width: int
) -> Edges | None:
    """What is surely inside four lines, if anything is; None is the picture's own edge."""
    x = 0 if first is None else first + 2
    y = 0 if high is None else high + 2
    end = width if last is None else last - 1
    below = height if low is None else low - 1
    return (x, y, end, below) if end - x >= 4 and below - y >= 4 else None


def circle_around(face: Floats, mean: Floats, kind: InsetKind) -> InsetPlace | None:
    """The circle that is the sharpest edge all around: coarsely, then to the pixel."""
    if face[3] >= kind.face_share * len(mean):
        return None
    middle, tall = face[:2] + face[2:] / 2, float(face[3])
    coarse = _sharpest(_circles(middle, tall), steps_of(mean, 2), kind)
    if coarse is None:
        return None
    near = (-1, -0.5, 0, 0.5, 1)
    fine = coarse + np.array(list(product(near, repeat=3)))
    found = _sharpest([fine], steps_of(mean, 1), kind)
    left, top, right, bottom = _square(coarse if found is None else found)
    return InsetPlace((int(left), int(top), int(right), int(bottom)), is_round=True)


def _square(circles: Floats) -> Floats:
    """Left, top, right and bottom of the squares around circles, (..., 3) to (4, ...)."""
    radius, x, y = np.moveaxis(circles, -1, 0)
    return np.rint([x - radius, y - radius, x + radius, y + radius])


def _sharpest(
    circles: Iterable[Floats], steps: tuple[Floats, Floats], kind: InsetKind
) -> Floats | None:
    """The circle across which brightness changes most, of those that are edges all around.

    Args:
        circles: some at a time, (n, 3) radius, x and y, in pixels.
        steps: of the mean picture, across and down.
        kind: of inset.
    """
    across, down = steps
    height, width = across.shape
    turns = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    aside, below = np.cos(turns), np.sin(turns)
    best, best_rank = None, (0.0, 0.0)
    for some in circles:
        left, top, right, bottom = edges = tuple(_square(some))
        whole = (left >= 0) & (top >= 0) & (right <= width) & (bottom <= height)
        some = some[whole & _can_be(kind, edges, height, width)]
        radius, x, y = some.T[..., None]
        # a pixel's middle is half a pixel from its edges
        columns = np.round(x + radius * aside - 0.5).astype(int).clip(0, width - 1)
        rows = np.round(y + radius * below - 0.5).astype(int).clip(0, height - 1)
        sharp = np.abs(across[rows, columns] * aside + down[rows, columns] * below)
        shares = (sharp >= EDGE_STEP).mean(axis=1)
        strengths = np.minimum(sharp, SHARPEST).mean(axis=1)
        for at in np.flatnonzero(shares >= CIRCLE_SHARE):
            rank = round(float(shares[at]), 1), float(strengths[at])
            if rank > best_rank:
                best, best_rank = some[at], rank
    return best


def _circles(middle: Floats, tall: float) -> Iterator[Floats]:
    """The circles that may be around a face, those of a radius at a time."""
    reach = max(2, even(0.6 * tall))
    places = np.arange(-reach, reach + 1, 2)
    for radius in range(round(RADII[0] * tall), round(RADII[1] * tall) + 1):
        near = places[np.abs(places) <= radius / 2]
        aside, below = (one.ravel() for one in np.meshgrid(near, near, indexing="ij"))
        radii = np.full(aside.shape, float(radius))
        yield np.column_stack([radii, middle[0] + aside, middle[1] + below])
