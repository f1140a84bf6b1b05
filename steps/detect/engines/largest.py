"""The largest face speaks: what is left where nothing can be heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from steps.contract import Context
from steps.detect.engines.protocol import Evidence, Floats, Scene, Sight
from steps.detect.speakers import STEP_MS, grid
from steps.model.timing import Span


class LargestFace:
    """Each track's share of the area of all faces."""

    def scores(self, scene: Scene) -> Evidence:
        """The shares; nobody's mouth is watched."""
        return Evidence(by_size(scene.shot, scene.tracks))


def load(_context: Context[Any]) -> LargestFace:
    """The method; it needs nothing."""
    return LargestFace()


def by_size(shot: Span, tracks: Sequence[Sequence[Sight]]) -> Floats:
    """Each track's share of the area of all faces, shape (steps, tracks)."""
    steps = grid(shot)
    areas = np.full((len(steps), len(tracks)), np.nan)
    for column, track in enumerate(tracks):
        times = np.array([seen.time_ms for seen in track])
        sizes = np.array([seen.box[2] * seen.box[3] for seen in track])
        there = (steps >= times[0] - STEP_MS) & (steps <= times[-1] + STEP_MS)
        areas[there, column] = np.interp(steps[there], times, sizes)
    total = np.nansum(areas, axis=1, keepdims=True)
    shares: Floats = areas / np.where(total > 0, total, 1)
    return shares
