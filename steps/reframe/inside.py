"""A picture inside black bars: tracks moved into it, windows moved back out. Pure."""

from __future__ import annotations

from steps.model.crop import ShotCrop
from steps.model.geometry import Box
from steps.model.screens import Screen
from steps.model.tracks import Detection, ShotTracks


def moved_in(shot: ShotTracks, inside: Box) -> ShotTracks:
    """The shot as if the picture were only what is inside the bars."""
    tracks = tuple(
        track.model_copy(
            update={"detections": tuple(_moved(one, inside) for one in track.detections)}
        )
        for track in shot.tracks
    )
    screen = shot.screen and _moved_screen(shot.screen, inside)
    return shot.model_copy(update={"tracks": tracks, "inside": None, "screen": screen})


def moved_out(crop: ShotCrop, inside: Box) -> ShotCrop:
    """The windows of such a shot, in pixels of the whole picture."""
    regions = tuple(
        region.model_copy(
            update={
                "keyframes": tuple(
                    key.model_copy(
                        update={
                            "x_mpx": key.x_mpx + 1000 * inside.x_px,
                            "y_mpx": key.y_mpx + 1000 * inside.y_px,
                        }
                    )
                    for key in region.keyframes
                )
            }
        )
        for region in crop.regions
    )
    return crop.model_copy(update={"regions": regions})


def _moved_screen(screen: Screen, inside: Box) -> Screen:
    insets, tiles = (
        tuple(one.model_copy(update={"box": _clipped(one.box, inside)}) for one in cameras)
        for cameras in (screen.insets, screen.tiles)
    )
    changes = tuple(
        one.model_copy(update={"box": box})
        for one in screen.changes
        if (box := _clipped(one.box, inside)).area_px
    )
    content = _clipped(screen.content, inside)
    whole = Box.of_edges(0, 0, inside.width_px, inside.height_px)
    return screen.model_copy(
        update={
            "content": content if content.area_px else whole,
            "changes": changes,
            "texts": tuple(box for one in screen.texts if (box := _clipped(one, inside)).area_px),
            "insets": insets if all(one.box.area_px for one in insets) else (),
            "tiles": tiles if all(one.box.area_px for one in tiles) else (),
        }
    )


def _moved(one: Detection, inside: Box) -> Detection:
    eyes = one.eyes_y_px
    if eyes is not None:
        eyes = min(max(0, eyes - inside.y_px), inside.height_px)
    return one.model_copy(
        update={
            "box": _clipped(one.box, inside),
            "head": None if one.head is None else _clipped(one.head, inside),
            "eyes_y_px": eyes,
        }
    )


def _clipped(box: Box, inside: Box) -> Box:
    left = min(max(0, box.x_px - inside.x_px), inside.width_px)
    top = min(max(0, box.y_px - inside.y_px), inside.height_px)
    right = min(max(left, box.right_px - inside.x_px), inside.width_px)
    bottom = min(max(top, box.bottom_px - inside.y_px), inside.height_px)
    return Box(x_px=left, y_px=top, width_px=right - left, height_px=bottom - top)
