"""What is drawn in a shot, from the sketches of its samples: margins, changes, insets. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from steps.detect.borders import MOST_BORDER_PX
from steps.detect.circles import place_around
from steps.detect.engines.protocol import Sight
from steps.detect.insets import (
    AT_EDGE,
    BESIDE,
    LAID_OVER,
    InsetKind,
    InsetPlace,
    steady_runs,
)
from steps.detect.people import People
from steps.detect.presenters import cut_out, only_they_move
from steps.detect.samples import Sample, texture_of
from steps.detect.sketches import (
    CELLS,
    DRAWN_STEP,
    Cells,
    Glimpse,
    Grey,
    box_around,
    brightness_steps,
    cells_near,
    scaled,
)
from steps.detect.texts import text_boxes
from steps.detect.tiles import has_others, is_bare, tiles_in
from steps.model.geometry import Box, Size
from steps.model.screens import Change, Inset, Screen, is_drawn
from steps.model.timing import Span

COVER_SHARE = 0.5
"""A shot has insets when a face is seen in them for at least this share of it."""
SAME_PLACE_IOU = 0.7
"""Insets that overlap by so much are one that did not move."""
LEAST_DRAWN_PX = 2
"""So many such pixels in a row or a column are content."""
PLAIN_SHARE = 0.01
"""What is around a speaker is no slide where less than this share of the picture is drawn: it is
the ground that a smaller film was put on. One word of a slide is three times as much."""
MOST_PICTURES = 40
"""Pictures of a shot whose edges are looked at, evenly spaced: drawings stay for seconds."""


def screen_of(shot: Span, samples: Sequence[Sample], people: People, size: Size) -> Screen | None:
    """What is drawn in a shot; None where it is filmed and has no inset.

    Args:
        shot: its span.
        samples: its samples.
        people: the tracks of its faces, which are named `face_1` and so on.
        size: of the picture in source pixels.
    """
    greys = [
        (one.time_ms, one.sketch.grey)
        for one in samples
        if one.sketch and one.sketch.grey is not None
    ]
    if not greys:
        return None
    living = {
        name: face
        for (name, face), lives in zip(people.named.items(), people.lives, strict=True)
        if lives
    }
    cameras = _cameras(shot, greys, samples, people, living, size)
    boxes = [one.box for one in cameras.shown]
    is_still = is_drawn(*texture_of(samples))
    drawn = cameras.are_beside or is_still
    if not drawn and not boxes:
        return None
    outside = _outside(boxes, size)
    is_partial = bool(cameras.tiles) and not is_still and has_others(shot, living, boxes)
    is_call = is_partial or (bool(cameras.tiles) and is_bare(_some(greys), outside))
    borders = np.median([one.sketch.border for one in samples if one.sketch], axis=0)
    blue, green, red = (round(float(value)) for value in borders)
    return Screen(
        content=_content(_some(greys), boxes, size) if drawn else Box.whole(size),
        colour=f"#{red:02X}{green:02X}{blue:02X}",
        changes=_changes(samples, outside, size),
        insets=cameras.insets,
        tiles=cameras.tiles,
        is_call=is_call,
        is_slide=cameras.are_beside,
        texts=text_boxes(_some(greys), boxes, size) if drawn else (),
    )


@dataclass(frozen=True)
class _Cameras:
    """The cameras' pictures of a shot.

    Attributes:
        tiles: several at once, each for the whole shot.
        insets: where there are none, one after the other.
        are_beside: what is around them stands still, as a slide does.
    """

    tiles: tuple[Inset, ...] = ()
    insets: tuple[Inset, ...] = ()
    are_beside: bool = False

    @property
    def shown(self) -> tuple[Inset, ...]:
        return self.tiles or self.insets


def _cameras(
    shot: Span,
    greys: Sequence[tuple[int, Grey]],
    samples: Sequence[Sample],
    people: People,
    living: Mapping[str, Sequence[Sight]],
    size: Size,
) -> _Cameras:
    """The first that are found: tiles, insets of each kind, a presenter without a frame."""
    if tiles := _tiles(shot, greys, living, size):
        are_beside = only_they_move([one.box for one in tiles], samples, size)
        most_px = LAID_OVER.area_share * Box.whole(size).area_px
        if are_beside or all(one.box.area_px <= most_px for one in tiles):
            return _Cameras(tiles=tiles, are_beside=are_beside)
    glimpses = [glimpse for one in samples if one.sketch for glimpse in one.sketch.glimpses]
    for kind in (LAID_OVER, AT_EDGE, BESIDE):
        insets = _insets(shot, greys, glimpses, people.faces, size, kind)
        are_beside = (
            kind is BESIDE
            and bool(insets)
            and only_they_move([one.box for one in insets], samples, size)
            and not is_bare(_some(greys), _outside([one.box for one in insets], size), PLAIN_SHARE)
        )
        if insets and (are_beside or kind is not BESIDE):
            return _Cameras(insets=insets, are_beside=are_beside)
    presenter = cut_out(shot, greys[len(greys) // 2][1], samples, living, size)
    return _Cameras(insets=(presenter,), are_beside=True) if presenter else _Cameras()


def _outside(boxes: Sequence[Box], size: Size) -> Cells:
    """The cells that no box touches or is next to."""
    covered = [cells_near(box, size) for box in boxes]
    return ~np.any(covered, axis=0) if covered else np.ones(CELLS, bool)


def _changes(samples: Sequence[Sample], outside: Cells, size: Size) -> tuple[Change, ...]:
    """What changed on the screen since the sample before, but for what is covered."""
    changed = [(one.time_ms, one.sketch.changed & outside) for one in samples[1:] if one.sketch]
    return tuple(
        Change(time_ms=at, box=box_around(seen, size)) for at, seen in changed if seen.any()
    )


def _tiles(
    shot: Span,
    greys: Sequence[tuple[int, Grey]],
    living: Mapping[str, Sequence[Sight]],
    size: Size,
) -> tuple[Inset, ...]:
    """The cameras' pictures that are there at once, each for the whole shot."""
    scale = greys[0][1].shape[1] / size.width_px
    return tuple(
        Inset(
            in_ms=shot.in_ms,
            out_ms=shot.out_ms,
            box=_box(place, scale, size),
            round=place.is_round,
            track=name,
        )
        for name, place in tiles_in(shot, greys, living, scale).items()
    )


def _insets(
    shot: Span,
    greys: Sequence[tuple[int, Grey]],
    glimpses: Sequence[Glimpse],
    faces: Sequence[Sequence[Sight]],
    size: Size,
    kind: InsetKind,
) -> tuple[Inset, ...]:
    """The insets of a kind in a shot, covering it; empty where there are none."""
    scale = greys[0][1].shape[1] / size.width_px
    found: list[Inset] = []
    for number, track in enumerate(faces):
        for run in steady_runs(track):
            span = Span(in_ms=run[0].time_ms, out_ms=run[-1].time_ms + 1)
            inside = [grey for time_ms, grey in greys if span.contains(time_ms)]
            if not inside:
                continue
            mean = np.mean(inside, axis=0)
            face = np.median([one.box for one in run], axis=0) * scale
            place = place_around(face, mean, kind)
            if place is not None:
                found.append(
                    Inset(
                        in_ms=span.in_ms,
                        out_ms=span.out_ms,
                        box=_box(place, scale, size),
                        round=place.is_round,
                        track=f"face_{number + 1}",
                    )
                )
    found.sort(key=lambda one: (-one.duration_ms, one.in_ms))
    kept: list[Inset] = []
    for one in found:
        if all(one.out_ms <= other.in_ms or one.in_ms >= other.out_ms for other in kept):
            kept.append(one)
    kept.sort(key=lambda one: one.in_ms)
    if sum(one.duration_ms for one in kept) < COVER_SHARE * shot.duration_ms:
        return ()
    return _covering(shot, kept, glimpses, size)


def _covering(
    shot: Span, insets: Sequence[Inset], glimpses: Sequence[Glimpse], size: Size
) -> tuple[Inset, ...]:
    """The insets without gaps: each stays up to the picture in which the next is elsewhere."""
    merged: list[Inset] = []
    for one in insets:
        if merged and merged[-1].box.iou(one.box) >= SAME_PLACE_IOU:
            longest = max((merged[-1], one), key=lambda part: part.duration_ms)
            update = {"in_ms": merged[-1].in_ms, "out_ms": one.out_ms}
            merged[-1] = longest.model_copy(update=update)
        else:
            merged.append(one)
    moves = (_moved_ms(a, b, glimpses, size) for a, b in pairwise(merged))
    starts = [shot.in_ms, *moves, shot.out_ms]
    return tuple(
        one.model_copy(update={"in_ms": start, "out_ms": end})
        for one, (start, end) in zip(merged, pairwise(starts), strict=True)
    )


def _moved_ms(before: Inset, after: Inset, glimpses: Sequence[Glimpse], size: Size) -> int:
    """When an inset leaves one place for another: where both places change most of all."""
    both = cells_near(before.box, size) | cells_near(after.box, size)
    last_seen_ms = before.out_ms - 1
    first = sum(one.time_ms <= last_seen_ms for one in glimpses) - 1
    between = [one for one in glimpses[max(0, first) :] if one.time_ms <= after.in_ms]
    jumps = [
        (float(np.abs(b.points[both].astype(int) - a.points[both]).mean()), -b.time_ms)
        for a, b in pairwise(between)
    ]
    return -max(jumps)[1] if jumps else after.in_ms


def _box(place: InsetPlace, scale: float, size: Size) -> Box:
    """A place in source pixels."""
    left, top, right, bottom = (round(edge / scale) for edge in place.edges)
    return Box.of_edges(left, top, min(right, size.width_px), min(bottom, size.height_px))


def _some(greys: Sequence[tuple[int, Grey]]) -> list[Grey]:
    """At most `MOST_PICTURES`, evenly spaced."""
    step = -(-len(greys) // MOST_PICTURES)
    return [grey for _, grey in greys[::step]]


def _content(greys: Sequence[Grey], cameras: Sequence[Box], size: Size) -> Box:
    """Where there are edges in any of some still pictures, but for the cameras'; else all of it."""
    height, width = greys[0].shape
    edges = np.zeros((height, width), bool)
    for grey in greys:
        across, down = brightness_steps(grey)
        edges[:, 1:-1] |= across >= DRAWN_STEP
        edges[1:-1] |= down >= DRAWN_STEP
    for one in cameras:
        left, right = (x * width // size.width_px for x in (one.x_px, one.right_px))
        top, bottom = (y * height // size.height_px for y in (one.y_px, one.bottom_px))
        beside = slice(max(0, left - MOST_BORDER_PX), right + MOST_BORDER_PX + 1)
        edges[max(0, top - MOST_BORDER_PX) : bottom + MOST_BORDER_PX + 1, beside] = False
    (rows,) = np.nonzero(edges.sum(axis=1) >= LEAST_DRAWN_PX)
    (columns,) = np.nonzero(edges.sum(axis=0) >= LEAST_DRAWN_PX)
    if not len(rows) or not len(columns):
        return Box.whole(size)
    grid = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    return scaled(tuple(int(edge) for edge in grid), (width, height), size)
