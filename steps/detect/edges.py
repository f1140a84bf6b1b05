"""A clip begins and ends with its own shot: edges on the cuts of the picture near them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from steps.detect.sketches import Glimpse
from steps.model.timing import Span

NEAR_MS = 300
"""A cut this near to an edge moves it: the rest of the other shot would flash up."""
SEEN_MS = NEAR_MS + 200
"""So much of a clip is looked at to know what it shows once a fade or a dissolve is over."""
LEAST_CHANGE = 10.0
"""Mean change of brightness, of 255, that a fade or a dissolve near an edge makes."""
MOST_LEFT, MOST_LEFT_SHARE = 2.5, 0.15
"""It is over when the larger of this mean change and of this share of it is left: people move."""


def on_cuts(clip: Span, cuts_ms: Iterable[int], words: Iterable[Span]) -> Span:
    """The clip without what it shows of other shots at its edges, as far as no word is lost.

    Edges only move inwards: the handles may be too short for more, and so may the lengths that the
    user wants.

    Args:
        clip: its span as the words say.
        cuts_ms: when the first picture of each shot appears.
        words: of the source.
    """
    said = [word for word in words if word.overlap_ms(clip)]
    first_ms = min((word.in_ms for word in said), default=clip.out_ms)
    last_ms = max((word.out_ms for word in said), default=clip.in_ms)
    cuts = list(cuts_ms)
    latest = min(first_ms, clip.in_ms + NEAR_MS)
    start = max((cut for cut in cuts if clip.in_ms < cut <= latest), default=clip.in_ms)
    earliest = max(last_ms, start + 1, clip.out_ms - NEAR_MS)
    end = min((cut for cut in cuts if earliest <= cut < clip.out_ms), default=clip.out_ms)
    return Span(in_ms=start, out_ms=end)


def gradual_ms(clip: Span, glimpses: Sequence[Glimpse]) -> tuple[int, ...]:
    """Where a fade or a dissolve near an edge ends (after the in point) or begins (before the out).

    Until then the picture changes steadily, from then on it stays; what is filmed by a camera that
    moves goes on changing.

    Args:
        clip: its span as the words say.
        glimpses: of the pictures, in order.
    """
    first = [one for one in glimpses if clip.in_ms <= one.time_ms <= clip.in_ms + SEEN_MS]
    last = [one for one in glimpses if clip.out_ms - SEEN_MS <= one.time_ms < clip.out_ms]
    found = []
    if (count := _changing(first)) is not None:
        found.append(first[count].time_ms)
    if (count := _changing(last[::-1])) is not None:
        found.append(last[-count].time_ms)
    return tuple(found)


def _changing(glimpses: Sequence[Glimpse]) -> int | None:
    """How many of the pictures, from the edge on, differ from those that stay; None without any."""
    if len(glimpses) < 3:
        return None
    stays = glimpses[-1].points.astype(int)
    apart = [float(np.abs(one.points - stays).mean()) for one in glimpses]
    most = max(MOST_LEFT, MOST_LEFT_SHARE * apart[0])
    count = 1 + max((at for at, change in enumerate(apart) if change > most), default=-1)
    span_ms = abs(glimpses[-1].time_ms - glimpses[0].time_ms)
    is_over = count < len(glimpses) and abs(
        glimpses[count].time_ms - glimpses[0].time_ms
    ) <= span_ms - (SEEN_MS - NEAR_MS)
    return count if count and is_over and apart[0] >= LEAST_CHANGE else None
