"""From a path to the keyframes that draw it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from steps.model.crop import Keyframe
from steps.model.geometry import Size
from steps.model.timing import Span
from steps.reframe.path import GRID_S, Floats

STRAIGHT_PX = 0.1
"""Keyframes within this distance of a straight line are dropped."""


def keyframes(
    span: Span,
    x_px: Floats,
    y_px: Floats,
    closer: Floats | None = None,
    window: Size | None = None,
) -> tuple[Keyframe, ...]:
    """The fewest keyframes that a path every `GRID_S` needs; a still window has exactly one.

    Args:
        span: of the path.
        x_px: the corner of the window in its own size.
        y_px: the same, from the top.
        closer: by which share the picture is shown closer than in that size.
        window: that size, where there is `closer`.
    """
    shares = np.zeros(len(x_px)) if closer is None else closer
    longest = max(window.width_px, window.height_px) if window else 0
    rows = np.stack([x_px, y_px, shares * longest / 2], axis=1)
    changes = np.diff(shares) != 0
    ends = np.flatnonzero(changes[1:] != changes[:-1]) + 1  # a size that is held is held exactly
    kept = _bends(rows, [0, *(int(end) for end in ends), len(rows) - 1])
    step_ms = round(1000 * GRID_S)
    frames = tuple(
        Keyframe(
            time_ms=span.in_ms + int(index) * step_ms,
            x_mpx=round(1000 * float(rows[index, 0])),
            y_mpx=round(1000 * float(rows[index, 1])),
            closer_ppm=round(1_000_000 * float(shares[index])),
        )
        for index in kept
    )
    places = {(one.x_mpx, one.y_mpx, one.closer_ppm) for one in frames}
    return frames if len(places) > 1 else frames[:1]


def _bends(rows: Floats, fixed: Sequence[int]) -> list[int]:
    """Indices to keep so that straight lines between them pass within `STRAIGHT_PX` (Ramer)."""
    kept, spans = set(fixed), list(pairwise(fixed))
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        share = np.linspace(0, 1, last - first + 1)[:, None]
        line = rows[first] * (1 - share) + rows[last] * share
        off = np.abs(rows[first : last + 1] - line).max(axis=1)
        worst = int(np.argmax(off))
        if off[worst] > STRAIGHT_PX:
            kept.add(first + worst)
            spans += [(first, first + worst), (first + worst, last)]
    return sorted(kept)
