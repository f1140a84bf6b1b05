"""A clip begins and ends with its own shot: edges on the cuts of the picture near them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from steps.model.timing import Span

NEAR_MS = 300
"""A cut this near to an edge moves it: the rest of the other shot would flash up."""


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
