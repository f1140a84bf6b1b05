"""Tracks: the same face or person over the samples of one shot.

Greedy matching by overlap with the place that the last box and its velocity predict, as in SORT and
ByteTrack, without a random or order-dependent part: pairs are taken by overlap, then by score, left
edge and top. A tracker lives for one shot, so no track crosses a cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from steps.detect.engines.protocol import Floats, Found, Sight

MATCH_IOU = 0.2
"""Least overlap of a box with its prediction; faces move by up to half their width in 0.2 s."""
BRIDGED_MS = 3000
"""A face that is unseen for longer than this, and in a whole sample, returns as another track."""
COASTING_MS = 1000
"""An unseen face is expected where its velocity takes it for this long; then, where it was last."""
MIN_TRACK_MS = 600
MIN_SEEN = 0.4
"""Shorter tracks, and those seen in less than this share of their samples, are dropped; a face that
is visible for at least half of a short shot stays, and one that is in every sample of a shot."""
VELOCITY_SHARE = 0.5
"""Weight of the newest step in the running velocity."""


USUAL_MARKS = np.array([(0.31, 0.41), (0.69, 0.41), (0.5, 0.61), (0.34, 0.78), (0.66, 0.78)])
"""Where the landmarks of a frontal face are, in shares of its box: means over the sample."""


@dataclass
class Trail:
    """A track while it grows."""

    seen: list[Sight]
    velocity: Floats = field(default_factory=lambda: np.zeros(2))
    """Pixels per millisecond of the box's corner."""

    def predicted(self, time_ms: int) -> Floats:
        """Where its box should be."""
        last = self.seen[-1]
        gap_ms = time_ms - last.time_ms
        box = last.box.copy()
        if gap_ms <= COASTING_MS:
            box[:2] += self.velocity * gap_ms
        return box

    def extend(self, seen: Sight) -> None:
        """Take the next sight."""
        last = self.seen[-1]
        step = (_centre(seen.box) - _centre(last.box)) / (seen.time_ms - last.time_ms)
        fresh = len(self.seen) == 1
        self.velocity = step if fresh else self.velocity + VELOCITY_SHARE * (step - self.velocity)
        self.seen.append(seen)


class Tracker:
    """Grows the tracks of one shot, sample by sample."""

    def __init__(self, sure_score: float) -> None:
        """Begin before the first sample; a track needs one sight with at least this score."""
        self._sure_score = sure_score
        self._trails: list[Trail] = []
        self._times_ms: list[int] = []

    def add(self, time_ms: int, seen: Sequence[Found]) -> None:
        """Take a sample: what was found in it, in source pixels."""
        index = len(self._times_ms)
        gap_ms = time_ms - self._times_ms[-1] if self._times_ms else 0
        self._times_ms.append(time_ms)
        found = [
            Sight(
                index,
                time_ms,
                one.box,
                one.score,
                marks_of(one),
                is_hidden=one.is_hidden,
                patch=one.patch,
            )
            for one in seen
        ]
        found.sort(key=lambda sight: (-sight.score, sight.box[0], sight.box[1]))
        reach_ms = max(BRIDGED_MS, gap_ms)
        live = [trail for trail in self._trails if time_ms - trail.seen[-1].time_ms <= reach_ms]
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

    def tracks(self, shot_ms: int) -> list[list[Sight]]:
        """The tracks worth keeping, gaps filled, in order of their first sight, then left edge.

        Args:
            shot_ms: length of the shot.
        """
        kept = [trail.seen for trail in self._trails if self._is_real(trail.seen, shot_ms)]
        kept.sort(key=lambda seen: (seen[0].time_ms, seen[0].box[0], seen[0].box[1]))
        return [self._bridged(seen) for seen in kept]

    def _is_real(self, seen: list[Sight], shot_ms: int) -> bool:
        length_ms = seen[-1].time_ms - seen[0].time_ms
        samples = seen[-1].index - seen[0].index + 1
        is_long = length_ms >= min(MIN_TRACK_MS, shot_ms / 2)
        return (
            max(0.0 if sight.is_hidden else sight.score for sight in seen) >= self._sure_score
            and (is_long or len(seen) == len(self._times_ms))
            and len(seen) / samples >= MIN_SEEN
        )

    def _bridged(self, seen: list[Sight]) -> list[Sight]:
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
                by_index[index] = Sight(index, time_ms, box, 0.0, landmarks.reshape(5, 2))
            filled.append(by_index[index])
        return filled


def marks_of(found: Found) -> Floats:
    """The landmarks of a face; where its engine gives none, where they are in most faces."""
    if found.landmarks is not None:
        return found.landmarks
    placed: Floats = found.box[:2] + USUAL_MARKS * found.box[2:]
    return placed


def iou(one: Floats, other: Floats) -> float:
    """Intersection over union of two boxes (left, top, width, height)."""
    first = np.maximum(one[:2], other[:2])
    last = np.minimum(one[:2] + one[2:], other[:2] + other[2:])
    common = float(np.prod(np.maximum(0, last - first)))
    union = float(np.prod(one[2:]) + np.prod(other[2:])) - common
    return common / union if union > 0 else 0.0


def _centre(box: Floats) -> Floats:
    centre: Floats = box[:2] + box[2:] / 2
    return centre


def _between(time_ms: int, times: Floats, rows: Floats) -> Floats:
    return np.array([np.interp(time_ms, times, column) for column in rows.T])
