"""The vernier crop: a window that moves by a tenth of a pixel, made of whole even steps. Pure.

ffmpeg's `crop` places 4:2:0 pictures on even pixels, which a slow pan shows as stutter: about one
output pixel RMS. So crop a slightly wider even window, scale it, and crop again: moving the first
by 2 pixels moves the picture by 2·S, moving the second by 2 pixels by 2. Where 2·S is not a
multiple of 2, steps of both together reach positions in between, as the scales of a calliper do.
Everything stays integer crop, scale, crop: exact to the bit, luma and chroma aligned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from steps.model.geometry import even

GUARD_PX = 4
"""Columns at the scaled window's edge that are not used: the scaler saw only half of their
neighbours. At the picture's own edge there is nothing more to see, and they are used."""

WORST_PX = 0.08
"""Good enough: no output position is further than this from a reachable one (0.046 px RMS)."""

WIDEST = 0.18
"""How much wider than the target the scaled window may be."""

ZOOM = 0.013
"""How much closer than asked the picture may be shown: a scale of 2 or 4 has coarse steps, one of
4.05 has fine ones. Both axes are zoomed alike."""


@dataclass(frozen=True)
class VernierAxis:
    """One axis of a crop: `window` source pixels become `scaled` pixels, `target` of them are kept.

    Attributes:
        length: of the source picture, in pixels.
        window: size of the first crop, even.
        scaled: size after scaling, even.
        target: size of the second crop, even.
    """

    length: int
    window: int
    scaled: int
    target: int

    @cached_property
    def scale(self) -> float:
        """Output pixels per source pixel."""
        return self.scaled / self.window

    def place(self, centre_px: float) -> tuple[int, int]:
        """The offsets of both crops that bring a source position nearest to the target's middle.

        The crop stays inside the picture. Of equally near pairs the one with the smaller first
        offset is taken.
        """
        wanted = centre_px * self.scale - self.target / 2
        wanted = max(0.0, min(wanted, self.length * self.scale - self.target))
        room = self.scaled - self.target
        guard = min(GUARD_PX, room // 4 * 2)
        last = self.length - self.window
        lowest = max(0, min(last, even((wanted - room) / self.scale) - 2))
        best = (math.inf, 0, 0)
        for first in range(lowest, min(last, lowest + even(room / self.scale) + 4) + 1, 2):
            low = 0 if first == 0 else guard
            high = room if first >= last else room - guard
            second = max(low, min(even(wanted - first * self.scale), high))
            error = abs(first * self.scale + second - wanted)
            if second % 2 == 0 and error < best[0] - 1e-9:
                best = (error, first, second)
        return best[1], best[2]


def still_axis(length: int, window: int, target: int, scale: float | None = None) -> VernierAxis:
    """An axis along which nothing moves: at this scale, else at the one that fits the target."""
    length -= length % 2
    window = max(2, min(even(window), length))
    scaled = target if scale is None else max(target, even(window * scale))
    return VernierAxis(length, window, scaled, target)


def moving_axis(length: int, target: int, scale: float) -> VernierAxis:
    """The narrowest axis whose steps are fine enough, else the finest that fits in the picture.

    Args:
        length: of the source picture.
        target: size of the output.
        scale: output pixels per source pixel; the axis has this or up to `ZOOM` more.
    """
    length -= length % 2
    best: tuple[float, int, int] | None = None
    for window in range(even(target / scale), length + 1, 2):
        nearest = even(window * scale)
        if nearest > target * (1 + WIDEST):
            break
        for scaled in range(max(nearest, target), int(window * scale * (1 + ZOOM)) + 1, 2):
            worst = _worst_px(scaled / window, scaled - target)
            if best is None or worst < best[0] - 1e-9:
                best = (worst, window, scaled)
        if best and best[0] <= WORST_PX:
            break
    if best is None:
        return still_axis(length, even(target / scale), target)
    return VernierAxis(length, best[1], best[2], target)


def _worst_px(scale: float, room: int) -> float:
    """The furthest that a position can be from a reachable one, in output pixels."""
    count = int((room - 2 * GUARD_PX) / (2 * scale))
    if count < 1:
        return 1.0
    residues = sorted((2 * scale * step) % 2 for step in range(count))
    gaps = [after - before for before, after in pairwise(residues)]
    return max([*gaps, residues[0] + 2 - residues[-1]]) / 2


def offsets(axis: VernierAxis, centres_px: Sequence[float]) -> list[tuple[int, int]]:
    """`VernierAxis.place` for each frame."""
    known: dict[float, tuple[int, int]] = {}
    found = []
    for centre in centres_px:
        if centre not in known:
            known[centre] = axis.place(centre)
        found.append(known[centre])
    return found
