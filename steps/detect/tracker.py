"""Tracks: the same face over the samples of one shot.

Greedy matching by overlap with the place that the last box and its velocity predict, as in SORT and
ByteTrack, without a random or order-dependent part: pairs are taken by overlap, then by score, left
edge and top. A tracker lives for one shot, so no track crosses a cut.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MATCH_IOU = 0.2
"""Least overlap of a box with its prediction; faces move by up to half their width in 0.2 s."""
BRIDGED_MS = 1000
"""A face that is unseen for longer than this returns as another track."""
SURE_SCORE = 0.95
"""A track needs one detection with at least this score: false faces of MTCNN rarely reach it."""
KEPT_SCORE = 0.8
"""Detections with a lower score are ignored."""
MIN_TRACK_MS = 600
MIN_SEEN = 0.4
"""Shorter tracks, and those seen in less than this share of their samples, are dropped; a face that
visible for at least half of a short shot stays."""
VELOCITY_SHARE = 0.5
"""Weight of the newest step in the running velocity."""


@dataclass(frozen=True)
class Seen:
    """A face in a sample, in source pixels.

    Attributes:
        index: of the sample in the shot.
        box: (4,) left, top, width, height.
        score: 0 to 1; 0 when interpolated.
        landmarks: (5, 2) as in `mtcnn.Face`.
    """

    index: int
    time_ms: int
    box: Floats
    score: float
    landmarks: Floats


@dataclass
class Trail:
    """A track while it grows."""

    seen: list[Seen]
    velocity: Floats = field(default_factory=lambda: np.zeros(2))
    """Pixels per millisecond of the box's corner."""

    def predicted(self, time_ms: int) -> Floats:
        """Where its box should be."""
        last = self.seen[-1]
        box = last.box.copy()
        box[:2] += self.velocity * (time_ms - last.time_ms)
        return box

    def extend(self, seen: Seen) -> None:
        """Take the next sight."""
        last = self.seen[-1]
        step = (_centre(seen.box) - _centre(last.box)) / (seen.time_ms - last.time_ms)
        fresh = len(self.seen) == 1
        self.velocity = step if fresh else self.velocity + VELOCITY_SHARE * (step - self.velocity)
        self.seen.append(seen)


class Tracker:
    """Grows the tracks of one shot, sample by sample."""

    def __init__(self) -> None:
        """Begin before the first sample."""
        self._trails: list[Trail] = []
        self._times_ms: list[int] = []

    def add(self, time_ms: int, faces: list[tuple[Floats, float, Floats]]) -> None:
        """Take a sample: (box, score, landmarks) of each face, in source pixels."""
        index = len(self._times_ms)
        self._times_ms.append(time_ms)
        found = [Seen(index, time_ms, *face) for face in faces if face[1] >= KEPT_SCORE]
        found.sort(key=lambda seen: (-seen.score, seen.box[0], seen.box[1]))
        live = [trail for trail in self._trails if time_ms - trail.seen[-1].time_ms <= BRIDGED_MS]
        pairs = [
            (-overlap, rank, order)
            for order, trail in enumerate(live)
            for rank, seen in enumerate(found)
            if (overlap := iou(trail.predicted(time_ms), seen.box)) >= MATCH_IOU
        ]
        taken: set[int] = set()
        grown: set[int] = set()
        for _, rank, order in sorted(pairs):
            if rank not in taken and order not in grown:
                live[order].extend(found[rank])
                taken.add(rank)
                grown.add(order)
        self._trails += [Trail([seen]) for rank, seen in enumerate(found) if rank not in taken]

    def tracks(self, shot_ms: int) -> list[list[Seen]]:
        """The tracks worth keeping, gaps filled, in order of their first sight, then left edge.

        Args:
            shot_ms: length of the shot.
        """
        kept = [trail.seen for trail in self._trails if _is_real(trail.seen, shot_ms)]
        kept.sort(key=lambda seen: (seen[0].time_ms, seen[0].box[0], seen[0].box[1]))
        return [self._bridged(seen) for seen in kept]

    def _bridged(self, seen: list[Seen]) -> list[Seen]:
        """The track with a sight in every sample between its first and its last."""
        times = np.array([sight.time_ms for sight in seen], float)
        boxes = np.array([sight.box for sight in seen])
        marks = np.array([sight.landmarks.reshape(-1) for sight in seen])
        by_index = {sight.index: sight for sight in seen}
        filled = []
        for index in range(seen[0].index, seen[-1].index + 1):
            if index not in by_index:
                time_ms = self._times_ms[index]
                box, landmarks = (_between(time_ms, times, rows) for rows in (boxes, marks))
                by_index[index] = Seen(index, time_ms, box, 0.0, landmarks.reshape(5, 2))
            filled.append(by_index[index])
        return filled


def iou(one: Floats, other: Floats) -> float:
    """Intersection over union of two boxes (left, top, width, height)."""
    first = np.maximum(one[:2], other[:2])
    last = np.minimum(one[:2] + one[2:], other[:2] + other[2:])
    common = float(np.prod(np.maximum(0, last - first)))
    union = float(np.prod(one[2:]) + np.prod(other[2:])) - common
    return common / union if union > 0 else 0.0


def _is_real(seen: list[Seen], shot_ms: int) -> bool:
    length_ms = seen[-1].time_ms - seen[0].time_ms
    samples = seen[-1].index - seen[0].index + 1
    return (
        max(sight.score for sight in seen) >= SURE_SCORE
        and length_ms >= min(MIN_TRACK_MS, shot_ms / 2)
        and len(seen) / samples >= MIN_SEEN
    )


def _centre(box: Floats) -> Floats:
    centre: Floats = box[:2] + box[2:] / 2
    return centre


def _between(time_ms: int, times: Floats, rows: Floats) -> Floats:
    return np.array([np.interp(time_ms, times, column) for column in rows.T])
