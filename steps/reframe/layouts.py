"""Which layout a shot gets, by rules that can be measured. Each shot is judged by itself."""

from __future__ import annotations

from typing import Literal

from steps.model.geometry import Size
from steps.model.tracks import ShotTracks, Track

Layout = Literal["focus", "fit", "centre"]

FACE_SHARE = 0.05
"""A face lower than this share of the frame's height is not followed."""
COVERED_SHARE = 0.5
"""A shot is of people when its subjects are seen for at least this share of it."""
STILL_MOTION = 2
"""Thousandths of brightness from sample to sample: a filmed picture changes by more, if only by
noise; slides and screens by less."""
DRAWN_DETAIL = 15
"""Thousandths of the picture that are sharp edges: a line of large text has as many."""
INSET_SHARE = 0.15
"""A face under this share of the frame's height, in a picture that is still and drawn, is a camera
in the corner of a screen: the screen is the subject."""


def layout_of(
    shot: ShotTracks, size: Size, asked: Literal["auto", "focus", "fit", "centre"]
) -> Layout:
    """The layout of a shot; `focus` asked for without a face to follow is `centre`."""
    if asked in ("fit", "centre"):
        return asked
    followed = covered_ms(shot, size) > 0 if asked == "focus" else is_of_people(shot, size)
    if followed:
        return "focus"
    return "fit" if asked == "auto" and is_drawn(shot) else "centre"


def is_of_people(shot: ShotTracks, size: Size) -> bool:
    """Whether the subjects fill enough of the shot, and are more than an inset in a screen."""
    if covered_ms(shot, size) < COVERED_SHARE * shot.duration_ms:
        return False
    largest = max(height_px(track) for track in shot.tracks)
    return not (is_drawn(shot) and largest < INSET_SHARE * size.height_px)


def is_drawn(shot: ShotTracks) -> bool:
    """Whether the picture is a slide, a screen or a drawing: still, with sharp edges."""
    return shot.motion <= STILL_MOTION and shot.detail >= DRAWN_DETAIL


def covered_ms(shot: ShotTracks, size: Size) -> int:
    """For how long a subject large enough is seen in its turns."""
    tracks = {track.id: track for track in shot.tracks}
    heights = {track.id: height_px(track) for track in shot.tracks}
    total = 0
    for turn in shot.turns:
        track = tracks[turn.track]
        if heights[track.id] >= FACE_SHARE * size.height_px:
            seen_to = track.detections[-1].time_ms + _spacing_ms(track)
            total += max(
                0, min(turn.out_ms, seen_to) - max(turn.in_ms, track.detections[0].time_ms)
            )
    return total


def height_px(track: Track) -> int:
    """The middle one of the heights of a track's faces; of a person, those of its heads."""
    heights = sorted((one.head or one.box).height_px for one in track.detections)
    return heights[len(heights) // 2]


def _spacing_ms(track: Track) -> int:
    times = [detection.time_ms for detection in track.detections]
    return (times[-1] - times[0]) // (len(times) - 1) if len(times) > 1 else 0
