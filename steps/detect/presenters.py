"""Who presents a slide: the only thing that moves before it, framed or cut out of a green screen.

Nothing frames a presenter who is cut out: where the picture changes around a steady face, it is
them. What is around them must be drawn and stand still, to the grain of a film. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.detect.engines.protocol import Floats, Sight
from steps.detect.insets import BESIDE
from steps.detect.living import LIVING_SHARE, MARGINS
from steps.detect.samples import Sample, texture_of
from steps.detect.sketches import Cells, Grey, box_around, cells_near, cells_of
from steps.detect.texture import BESIDE_SHARE, sharp_edges
from steps.detect.tiles import staying
from steps.model.geometry import Box, Size
from steps.model.screens import DRAWN_DETAIL, Inset, Screen
from steps.model.timing import Span

STILL_SHARE = 0.02
"""A slide beside a picture changes in fewer of its cells than this share, over the samples."""
MOVING_SHARE = 0.1
"""A presenter moves in a cell in so many of the samples."""
EMPTY_MS = 2_500
"""A camera whose face is unseen for so long shows an empty chair: someone who looks down or turns
away comes back sooner."""


def only_they_move(boxes: Sequence[Box], samples: Sequence[Sample], size: Size) -> bool:
    """Whether some boxes live, and what is around them stands still, as slides do."""
    covered = np.any([cells_near(box, size) for box in boxes], axis=0)
    changed = _changed(samples)
    if not len(changed):
        return False
    lives = changed[:, covered].any(axis=1).mean() >= LIVING_SHARE
    return bool(
        lives and (changed & ~covered).sum() <= STILL_SHARE * (~covered).sum() * len(changed)
    )


def comings_ms(
    shot: Span, screen: Screen | None, faces: Mapping[str, Sequence[Sight]]
) -> tuple[int, ...]:
    """When a presenter comes to the camera laid over a screen, and leaves it, in order.

    Args:
        shot: its span.
        screen: what is drawn in it.
        faces: the tracks, by name.
    """
    insets = screen.insets if screen else ()
    seen = {
        sight.time_ms
        for face in faces.values()
        for sight in face
        if any(one.contains(sight.time_ms) and one.box.holds(*sight.centre) for one in insets)
    }
    if not seen:
        return ()
    away = pairwise((shot.in_ms, *sorted(seen), shot.out_ms))
    edges = {edge for left, back in away if back - left >= EMPTY_MS for edge in (left + 1, back)}
    return tuple(sorted(edge for edge in edges if shot.in_ms + 1 < edge < shot.out_ms))


def cut_out(
    shot: Span,
    grey: Grey,
    samples: Sequence[Sample],
    living: Mapping[str, Sequence[Sight]],
    size: Size,
) -> Inset | None:
    """A presenter without a frame, for the whole shot; None where there is none, or not one.

    Args:
        shot: its span.
        grey: a sketch of it.
        samples: of the shot.
        living: the tracks of the faces that live, by name.
        size: of the picture in source pixels.
    """
    if len(living) != 1:
        return None
    ((name, track),) = living.items()
    face = staying(shot, track)
    if face is None or face[3] >= BESIDE.face_share * size.height_px:
        return None
    box = _around(face, _changed(samples), size)
    covered = cells_near(box, size)
    if (
        box.area_px > BESIDE.area_share * size.width_px * size.height_px
        or texture_of(samples)[2] > 1000 * covered.mean()
        or not only_they_move([box], samples, size)
        or not _is_drawn(grey, ~covered)
    ):
        return None
    return Inset(in_ms=shot.in_ms, out_ms=shot.out_ms, box=box, track=name)


def _changed(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    """Which cells changed from each sample to the next, shape (changes, *CELLS)."""
    return np.array([one.sketch.changed for one in samples[1:] if one.sketch])


def _around(face: Floats, changed: NDArray[np.bool_], size: Size) -> Box:
    """The face, hair and shoulders, and what moves together with them."""
    start, sides = (
        face[:2] - face[2:] * MARGINS[:2],
        face[2:] * (1 + np.add(MARGINS[:2], MARGINS[2:])),
    )
    person = cells_of(np.concatenate([start, sides]), size)
    if len(changed):
        moving = (changed.mean(axis=0) >= MOVING_SHARE) | person
        _, parts = cv2.connectedComponents(moving.astype(np.uint8))
        person = np.isin(parts, np.unique(parts[person]))
    return box_around(person, size)


def _is_drawn(grey: Grey, outside: Cells) -> bool:
    """Whether enough is drawn in some cells of a sketch."""
    sharp, beside = sharp_edges(grey, grey)
    shown = cv2.resize(
        outside.astype(np.uint8), sharp.shape[::-1], interpolation=cv2.INTER_NEAREST
    ).astype(bool)
    edges = np.count_nonzero(sharp & shown)
    is_beside = np.count_nonzero(sharp & beside & shown) >= BESIDE_SHARE * edges
    return bool(is_beside and edges >= DRAWN_DETAIL / 1000 * np.count_nonzero(shown))
