"""Turns: the stretches in which one track is taken to speak. Pure.

Viterbi over the tracks: a switch costs as much as a second of full score, and a turn is held for a
second and a half at least. As the whole shot is known, a switch leads the voice a little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.detect.speakers import STEP_MS
from steps.model.timing import Span

SWITCH_S = 1.0
"""Cost of a switch in seconds of full score."""
HOLD_MS = 1500
"""Least length of a turn, but where a track ends."""
LEAD_MS = 150
ABSENT_SCORE = -1.0
"""Of a track that is not there: to stay on it costs as fast as a full score gains."""


@dataclass(frozen=True)
class Stretch:
    """A track's number for a time."""

    span: Span
    track: int


def turns(shot: Span, scores: NDArray[np.float64]) -> tuple[Stretch, ...]:
    """The turns of a shot, covering it without gaps; none when there is no track.

    Args:
        shot: the shot.
        scores: (steps, tracks) of 0 to 1, NaN where a track is not there; a step is `STEP_MS`.
    """
    if scores.shape[1] == 0 or shot.duration_ms == 0:
        return ()
    chosen = best_tracks(np.where(np.isnan(scores), ABSENT_SCORE, scores))
    changes = [0, *(np.nonzero(np.diff(chosen))[0] + 1)]
    starts = [shot.in_ms, *(_led(shot, int(step)) for step in changes[1:])]
    ends = [*starts[1:], shot.out_ms]
    return tuple(
        Stretch(Span(in_ms=start, out_ms=end), int(chosen[step]))
        for start, end, step in zip(starts, ends, changes, strict=True)
    )


def best_tracks(scores: NDArray[np.float64]) -> NDArray[np.intp]:
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


def _led(shot: Span, step: int) -> int:
    return max(shot.in_ms + 1, shot.in_ms + step * STEP_MS - LEAD_MS)
