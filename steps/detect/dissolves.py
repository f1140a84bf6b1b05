"""Where one picture dissolves into another: a shot ends halfway, as it does at a cut. Pure.

While it lasts, each picture is a mixture of the one before and the one after it, and the share of
the second grows from picture to picture. A camera or a person that moves mixes nothing: what is
between two places is not half of each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steps.detect.engines.protocol import Floats
from steps.detect.shots import MIN_SHOT_MS
from steps.detect.sketches import Glimpse, Grey

LENGTHS_MS = (500, 1000, 1500, 2000)
"""Of what is tried; a dissolve of another length is a part of one, or has one as its part."""
STEP_MS = 100
"""From one place that is tried to the next."""
LEAST_CHANGE = 12.0
"""Mean change of brightness, of 255, from the first picture to the last."""
POINT_CHANGE = 16
"""A point that changes by less says nothing about the mixture."""
MOST_LEFT = 0.2
"""A point is mixed when it is this near to the mixture, as a share of its own change."""
MIXED_SHARE = 0.75
"""So many of the points are mixed in every picture: people move meanwhile."""
MOST_JUMP = 0.4
"""The share of the second picture grows by less than this at once: else it is a cut."""
MOST_BACK = 0.06
"""It may shrink by so much: codecs, and people who move."""
MOST_ALIKE = 0.8
"""Correlation of both pictures; of one whose light changes it is higher."""


def dissolves_ms(glimpses: Sequence[Glimpse], cuts_ms: Sequence[int] = ()) -> tuple[int, ...]:
    """The middle of each dissolve, in order: when the second picture becomes the stronger one.

    Args:
        glimpses: of all pictures, in order.
        cuts_ms: where shots end anyway, exact to the frame: none is wanted near them.
    """
    if len(glimpses) < 3:
        return ()
    times = np.array([one.time_ms for one in glimpses])
    points = np.stack([one.points.ravel() for one in glimpses])
    found: list[int] = []
    for length in LENGTHS_MS:
        for start in range(int(times[0]), int(times[-1]) - length + 1, STEP_MS):
            first, last = np.searchsorted(times, (start, start + length))
            if last < len(times) and (middle := _middle(points[first : last + 1])) is not None:
                found.append(int(times[first + middle]))
    found.sort()
    apart = np.flatnonzero(np.diff(found) >= MIN_SHOT_MS) + 1
    groups = np.split(np.array(found, np.int64), apart)
    middles = [int(group[len(group) // 2]) for group in groups if len(group)]
    return tuple(one for one in middles if all(abs(one - cut) >= MIN_SHOT_MS for cut in cuts_ms))


def _middle(seen: Grey) -> int | None:
    """Which of some pictures is the first that shows more of the last; None if they do not mix.

    Args:
        seen: shape (pictures, points).
    """
    change = seen[-1].astype(np.float64) - seen[0]
    if len(seen) < 4 or float(np.abs(change).mean()) < LEAST_CHANGE:
        return None
    points = seen.astype(np.float64)
    if _alike(points):
        return None
    told = np.abs(change) >= POINT_CHANGE
    if not told.any():
        return None
    inner, change = points[:, told] - points[0, told], change[told]
    shares = np.median(inner / change, axis=1)
    grown = np.diff(shares)
    if grown.max() > MOST_JUMP or grown.min() < -MOST_BACK:
        return None
    off = np.abs(inner - shares[:, None] * change) <= MOST_LEFT * np.abs(change)
    return int(np.argmax(shares >= 0.5)) if off.mean(axis=1).min() >= MIXED_SHARE else None


def _alike(points: Floats) -> bool:
    first, last = (row - row.mean() for row in (points[0], points[-1]))
    spread = float(np.sqrt((first**2).sum() * (last**2).sum()))
    return spread > 0 and float((first * last).sum()) > MOST_ALIKE * spread
