"""The crop path: where the window goes along one axis, still where it can be and smooth elsewhere.

Median of five against wild detections, the cheapest of all paths over a grid of positions (Viterbi:
it pays for distance from the subject, for moving, and above all for starting to move), a short
Gaussian to ease starts and stops. Constants are for a frame 640 px wide sampled at 5 FPS and are
scaled to the frame and the rate; they were chosen on half of RetargetVid (`make bench-camera`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.model.smoothing import gaussian

Floats = NDArray[np.float64]

REFERENCE_PX = 640
REFERENCE_FPS = 5.0
POSITIONS = 53
"""Over the whole way of a third-wide window: steps of about 1/64 of the frame's width, no fewer."""
TOLERANCE_PX = 5.0
"""A subject within this distance of the middle of the window costs nothing."""
FAR_PX = 60.0
"""The cost stops growing at this distance, so that wild detections do not pull the window."""
MOVE_COST = 0.5
"""Per pixel of movement."""
START_COST_PX = 22.0
"""Per sample in which the window moves at all."""
EASE_S = 0.25
"""Sigma of the Gaussian."""
MEDIAN_SAMPLES = 5
SHORT_HOLD_S, STAIR_HOLD_S = 0.8, 1.5
"""Stops shorter than the first, and on the way in one direction than the second, are passed by:
a slow even pan would otherwise be a staircase. Costs 0.001 of IoU, takes a tenth of the shaking."""
STILL_SHARE = 0.08
"""A subject whose median-filtered places span less than this share of the frame's width gets one
still window. AutoFlip's 0.3 loses 8 points of IoU on RetargetVid; this value loses 0."""
GRID_S = 0.05
"""Time between two points of the smooth path: with 0.1 a fast pan changed its pace in jerks of
0.3 px."""


@dataclass(frozen=True)
class FrameAxis:
    """One direction of a frame: its length, the window's, and the frame's width as the scale."""

    frame_px: float
    window_px: float
    scale_px: float

    @property
    def way_px(self) -> float:
        """The largest offset of the window."""
        return max(0.0, self.frame_px - self.window_px)


@dataclass(frozen=True)
class Wish:
    """Where the window should be in each sample, along one axis, in pixels from the frame's edge.

    Attributes:
        offset: the wanted offset, shape (samples,).
        low: the least offset that keeps the subject inside; where it is over `high`, none does.
        high: the greatest such offset.
        spare_px: how far the window may go beyond both if it can stay still so.
    """

    offset: Floats
    low: Floats
    high: Floats
    spare_px: float = 0.0

    def moved(self, by_px: float) -> Wish:
        """The same wish, counted from another place."""
        return Wish(self.offset + by_px, self.low + by_px, self.high + by_px, self.spare_px)


def planned(wish: Wish, axis: FrameAxis, sample_s: float) -> Floats:
    """The offsets of the window every `GRID_S` from the first sample to the last.

    They are always inside the frame, and keep the subject inside where that is possible.
    """
    low, high = (np.clip(median(edge), 0, axis.way_px) for edge in (wish.low, wish.high))
    wanted = median(wish.offset)
    times = np.arange(len(wanted)) * sample_s
    moments = np.arange(0, times[-1] + GRID_S / 2, GRID_S)
    still = np.clip(np.median(wanted), 0, axis.way_px)
    reach = float(np.ptp(np.clip(wanted, 0, axis.way_px)))
    least, most = low.max(), high.min()
    if reach < STILL_SHARE * axis.scale_px and least - most <= 2 * wish.spare_px:
        within = (least, most) if least <= most else ((least + most) / 2,) * 2
        return np.full(len(moments), np.clip(still, *within))
    low, high = np.where(low <= high, (low, high), (low + high) / 2)
    path = ramped(held(wanted, axis, sample_s), sample_s)
    offsets = eased(np.interp(moments, times, path), GRID_S)
    bounds = [np.interp(moments, times, edge) for edge in (low, high)]
    return np.clip(contained(offsets, bounds[0], bounds[1], GRID_S), 0, axis.way_px)


def contained(offsets_px: Floats, low_px: Floats, high_px: Floats, step_s: float) -> Floats:
    """The offsets moved into their bounds, the correction eased in before and out after."""
    short = _spread(np.maximum(0, low_px - offsets_px), step_s)
    over = _spread(np.maximum(0, offsets_px - high_px), step_s)
    result: Floats = np.clip(offsets_px + short - over, low_px, high_px)
    return result


def _spread(correction_px: Floats, step_s: float) -> Floats:
    """The correction held for two sigma around each moment, then eased: never less than it was."""
    if not correction_px.any():
        return correction_px
    reach = int(np.ceil(2 * EASE_S / step_s))
    padded = np.pad(correction_px, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return eased(windows.max(axis=1), step_s)


def median(values: Floats, samples: int = MEDIAN_SAMPLES) -> Floats:
    """The running median; mirrored at the ends, so that a wild first or last value counts once."""
    mode = "reflect" if len(values) > samples // 2 else "edge"
    padded = np.pad(values, samples // 2, mode=mode)  # type: ignore[call-overload]
    result: Floats = np.median(np.lib.stride_tricks.sliding_window_view(padded, samples), axis=1)
    return result


def held(wanted_px: Floats, axis: FrameAxis, sample_s: float) -> Floats:
    """The cheapest offsets of the window for the wanted ones, shape (samples,).

    `cost = min(max(|x - z| - tolerance, 0), far) + 0.5 |dx| + start [dx != 0]`; of equal paths the
    one that stays, then the leftmost.
    """
    if axis.way_px == 0 or len(wanted_px) == 0:
        return np.zeros(len(wanted_px))
    unit = axis.scale_px / REFERENCE_PX
    rate = sample_s * REFERENCE_FPS
    grid = np.linspace(0, axis.way_px, POSITIONS)
    off = np.abs(grid[None, :] - np.clip(wanted_px, 0, axis.way_px)[:, None])
    costs = np.minimum(np.maximum(off - TOLERANCE_PX * unit, 0), FAR_PX * unit) * rate
    moves = np.abs(grid[:, None] - grid[None, :])
    steps = MOVE_COST * moves + np.where(moves > 0, START_COST_PX * unit, 0.0)
    return grid[_cheapest(costs, steps)]


def _cheapest(costs: Floats, steps: Floats) -> NDArray[np.intp]:
    """Viterbi: the row of states with the least sum of `costs[t, state]` and `steps[from, to]`."""
    states = np.arange(costs.shape[1])
    total = costs[0].copy()
    back = np.zeros(costs.shape, np.intp)
    for index in range(1, len(costs)):
        reach = total[:, None] + steps
        best = np.argmin(reach, axis=0)
        stays = total <= reach[best, states]
        back[index] = np.where(stays, states, best)
        total = reach[back[index], states] + costs[index]
    path = np.zeros(len(costs), np.intp)
    path[-1] = int(np.argmin(total))
    for index in range(len(costs) - 1, 0, -1):
        path[index - 1] = back[index, path[index]]
    return path


def ramped(path_px: Floats, sample_s: float) -> Floats:
    """The path with its staircases made ramps: of a short stop only the middle is kept."""
    changes = np.nonzero(np.diff(path_px))[0] + 1
    starts, ends = [0, *changes], [*changes, len(path_px)]
    times: list[float] = []
    places: list[float] = []
    for start, end in zip(starts, ends, strict=True):
        place = path_px[start]
        inner = start > 0 and end < len(path_px)
        onward = inner and (place - path_px[start - 1]) * (path_px[end] - place) > 0
        if inner and (end - start) * sample_s < (STAIR_HOLD_S if onward else SHORT_HOLD_S):
            times.append((start + end - 1) / 2)
            places.append(place)
        else:
            times += [start, end - 1]
            places += [place, place]
    result: Floats = np.interp(np.arange(len(path_px)), times, places)
    return result


def eased(offsets_px: Floats, step_s: float) -> Floats:
    """The offsets after a Gaussian of `EASE_S`; the first and last value go on beyond the ends."""
    return gaussian(offsets_px, EASE_S / step_s)
