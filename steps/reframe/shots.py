"""The crops of a shot in the layout that it got. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from steps.model.canvas import Canvas
from steps.model.crop import ShotCrop
from steps.model.layouts import LAYOUTS, LayoutName
from steps.model.tracks import Track
from steps.reframe.framing import shot_crops
from steps.reframe.layouts import Seen
from steps.reframe.panels import side_by_side, together
from steps.reframe.people import Cast, height_px
from steps.reframe.screens import slide_crop
from steps.reframe.stacks import StackStyle, stacked


def crops_of_shot(
    seen: Seen, layout: LayoutName, sample_ms: int, canvas: Canvas, style: StackStyle
) -> tuple[ShotCrop, ...]:
    """The crops of a shot: one, or one for each place to which a window or an inset jumps.

    People who would be shown in panels and fit into one window are shown in one; those of a call
    have a picture each.
    """
    shot, size = seen.shot, seen.size
    if layout == "stack":
        return stacked(shot, size, sample_ms, canvas, style)
    if layout in ("split", "grid"):
        shown = shown_people(seen.cast, LAYOUTS[layout].most)
        found = None if seen.is_call else together(shot, shown, size, sample_ms, canvas)
        if found is None:
            everyone = seen.cast.people
            found = side_by_side(shot, layout, shown, everyone, size, sample_ms, canvas)
        return (found,)
    if layout == "fit" and shot.screen is not None and shot.is_drawn:
        return (slide_crop(shot, shot.screen, size, canvas),)
    return shot_crops(shot, layout, size, sample_ms, canvas)


def shown_people(cast: Cast, most: int) -> Sequence[Track]:
    """Those who talk the longest, else the largest, from left to right."""

    def rank(track: Track) -> tuple[int, int]:
        spoken = sum(turn.duration_ms for turn in cast.turns if turn.track == track.id)
        return spoken + cast.unseen_ms[track.id], height_px(track)

    chosen = {track.id for track in sorted(cast.people, key=rank, reverse=True)[:most]}
    return [track for track in cast.people if track.id in chosen]
