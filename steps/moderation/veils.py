"""From the findings that are to be blurred to veils that follow them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from steps.model.geometry import Box, Size
from steps.model.moderation import Finding, Veil, VeilPlace

MARGIN_SHARE = 0.25
"""A veil reaches this share of the finding's sides over each of them: boxes are tight, and wrong by
a tenth."""
LONGEST_GAP_MS = 2_500
"""Findings further apart in time are two veils; key frames come every two seconds."""
AROUND_MS = 1_000
"""A veil begins this long before its first finding and ends as long after its last one: half of
the distance of two key frames."""


def veils(findings: Sequence[Finding], size: Size) -> tuple[Veil, ...]:
    """The veils over the findings whose action is `blur`, in order of time.

    A finding goes to the veil of its class that is nearest to it, if it was there a moment ago.

    Args:
        findings: in order of time.
        size: of the upright source.
    """
    open_veils: list[tuple[str, list[VeilPlace]]] = []
    for item in findings:
        if item.action != "blur":
            continue
        place = VeilPlace(time_ms=item.time_ms, box=_wider(item.box, size))
        near = [
            places
            for label, places in open_veils
            if label == item.label
            and 0 < item.time_ms - places[-1].time_ms <= LONGEST_GAP_MS
            and _touches(places[-1].box, place.box)
        ]
        if near:
            min(near, key=lambda places: _distance(places[-1].box, place.box)).append(place)
        else:
            open_veils.append((item.label, [place]))
    made = (
        Veil(
            label=label,
            in_ms=max(0, places[0].time_ms - AROUND_MS),
            out_ms=places[-1].time_ms + AROUND_MS,
            places=tuple(places),
        )
        for label, places in open_veils
    )
    return tuple(sorted(made, key=lambda veil: (veil.in_ms, veil.out_ms, veil.label)))


def _wider(box: Box, size: Size) -> Box:
    aside, above = round(MARGIN_SHARE * box.width_px), round(MARGIN_SHARE * box.height_px)
    return Box.of_edges(
        max(0, box.x_px - aside),
        max(0, box.y_px - above),
        min(size.width_px, box.right_px + aside),
        min(size.height_px, box.bottom_px + above),
    )


def _touches(one: Box, other: Box) -> bool:
    return (one & other).area_px > 0


def _distance(one: Box, other: Box) -> float:
    across = one.centre_x_px - other.centre_x_px
    down = one.centre_y_px - other.centre_y_px
    return float(across * across + down * down)
