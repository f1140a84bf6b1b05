"""Several cameras' pictures at once, of a call or beside a slide, each with its own face. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from steps.detect.borders import Edges
from steps.detect.circles import circle_around
from steps.detect.engines.protocol import Floats, Sight
from steps.detect.insets import (
    AT_EDGE,
    BESIDE,
    LAID_OVER,
    InsetKind,
    InsetPlace,
    rectangle_around,
    steady_runs,
)
from steps.detect.sketches import CELLS, DRAWN_STEP, Cells, Grey, brightness_steps
from steps.model.geometry import Box
from steps.model.timing import Span

STAY_SHARE = 0.6
"""A face stays in its tile for at least this share of the shot."""
CALL_SHARE = 0.05
"""Names and buttons around the tiles of a call touch fewer of the cells than this share; three
lines on a slide touch more."""
KINDS = (LAID_OVER, AT_EDGE, BESIDE)
TOUCHING = InsetKind(
    0.35, 0.3, 0.5, 0.5, least_lines=2, around_face=1.3, beyond_face=0.5, frame_px=1
)
"""One of a call without gaps; two people side by side in one room may have a door between them."""
LEAST_TOUCHING, FILLED_SHARE = 3, 0.88
"""So many of them at least fill the picture, but for the lines between them."""
HALF = InsetKind(0.6, 0.5, 0.5, 0.5, least_lines=1, around_face=1.3, beyond_face=0.5, frame_px=1)
"""One of a call of two, who meet in the middle: a door between two people is elsewhere."""
MOST_APART_PX = 2
"""So exactly they meet there, and are as high as each other."""


def tiles_in(
    shot: Span,
    greys: Sequence[tuple[int, Grey]],
    faces: Mapping[str, Sequence[Sight]],
    scale: float,
) -> dict[str, InsetPlace]:
    """The place of each camera's picture by the name of its face, in pixels of the sketches.

    Empty where fewer than two are found, or where two of them overlap: then they are not tiles.

    Args:
        shot: its span.
        greys: the sketches and their times.
        faces: that live, by name.
        scale: of the sketches' pixels to the source's.
    """
    places = {name: staying(shot, track) for name, track in faces.items()}
    stays = {name: place * scale for name, place in places.items() if place is not None}
    if len(stays) < 2:
        return {}
    mean = np.mean([grey for _, grey in greys], axis=0)
    touching = _rectangles(stays, mean, (TOUCHING,))
    filled = sum(_area(one) for one in touching.values())
    if len(touching) >= LEAST_TOUCHING and filled >= FILLED_SHARE * mean.size:
        return {} if _overlap_any(touching) else touching
    halves = _rectangles(stays, mean, (HALF,)) if len(stays) == 2 else {}
    if _are_halves([one.edges for one in halves.values()], mean.shape[1]):
        return halves
    found = _rectangles(stays, mean, KINDS)
    circles = {
        name: circle_around(stays[name], mean, AT_EDGE) for name in stays if name not in found
    }
    found |= {name: circle for name, circle in circles.items() if circle is not None}
    return {} if _overlap_any(found) or len(found) < 2 else found


def staying(shot: Span, face: Sequence[Sight]) -> Floats | None:
    """The usual box of a face that stays at its place for most of a shot; None of any other."""
    longest = max(steady_runs(face), key=lambda run: run[-1].time_ms - run[0].time_ms, default=[])
    if not longest or longest[-1].time_ms - longest[0].time_ms < STAY_SHARE * shot.duration_ms:
        return None
    usual: Floats = np.median([one.box for one in longest], axis=0)
    return usual


def _rectangles(
    faces: Mapping[str, Floats], mean: Floats, kinds: Sequence[InsetKind]
) -> dict[str, InsetPlace]:
    """The rectangle around each face, of the first kind of which there is one."""
    found = {}
    for name, face in faces.items():
        others = [other for key, other in faces.items() if key != name]
        places = (rectangle_around(face, mean, kind, others) for kind in kinds)
        place = next((one for one in places if one is not None), None)
        if place is not None:
            found[name] = place
    return found


def _are_halves(places: Sequence[Edges], width: int) -> bool:
    """Whether two places fill a picture from side to side, one as wide and as high as the other."""
    if len(places) != 2:
        return False
    (left, top, end, bottom), (start, upper, right, lower) = sorted(places)
    apart = (left, end - width // 2, start - width // 2, width - right, top - upper, bottom - lower)
    return max(map(abs, apart)) <= MOST_APART_PX + 2 * HALF.frame_px


def _area(place: InsetPlace) -> int:
    left, top, right, bottom = place.edges
    return (right - left) * (bottom - top)


def _overlap_any(places: Mapping[str, InsetPlace]) -> bool:
    return any(_overlap(one, other) for one, other in combinations(places.values(), 2))


def has_others(shot: Span, faces: Mapping[str, Sequence[Sight]], tiles: Sequence[Box]) -> bool:
    """Whether a face outside of the tiles is seen for most of the shot too."""
    return any(
        track[-1].time_ms - track[0].time_ms >= STAY_SHARE * shot.duration_ms
        and not any(tile.holds(*track[len(track) // 2].centre) for tile in tiles)
        for track in faces.values()
    )


def _overlap(one: InsetPlace, other: InsetPlace) -> bool:
    left, top, right, bottom = one.edges
    x, y, end, below = other.edges
    return min(right, end) > max(left, x) and min(bottom, below) > max(top, y)


def is_bare(greys: Sequence[Grey], outside: Cells, share: float = CALL_SHARE) -> bool:
    """Whether less is drawn in some cells than a share of the picture, in any of the pictures."""
    drawn = np.zeros(CELLS, bool)
    for grey in greys:
        for number, steps in enumerate(brightness_steps(grey)):
            (rows, columns) = np.nonzero(steps >= DRAWN_STEP)
            height, width = grey.shape
            down = (rows + number) * CELLS[0] // height
            across = (columns + 1 - number) * CELLS[1] // width
            drawn[down, across] = True
    return float((drawn & outside).mean()) < share
