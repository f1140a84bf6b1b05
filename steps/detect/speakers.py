"""Who speaks when: a score per track over time, and the turns that follow from the scores. Pure.

A method (`engines/`) gives an array of shape (steps, tracks) with values of 0 to 1 on a grid of
`STEP_MS`, NaN where a track is absent.

Turns come from Viterbi over the tracks: a switch costs as much as half a second of full score, and
a turn lasts at least 0.8 s. Where exactly a switch falls is decided by the sound (`switches.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.detect.engines.protocol import Floats
from steps.detect.switches import LEAD_MS, Cues
from steps.model.timing import Span

STEP_MS = 100
WINDOW_MS = 1000
LAG_MS = 200
"""Sound may lead or follow the lips by this much: it may be late, and lips open before it."""
LEAST_EVIDENCE = 0.002
"""Evidence at the level of noise, in the units of `MouthWatch`; it weighs against every track."""
QUIET_SHARE = 0.1
"""Sound under this share of the shot's loud level (its 90th percentile) is taken as silence."""
LEAST_RMS = 60
"""Sound quieter than this (of 32768, about -55 dBFS) is silence too."""
SWITCH_S = 0.5
"""Cost of a switch in seconds of full score: two of them outweigh a wrong burst of 0.9 s."""
HOLD_MS = 800
"""Least length of a turn, but where a track ends; an answer of a word or two is no turn."""
MOST_LOST_S = 0.4
"""A switch is not moved where that loses more score: the voices overlap."""
ABSENT_SCORE = -1.0
"""Of a track that is not there: to stay on it costs as fast as a full score gains."""


@dataclass(frozen=True)
class Stretch:
    """A track's number for a time."""

    span: Span
    track: int


def grid(shot: Span) -> NDArray[np.int64]:
    """The moments of the scores, every `STEP_MS`."""
    return np.arange(shot.in_ms, max(shot.out_ms, shot.in_ms + 1), STEP_MS, dtype=np.int64)


def by_mouth(
    shot: Span,
    times_ms: NDArray[np.int64],
    movements: Floats,
    loudness: NDArray[np.int32],
    loudness_step_ms: int,
    watched_fps: int,
) -> Floats:
    """Each track's share of the mouth movement that goes with the sound; 0 in silence.

    In a window of one second: the correlation of movement with the sound's envelope at the best lag
    within ±200 ms, squared, times the mean movement: the track's evidence. The score is its square
    over the sum of all tracks' squares, so heads that only move count for little.

    Args:
        shot: the shot.
        times_ms: when each movement ends, evenly spaced, shape (pictures,).
        movements: as from `MouthWatch`, shape (pictures, tracks).
        loudness: RMS of the whole source in steps, as from `media.audio`.
        loudness_step_ms: length of its steps.
        watched_fps: movements per second.
    """
    steps = grid(shot)
    if len(times_ms) < 2:
        return np.full((len(steps), movements.shape[1]), np.nan)
    spacing_ms = 1000 / watched_fps
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
    result: Floats = scores[nearest(times_ms, steps)]
    return result


def envelope(
    times_ms: NDArray[np.int64], width_ms: float, loudness: NDArray[np.int32], step_ms: int
) -> Floats:
    """Mean loudness in the `width_ms` before each moment; silence outside of what there is."""
    total = np.concatenate([[0.0], np.cumsum(loudness, dtype=np.float64)])
    edges = np.arange(len(total)) * step_ms
    before, after = (np.interp(moment, edges, total) for moment in (times_ms - width_ms, times_ms))
    level: Floats = (after - before) * step_ms / width_ms
    return level


def nearest(times_ms: NDArray[np.int64], moments_ms: NDArray[np.int64]) -> NDArray[np.intp]:
    """The index of the time nearest to each moment; of two as near, the earlier one's."""
    after = np.clip(np.searchsorted(times_ms, moments_ms), 1, len(times_ms) - 1)
    is_before = moments_ms - times_ms[after - 1] <= times_ms[after] - moments_ms
    return np.where(is_before, after - 1, after)


def _lags(spacing_ms: float) -> tuple[int, ...]:
    count = int(LAG_MS / spacing_ms)
    return tuple(round(n * spacing_ms) for n in range(-count, count + 1))


def _correlation(movements: Floats, sound: Floats) -> Floats:
    """Pearson's, of each column with the square root of the sound; 0 where either is constant."""
    heard = np.sqrt(sound)
    heard = heard - heard.mean()
    moved = movements - movements.mean(axis=0)
    scale = np.sqrt((heard**2).sum() * (moved**2).sum(axis=0))
    match: Floats = (moved * heard[:, None]).sum(axis=0) / np.where(scale > 0, scale, 1)
    return match


def turns(shot: Span, scores: Floats, cues: Cues | None = None) -> tuple[Stretch, ...]:
    """The turns of a shot, covering it without gaps; empty if it has no track.

    Args:
        shot: the shot.
        scores: (steps, tracks) of 0 to 1, NaN where a track is not there; a step is `STEP_MS`.
        cues: where a switch may fall; without it, `LEAD_MS` before the next track scores.
    """
    if scores.shape[1] == 0 or shot.duration_ms == 0:
        return ()
    absent = np.isnan(scores)
    chosen = best_tracks(np.where(absent, ABSENT_SCORE, scores))
    changes = [0, *(int(step) for step in np.nonzero(np.diff(chosen))[0] + 1)]
    starts = [shot.in_ms]
    for at, step in enumerate(changes[1:], 1):
        about_ms = shot.in_ms + step * STEP_MS
        wanted_ms = cues.switch_ms(about_ms) if cues else about_ms - LEAD_MS
        last = changes[at + 1] if at + 1 < len(changes) else len(chosen)
        both = ~(absent[:, chosen[step - 1]] | absent[:, chosen[step]])
        if both[step - 1 : step + 1].all():
            first, end = _around(both, step)
            low_ms, high_ms = shot.in_ms + first * STEP_MS, shot.in_ms + end * STEP_MS
            wanted_ms = min(max(low_ms, wanted_ms), high_ms)
            if _lost_s(shot, scores, step, wanted_ms, int(chosen[step - 1])) > MOST_LOST_S:
                wanted_ms = about_ms
        else:
            wanted_ms = about_ms - LEAD_MS
        latest_ms = shot.in_ms + last * STEP_MS - STEP_MS
        starts.append(max(starts[-1] + STEP_MS, min(wanted_ms, latest_ms)))
    ends = [*starts[1:], shot.out_ms]
    return tuple(
        Stretch(Span(in_ms=start, out_ms=end), int(chosen[step]))
        for start, end, step in zip(starts, ends, changes, strict=True)
    )


def _lost_s(shot: Span, scores: Floats, step: int, moved_ms: int, before: int) -> float:
    """The score, in seconds, that a track loses by a switch away from it that is moved."""
    at = round((moved_ms - shot.in_ms) / STEP_MS)
    others = np.delete(scores, before, axis=1)
    best = np.nanmax(np.where(np.isnan(others), 0.0, others), axis=1, initial=0.0)
    gain = np.nan_to_num(scores[:, before]) - best
    return float(-gain[step:at].sum() + gain[at:step].sum()) * STEP_MS / 1000


def _around(both: NDArray[np.bool_], step: int) -> tuple[int, int]:
    """The first step and the one after the last of the run of true ones around a step."""
    gaps = np.flatnonzero(~both)
    before, after = gaps[gaps < step], gaps[gaps > step]
    return int(before[-1]) + 1 if len(before) else 0, int(after[0]) if len(after) else len(both)


def best_tracks(scores: Floats) -> NDArray[np.intp]:
    """The track of each step: the row with the greatest sum of scores less the switches.

    A state is a track and how long it has been held, up to the least hold; only a full hold may be
    left. Ties: the turn that goes on, then the lower track number.
    """
    steps, tracks = scores.shape
    hold = max(1, HOLD_MS // STEP_MS)
    cost = SWITCH_S * 1000 / STEP_MS
    total = np.full((tracks, hold), -np.inf)
    total[:, -1] = scores[0]  # who speaks at the start may have spoken before
    back = np.zeros((steps, tracks, hold), np.intp)
    for step in range(1, steps):
        fresh = np.full((tracks, hold), -np.inf)
        source = np.zeros((tracks, hold), np.intp)
        own = np.arange(tracks) * hold
        fresh[:, 1:] = total[:, :-1]
        source[:, 1:] = own[:, None] + np.arange(hold - 1)
        stays = total[:, -1] >= fresh[:, -1]
        fresh[:, -1] = np.where(stays, total[:, -1], fresh[:, -1])
        source[:, -1] = np.where(stays, own + hold - 1, source[:, -1])
        for track in range(tracks):
            others = np.where(np.arange(tracks) == track, -np.inf, total[:, -1]) - cost
            best = int(np.argmax(others))
            if others[best] > fresh[track, 0]:
                fresh[track, 0], source[track, 0] = others[best], best * hold + hold - 1
        total, back[step] = fresh + scores[step][:, None], source
    state = int(np.argmax(total.max(axis=1))) * hold
    state += int(np.argmax(total[state // hold]))
    chosen = np.zeros(steps, np.intp)
    for step in range(steps - 1, -1, -1):
        chosen[step] = state // hold
        state = int(back[step].reshape(-1)[state])
    return chosen
