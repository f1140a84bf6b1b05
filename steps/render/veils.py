"""Veils over the source's pictures, before any window is cut out of them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from steps.model.geometry import Size, even
from steps.model.moderation import Veil
from steps.render.plan import Grid

Move = tuple[int, str, str, int]
"""Frame, filter, option, value: one line of the `sendcmd` file."""

RADIUS_SHARE = 4
"""The blur's radius is the patch's shorter side over this: nothing inside can be made out."""
PASSES = 3


def veil_chain(veils: Sequence[Veil], grid: Grid, size: Size) -> tuple[str, list[Move]]:
    """What goes on after a filter, with a comma before it, to blur the veils' places; its moves.

    Each veil is one patch as large as its largest place, which moves with it.

    Args:
        veils: of the source; those outside the clip draw nothing.
        grid: of the clip.
        size: of the upright picture.
    """
    chain = ""
    moves: list[Move] = []
    for number, veil in enumerate(veils):
        first, last = grid.frame(veil.in_ms), grid.frame(veil.out_ms)
        if first >= last:
            continue
        name = f"veil{number}"
        width, height = _patch(veil, size)
        patch = width, height
        places = [
            _place(veil, float(grid.time_ms(frame)), patch, size) for frame in range(first, last)
        ]
        x, y = places[0]
        radius = max(1, min(width, height) // RADIUS_SHARE)
        blur = f"boxblur={radius}:{PASSES}:{max(1, radius // 2)}:{PASSES}"
        chain += (
            f",split[{name}a][{name}b];\n"
            f"[{name}b]crop@{name}={width}:{height}:{x}:{y},{blur}[{name}p];\n"
            f"[{name}a][{name}p]overlay@{name}=x={x}:y={y}:format=yuv420:"
            f"enable=between(n\\,{first}\\,{last - 1})"
        )
        for frame, (before, now) in enumerate(pairwise(places), first + 1):
            for axis, old, new in zip("xy", before, now, strict=True):
                if old != new:
                    moves += [(frame, f"crop@{name}", axis, new)]
                    moves += [(frame, f"overlay@{name}", axis, new)]
    return chain, moves


def _patch(veil: Veil, size: Size) -> tuple[int, int]:
    width = max(place.box.width_px for place in veil.places)
    height = max(place.box.height_px for place in veil.places)
    return (
        min(max(8, width + width % 2), size.width_px - size.width_px % 2),
        min(max(8, height + height % 2), size.height_px - size.height_px % 2),
    )


def _place(veil: Veil, time_ms: float, patch: tuple[int, int], size: Size) -> tuple[int, int]:
    """The patch's corner at a moment, even, inside the picture."""
    times = [place.time_ms for place in veil.places]
    after = bisect_right(times, time_ms)
    left = veil.places[max(0, after - 1)]
    right = veil.places[min(after, len(times) - 1)]
    span = right.time_ms - left.time_ms
    share = (time_ms - left.time_ms) / span if span else 0.0
    centre = (
        left.box.centre_x_px + (right.box.centre_x_px - left.box.centre_x_px) * share,
        left.box.centre_y_px + (right.box.centre_y_px - left.box.centre_y_px) * share,
    )
    x, y = (
        even(min(max(0.0, middle - side / 2), float(whole - side)))
        for middle, side, whole in zip(centre, patch, (size.width_px, size.height_px), strict=True)
    )
    return x, y
