"""When the picture changes to the next speaker: in a pause, shortly before the voice begins. Pure.

Who speaks is known to a few tenths of a second; the sound knows when. A change of speaker goes into
the nearest pause within reach, a little before the next onset, so that nobody is cut off. Where the
voices follow each other without a pause it goes to the onset.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from steps.model.timing import Span
from steps.model.transcript import Word

PAUSE_MS = 200
"""Silence from this length on is a pause; the gap before a plosive is shorter."""
REACH_MS = 800
"""Furthest onset that a change of speaker is moved to."""
LEAD_MS = 150
"""The picture changes this long before the next speaker is heard."""
DIP_MS = 40
"""Where there is no pause, the longest silence from this length on parts two voices."""
QUIET_SHARE = 0.06
"""Sound under this share of the loud level (its 90th percentile) is silence: -24 dB."""
FLOOR_SHARE = 2.5
"""So is sound under this many times the level of the quietest tenth: a room is never silent."""
MOST_QUIET_SHARE = 0.25
"""More than this share of the loud level is never silence: the quietest tenth may be music."""
LEAST_RMS = 60
"""Nor is less than this (of 32768, about -55 dBFS) ever heard."""
SMOOTH_STEPS = 3


@dataclass(frozen=True)
class Cues:
    """The silences of a clip, and the words that begin with another voice.

    Attributes:
        silences: in order.
        changes_ms: where a word of another voice begins than that of the word before.
    """

    silences: tuple[Span, ...] = ()
    changes_ms: tuple[int, ...] = ()

    def switch_ms(self, about_ms: int) -> int:
        """When to change to a speaker who begins at about this time.

        Of two onsets as near, the earlier one.
        """
        near = [one for one in self.changes_ms if abs(one - about_ms) <= REACH_MS]
        onset_ms = min(near, key=lambda one: (abs(one - about_ms), one), default=about_ms)
        pauses = [one for one in self.silences if one.duration_ms >= PAUSE_MS]
        for one in pauses:
            if one.contains(onset_ms):
                return max(one.in_ms, one.out_ms - LEAD_MS)
        ends = [one for one in pauses if abs(one.out_ms - onset_ms) <= REACH_MS]
        if ends:
            one = min(ends, key=lambda one: (abs(one.out_ms - onset_ms), one.out_ms))
            return one.out_ms - LEAD_MS
        if near:
            return onset_ms
        dips = [
            one
            for one in self.silences
            if one.duration_ms >= DIP_MS and abs(one.out_ms - onset_ms) <= REACH_MS / 2
        ]
        longest = max(dips, key=lambda one: (one.duration_ms, -one.out_ms), default=None)
        return onset_ms if longest is None else longest.out_ms


def cues_in(
    span: Span, loudness: NDArray[np.int32], step_ms: int, words: Sequence[Word] = ()
) -> Cues:
    """What is heard in a span.

    Where music leaves no silence, the gaps between words that were placed in time are the silences.

    Args:
        span: a clip.
        loudness: RMS of the whole source in steps, as from `media.audio`.
        step_ms: length of its steps.
        words: of the source, in order; those with a speaker tell where the voice changes.
    """
    own = [word for word in words if word.out_ms > span.in_ms and word.in_ms < span.out_ms]
    changes = tuple(
        after.in_ms
        for before, after in pairwise(own)
        if before.speaker and after.speaker and before.speaker != after.speaker
    )
    found = silences(span, loudness, step_ms)
    if not any(one.duration_ms >= PAUSE_MS for one in found):
        found = tuple(
            Span(in_ms=before.out_ms, out_ms=after.in_ms)
            for before, after in pairwise(own)
            if after.in_ms > before.out_ms and not (before.interpolated or after.interpolated)
        )
    return Cues(found, changes)


def silences(span: Span, loudness: NDArray[np.int32], step_ms: int) -> tuple[Span, ...]:
    """The times in which nothing is heard, in order; the source is silent after its sound's end."""
    first, last = span.in_ms // step_ms, -(-span.out_ms // step_ms)
    level = np.zeros(last - first)
    part = loudness[first:last]
    level[: len(part)] = part
    if not len(level):
        return ()
    padded = np.pad(level, SMOOTH_STEPS // 2, mode="edge")
    smooth = np.lib.stride_tricks.sliding_window_view(padded, SMOOTH_STEPS).mean(axis=1)
    loud, floor = np.percentile(smooth, 90), np.percentile(smooth, 10)
    least = min(max(QUIET_SHARE * loud, FLOOR_SHARE * floor), MOST_QUIET_SHARE * loud)
    quiet = smooth < max(LEAST_RMS, least)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    return tuple(
        Span(
            in_ms=max(span.in_ms, (first + int(start)) * step_ms),
            out_ms=min(span.out_ms, (first + int(end)) * step_ms),
        )
        for start, end in edges.reshape(-1, 2)
    )
