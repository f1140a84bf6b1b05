"""Channels of which one is silent, or which cancel each other when they are added. Pure.

A telephone plays one channel, and recognisers hear one: the sum of all. Speech whose second channel
is turned around is gone there, and speech on one side is half as loud as it was recorded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.media.ffmpeg import SAME_ON_ALL_CPUS
from steps.media.opening import address
from steps.model.timing import clock

CANCELLING_DB = 10.0
"""A sum this much quieter than the difference has lost what both channels carry."""

ONE_SIDED_DB = 30.0
"""A channel this much quieter than the other carries nothing that anyone hears."""

AUDIBLE_DB = -60.0
"""Sound that is quieter than this is left as it is."""

PLACES, PLACE_MS = 12, 5000
"""How many places of a long source are measured, evenly spaced, and for how long each."""

_LEVEL = re.compile(r"RMS level dB: (-?[\d.]+|-?inf|-?nan)")


@dataclass(frozen=True)
class Repair:
    """What to do with the two channels.

    Attributes:
        pan: ffmpeg's filter.
        reason: what is wrong.
    """

    pan: str
    reason: str


def measuring_arguments(source: Path, duration_ms: int) -> list[str]:
    """The arguments that print the levels of both channels, of their sum and their difference.

    A long source is measured in places: to decode all of it once more would cost too much.
    """
    places = PLACES if duration_ms > PLACES * PLACE_MS else 1
    length = clock(PLACE_MS if places > 1 else duration_ms)
    inputs = [
        part
        for place in range(places)
        for part in (
            *("-ss", clock(duration_ms * place // places)),
            *("-t", length, "-i", address(source)),
        )
    ]
    same = "".join(
        f"[{place}:a:0]aformat=channel_layouts=stereo[{place}];" for place in range(places)
    )
    joined = "".join(f"[{place}]" for place in range(places))
    return [
        *SAME_ON_ALL_CPUS,
        *inputs,
        "-filter_complex",
        f"{same}{joined}concat=n={places}:v=0:a=1,"
        "pan=4c|c0=c0|c1=c1|c2=0.5*c0+0.5*c1|c3=0.5*c0-0.5*c1,"
        "astats=measure_overall=none:measure_perchannel=RMS_level[out]",
        "-map", "[out]", "-f", "null", "-",
    ]  # fmt: skip


def levels_in(stderr: str) -> tuple[float, ...]:
    """The levels that were printed last, in dB; empty when there are none."""
    found = [_decibels(text) for text in _LEVEL.findall(stderr)]
    return tuple(found[-4:]) if len(found) >= 4 else ()


def repair_of(levels: Sequence[float]) -> Repair | None:
    """What to do about the channels, if anything.

    Args:
        levels: of the first, the second, their half sum and their half difference, in dB.
    """
    if len(levels) != 4 or max(levels) < AUDIBLE_DB:
        return None
    first, second, added, taken = levels
    if abs(first - second) > ONE_SIDED_DB:
        kept, silent = ("c0", "right") if first > second else ("c1", "left")
        return Repair(f"pan=stereo|c0={kept}|c1={kept}", f"its {silent} channel is silent")
    if added < taken - CANCELLING_DB:
        return Repair("pan=stereo|c0=c0|c1=-1*c1", "its channels are in opposite phase")
    return None


def _decibels(text: str) -> float:
    return -200.0 if "inf" in text or "nan" in text else float(text)
