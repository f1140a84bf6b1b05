"""From what was measured to the document: source pixels, whole numbers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steps.detect.looks import Look
from steps.detect.mouths import MouthWatch
from steps.detect.tracker import Seen, Tracker
from steps.detect.turns import Stretch
from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.tracks import Detection, ShotTracks, Track, Turn


def followed(shot: Span, looks: Sequence[Look]) -> list[list[Seen]]:
    """The tracks of the faces in a shot's samples, in source pixels."""
    tracker = Tracker()
    for one in looks:
        faces = [
            (np.array(face.box) / one.scale, face.score, face.landmarks.astype(float) / one.scale)
            for face in one.faces
        ]
        tracker.add(one.time_ms, faces)
    return tracker.tracks(shot.duration_ms)


def shot_tracks(
    shot: Span,
    looks: Sequence[Look],
    tracks: Sequence[Sequence[Seen]],
    turns: Sequence[Stretch],
    watch: MouthWatch | None,
    size: Size,
) -> ShotTracks:
    """The document of one shot; tracks are named `face_1`.. in the order given."""
    names = [f"face_{number}" for number in range(1, len(tracks) + 1)]
    return ShotTracks(
        in_ms=shot.in_ms,
        out_ms=shot.out_ms,
        detail=_thousandths([one.detail for one in looks]),
        motion=_thousandths([one.motion for one in looks[1:]]),
        tracks=tuple(
            Track(id=name, subject="face", detections=_detections(track, index, watch, size))
            for index, (name, track) in enumerate(zip(names, tracks, strict=True))
        ),
        turns=tuple(
            Turn(in_ms=turn.span.in_ms, out_ms=turn.span.out_ms, track=names[turn.track])
            for turn in turns
        ),
    )


def _detections(
    track: Sequence[Seen], index: int, watch: MouthWatch | None, size: Size
) -> tuple[Detection, ...]:
    ends = [*(seen.time_ms for seen in track[1:]), track[-1].time_ms + 1000]
    return tuple(
        Detection(
            time_ms=seen.time_ms,
            box=_inside(seen, size),
            score=min(1000, max(0, round(1000 * seen.score))),
            eyes_y_px=min(size.height_px, max(0, round(float(seen.landmarks[:2, 1].mean())))),
            mouth=watch.between(seen.time_ms, end, index) if watch else None,
        )
        for seen, end in zip(track, ends, strict=True)
    )


def _inside(seen: Seen, size: Size) -> Box:
    """The part of the box inside the picture."""
    left, top = np.clip(np.round(seen.box[:2]), 0, (size.width_px, size.height_px))
    right, bottom = np.clip(
        np.round(seen.box[:2] + seen.box[2:]), (left, top), (size.width_px, size.height_px)
    )
    return Box(
        x_px=int(left), y_px=int(top), width_px=int(right - left), height_px=int(bottom - top)
    )


def _thousandths(shares: Sequence[float]) -> int:
    return min(1000, round(1000 * float(np.median(shares)))) if shares else 0
