"""Where the text of a screen or a slide is in the output, so that captions keep off it. Pure."""

from __future__ import annotations

from math import ceil, floor

from steps.model.crop import Region, ShotCrop
from steps.model.geometry import Box
from steps.model.screens import MAX_TEXTS
from steps.model.tracks import ShotTracks

SHOWN_SHARE = 0.3
"""A text is in a region that shows this much of it."""
MOST_GROWTH = 2.0
"""A window that moves takes text to many places: one whose places together are so many times as
large as the text is left out."""


def with_texts(crop: ShotCrop, shot: ShotTracks) -> ShotCrop:
    """A crop with the text that it shows.

    Args:
        crop: of the shot or of a part of it.
        shot: its tracks, in pixels of the whole source picture.
    """
    if shot.screen is None or not shot.screen.texts:
        return crop
    found = [
        box
        for region in crop.regions
        for text in shot.screen.texts
        if (box := _shown(text, region)) is not None
    ]
    return crop.model_copy(update={"texts": tuple(found[:MAX_TEXTS])})


def _shown(text: Box, region: Region) -> Box | None:
    """All places of a text in a region together, in pixels of the output."""
    places = [region.placed(text, key.time_ms) for key in region.keyframes]
    lefts, tops, rights, bottoms = zip(*places, strict=True)
    left, top, right, bottom = min(lefts), min(tops), max(rights), max(bottoms)
    first = places[0]
    own = (first[2] - first[0]) * (first[3] - first[1])
    if (right - left) * (bottom - top) > MOST_GROWTH * own:
        return None
    target = region.target
    start = max(target.x_px, floor(left)), max(target.y_px, floor(top))
    end = min(target.right_px, ceil(right)), min(target.bottom_px, ceil(bottom))
    if end[0] <= start[0] or end[1] <= start[1]:
        return None
    box = Box.of_edges(*start, *end)
    return box if box.area_px >= SHOWN_SHARE * own else None
