"""Tracks of shots for tests, made of paths."""

from collections.abc import Callable, Sequence

from steps.model.canvas import Canvas
from steps.model.geometry import Box
from steps.model.tracks import Detection, ShotTracks, Track, Turn

CANVAS = Canvas.of("9:16", 1080)
SAMPLE_MS = 200


def track(
    name: str,
    centre: Callable[[int], tuple[float, float]],
    in_ms: int,
    out_ms: int,
    side_px: int = 120,
) -> Track:
    """A face whose middle is at `centre(time_ms)`."""
    detections = []
    for time_ms in range(in_ms, out_ms, SAMPLE_MS):
        x, y = centre(time_ms)
        box = Box(
            x_px=max(0, round(x - side_px / 2)),
            y_px=max(0, round(y - side_px / 2)),
            width_px=side_px,
            height_px=side_px,
        )
        eyes = round(y - side_px * 0.1)
        detections.append(Detection(time_ms=time_ms, box=box, score=990, eyes_y_px=eyes))
    return Track(id=name, subject="face", detections=tuple(detections))


def shot(
    tracks: Sequence[Track],
    turns: Sequence[tuple[int, int, str]],
    in_ms: int,
    out_ms: int,
    *,
    detail: int = 40,
    motion: int = 8,
) -> ShotTracks:
    """A shot with these tracks and (in, out, track) turns."""
    return ShotTracks(
        in_ms=in_ms,
        out_ms=out_ms,
        detail=detail,
        motion=motion,
        tracks=tuple(tracks),
        turns=tuple(Turn(in_ms=a, out_ms=b, track=name) for a, b, name in turns),
    )


def talking(
    x: float, in_ms: int = 0, out_ms: int = 6_000, *, y: float = 300, side_px: int = 120
) -> ShotTracks:
    """One face that stays."""
    face = track("face_1", lambda _: (x, y), in_ms, out_ms, side_px)
    return shot([face], [(in_ms, out_ms, "face_1")], in_ms, out_ms)
