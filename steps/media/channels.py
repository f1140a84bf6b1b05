"""Channels of which one is silent, or which cancel each other when they are added. Pure.

A telephone plays one channel, and recognisers hear one: the sum of all. Speech whose second channel
is turned around is gone there, and speech on one side is half as loud as it was recorded. A centre
that is turned around against the fronts is gone in stereo too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steps.media.ffmpeg import SAME_ON_ALL_CPUS
from steps.media.mono import is_known, mono_weights
from steps.media.opening import address
from steps.model.timing import clock

CANCELLING_DB = 10.0
"""A mix this much quieter than with some channels turned around has lost what they carry."""

ONE_SIDED_DB = 30.0
"""A channel this much quieter than the other carries nothing that anyone hears."""

AUDIBLE_DB = -60.0
"""Sound that is quieter than this is left as it is."""

OPPOSITE = -0.3
"""A channel whose correlation with the others is below this is turned around."""

MOST_TURNED = 0.05
"""Share of the audible seconds in which channels may cancel each other: music does it briefly."""

PLACES, PLACE_MS = 12, 5000
"""How many places of a long source are measured, evenly spaced, and for how long each."""

APART_DB = 6.0
"""Whoever speaks is so much louder in their own microphone than in another's: two in one room
differ by about 10."""

LEAST_APART = 0.5
"""Share of the loud steps in which voices must be so far apart. A dub speaks when its original
does, or a few seconds later."""

LEAST_EACH = 0.05
"""Share of the loud seconds in which each track must be the louder one."""

LOUD_DB = 20.0
"""A second counts that is at most so much quieter than loud ones usually are."""

RATE_HZ = 8000
"""Of the measured sound: speech is in it. A block of it lasts a second."""

SIDE = {"FL": (1.0, 0.0), "FR": (0.0, 1.0), "FLC": (1.0, 0.0), "FRC": (0.0, 1.0)}
LOW = ("LFE", "LFE2")
EQUAL = 0.5**0.5
"""What ffmpeg's stereo has of a channel in the centre, on both sides, and of one around."""

OPPOSED = "opposite phase"

Samples = NDArray[np.int16]
Powers = NDArray[np.float64]


@dataclass(frozen=True)
class Sound:
    """The channels that are measured: a layout whose places are not known is heard as stereo."""

    layout: str
    channels: Sequence[str]

    @classmethod
    def of(cls, layout: str, channels: Sequence[str]) -> Sound:
        """The sound with ffmpeg's names of its layout and of each channel."""
        return cls(layout, channels) if is_known(layout) else cls("stereo", ("FL", "FR"))


@dataclass(frozen=True)
class Repair:
    """What to do with the channels.

    Attributes:
        pan: ffmpeg's filters, for the sound as it is stored.
        reason: what is wrong.
    """

    pan: str
    reason: str


def measuring_arguments(
    opening: Sequence[str], stream: str, duration_ms: int, sound: Sound, into: Path
) -> list[str]:
    """The arguments that decode sound as raw 16-bit samples, at a low rate.

    A long file is measured in places: to decode all of it once more would cost too much.

    Args:
        opening: the arguments that open the file.
        stream: ffmpeg's name of its sound: `a:0`, or an index.
        duration_ms: of the file.
        sound: its layout.
        into: the file to write.
    """
    places = PLACES if duration_ms > PLACES * PLACE_MS else 1
    length = clock(PLACE_MS if places > 1 else duration_ms)
    inputs = [
        part
        for place in range(places)
        for part in (
            *("-ss", clock(duration_ms * place // places)),
            *("-t", length, *opening),
        )
    ]
    same = "".join(
        f"[{place}:{stream}]aformat=channel_layouts={sound.layout},"
        f"aresample={RATE_HZ}:async=1:first_pts=0[{place}];"
        for place in range(places)
    )
    joined = "".join(f"[{place}]" for place in range(places))
    return [
        *SAME_ON_ALL_CPUS,
        *inputs,
        "-filter_complex", f"{same}{joined}concat=n={places}:v=0:a=1[out]",
        "-map", "[out]",
        "-f", "s16le",
        address(into),
    ]  # fmt: skip


def measured(raw: Path, sound: Sound) -> Powers:
    """The powers of such raw samples, which are removed."""
    samples = np.fromfile(raw, "<i2").reshape(-1, len(sound.channels))
    raw.unlink()
    return powers(samples)


def powers(samples: Samples) -> Powers:
    """The mean product of each two channels in each second, of full scale 1, shape (seconds, n, n).

    Args:
        samples: shape (count, n); the rest of less than a second counts with the one before.
    """
    scaled = samples.astype(np.float64) / 32768
    seconds = np.array_split(scaled, max(1, len(samples) // RATE_HZ))
    return np.array([one.T @ one / max(1, len(one)) for one in seconds], np.float64)


def is_silent(found: Powers) -> bool:
    """Whether nobody hears anything in it."""
    return _decibels(found.mean(axis=0).max(initial=0)) < AUDIBLE_DB


def take_turns(tracks: Sequence[Powers]) -> bool:
    """Whether tracks have a person each: one of them speaks while the others do not.

    Args:
        tracks: of `powers`, for each track of the same seconds.
    """
    seconds = min(len(one) for one in tracks)
    levels = np.array([_usual(one[:seconds]) for one in tracks])
    return are_apart(levels[:, levels.max(axis=0) > -LOUD_DB], LEAST_EACH)


def are_apart(levels: NDArray[Any], least_each: float) -> bool:
    """Whether each row has a voice of its own.

    Args:
        levels: in decibels, where any of them is loud; shape (rows, steps).
        least_each: share of the steps in which each of them must be the louder one.
    """
    steps = levels.shape[1]
    second, loudest = np.sort(levels, axis=0)[-2:]
    own = ((levels == loudest) & (loudest - second >= APART_DB)).sum(axis=1)
    return bool(steps and own.sum() >= LEAST_APART * steps and own.min() >= least_each * steps)


def _usual(track: Powers) -> NDArray[np.float64]:
    """The level of each second, in decibels against the loud ones."""
    levels = np.array([_decibels(one.diagonal().max(initial=0)) for one in track])
    usual: NDArray[np.float64] = levels - np.quantile(levels, 0.95)
    return usual


def repair_of(found: Powers, sound: Sound) -> Repair | None:
    """What to do about the channels, if anything.

    Args:
        found: of `powers`.
        sound: what was measured.
    """
    if is_silent(found):
        return None
    whole = found.mean(axis=0)
    sides = np.array([_sides(name) for name in sound.channels])
    same = f"aformat=channel_layouts={sound.layout}"
    for mix in (sides.sum(axis=1), np.array([float(one) for one in mono_weights(sound.channels)])):
        if _cancels(whole, mix):
            turned = "|".join(
                f"c{at}={'-1*' if sign < 0 else ''}c{at}"
                for at, sign in enumerate(_signs(whole, mix))
            )
            return Repair(f"{same},pan={sound.layout}|{turned}", f"its channels are in {OPPOSED}")
    left, right = (_level(whole, side) for side in sides.T)
    louder = "c0" if left > right else "c1"
    only = f"aformat=channel_layouts=stereo,pan=stereo|c0={louder}|c1={louder}"
    if abs(left - right) > ONE_SIDED_DB:
        return Repair(only, f"its {'right' if left > right else 'left'} channel is silent")
    audible = [one for one in found if not is_silent(one[np.newaxis])]
    turned_s = sum(_cancels(one, sides.sum(axis=1)) for one in audible)
    if sound.layout == "stereo" and turned_s > MOST_TURNED * len(audible):
        return Repair(only, f"its channels are in {OPPOSED} for a part of the time")
    return None


def _cancels(found: Powers, mix: NDArray[np.float64]) -> bool:
    """Whether channels of a mix take away what others carry."""
    return _level(found, mix) < _level(found, mix * _signs(found, mix)) - CANCELLING_DB


def _sides(name: str) -> tuple[float, float]:
    """What the left and the right of a clip have of a channel."""
    if name in SIDE:
        return SIDE[name]
    if name in LOW:
        return 0.0, 0.0
    return EQUAL * (not name.endswith("R")), EQUAL * (not name.endswith("L"))


def _signs(found: Powers, mix: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for each channel, or -1 where it cancels those that are louder in the mix."""
    signs = np.zeros(len(mix))
    for at in np.argsort(-found.diagonal() * mix**2, kind="stable"):
        rest = mix * signs
        size = (rest @ found @ rest) * found[at, at]
        signs[at] = -1 if size and found[at] @ rest < OPPOSITE * size**0.5 else 1
    return signs


def _level(found: Powers, mix: NDArray[np.float64]) -> float:
    return _decibels(float(mix @ found @ mix))


def _decibels(power: float) -> float:
    return float(10 * np.log10(max(power, 1e-20)))
