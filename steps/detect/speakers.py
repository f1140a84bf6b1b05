"""Who might be speaking: a score per track over time. The seam for other methods.

A method gives an array of shape (steps, tracks) with values of 0 to 1 on a grid of `STEP_MS`, NaN
where a track is not there; `turns` makes turns of it. Here: mouth movement with the sound, and the
size of the face. A speaker network (LR-ASD) would be a third.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from steps.detect.mouths import WATCHED_FPS
from steps.detect.tracker import Floats, Seen
from steps.model.timing import Span

STEP_MS = 100
WINDOW_MS = 1000
LAG_MS = 200
"""Sound may lead or follow the lips by this much (late sound, and lips that open before)."""
LEAST_EVIDENCE = 0.002
"""Evidence that is but noise, in the units of `MouthWatch`: it weighs against every track."""
QUIET_SHARE = 0.1
"""Sound under this share of the shot's loud level (its 90th percentile) is taken as silence."""
LEAST_RMS = 60
"""Nor is anything speech that is quieter than this (of 32768, about -55 dBFS)."""


def grid(shot: Span) -> NDArray[np.int64]:
    """The moments at which scores are given."""
    return np.arange(shot.in_ms, max(shot.out_ms, shot.in_ms + 1), STEP_MS, dtype=np.int64)


def by_mouth(
    shot: Span,
    times_ms: NDArray[np.int64],
    movements: Floats,
    loudness: NDArray[np.int32],
    loudness_step_ms: int,
) -> Floats:
    """Each track's share of the mouth movement that goes with the sound; 0 in silence.

    In a window of one second: the correlation of movement with the sound's envelope at the best lag
    within ±200 ms, squared, times the mean movement: the track's evidence. The score is its square
    over the sum of all tracks' squares: so heads that merely move count for little.

    Args:
        shot: the shot.
        times_ms: when each movement ends, evenly spaced, shape (pictures,).
        movements: as from `MouthWatch`, shape (pictures, tracks).
        loudness: RMS of the whole source in steps, as from `media.audio`.
        loudness_step_ms: length of its steps.
    """
    steps = grid(shot)
    if len(times_ms) < 2:
        return np.full((len(steps), movements.shape[1]), np.nan)
    spacing_ms = 1000 / WATCHED_FPS
    there = ~np.isnan(movements)
    lively = np.sqrt(np.where(there, movements, 0.0))
    sounds = {
        lag: envelope(times_ms + lag, spacing_ms, loudness, loudness_step_ms)
        for lag in _lags(spacing_ms)
    }
    loud = sounds[0]
    evidence = np.zeros(movements.shape)
    half = round(WINDOW_MS / spacing_ms / 2)
    for at in range(len(times_ms)):
        window = slice(max(0, at - half), at + half + 1)
        part = lively[window]
        match = np.max([_correlation(part, sound[window]) for sound in sounds.values()], axis=0)
        evidence[at] = np.maximum(0, match) ** 2 * np.mean(part**2, axis=0)
    power = evidence**2
    shares = power / (power.sum(axis=1, keepdims=True) + LEAST_EVIDENCE**2)
    speech = (loud > QUIET_SHARE * np.percentile(loud, 90)) & (loud > LEAST_RMS)
    scores = np.where(there, shares * speech[:, None], np.nan)
    nearest = np.abs(times_ms[None, :] - steps[:, None]).argmin(axis=1)
    result: Floats = scores[nearest]
    return result


def by_size(shot: Span, tracks: Sequence[Sequence[Seen]]) -> Floats:
    """Each track's share of the area of all faces."""
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


def envelope(
    times_ms: NDArray[np.int64], width_ms: float, loudness: NDArray[np.int32], step_ms: int
) -> Floats:
    """Mean loudness in the `width_ms` before each moment; silence outside of what there is."""
    total = np.concatenate([[0.0], np.cumsum(loudness, dtype=np.float64)])
    edges = np.arange(len(total)) * step_ms
    before, after = (np.interp(moment, edges, total) for moment in (times_ms - width_ms, times_ms))
    level: Floats = (after - before) * step_ms / width_ms
    return level


def _lags(spacing_ms: float) -> tuple[int, ...]:
    count = int(LAG_MS / spacing_ms)
    return tuple(round(n * spacing_ms) for n in range(-count, count + 1))


def _correlation(movements: Floats, sound: Floats) -> Floats:
    """Pearson's, of each column with the square root of the sound; 0 where either stands still."""
    heard = np.sqrt(sound)
    heard = heard - heard.mean()
    moved = movements - movements.mean(axis=0)
    scale = np.sqrt((heard**2).sum() * (moved**2).sum(axis=0))
    match: Floats = (moved * heard[:, None]).sum(axis=0) / np.where(scale > 0, scale, 1)
    return match
