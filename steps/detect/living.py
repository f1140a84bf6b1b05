"""Which faces live: one on a poster, a slide or a screen that stands is no one who could speak.

A picture of a face may be moved, by the camera or by a hand, but it never changes: after the move
its pixels are the same. So two sights of a face, some tenths of a second apart, are laid over each
other (Evangelidis and Psarakis, "Parametric Image Alignment Using Enhanced Correlation Coefficient
Maximization", PAMI 2008, affine). What differs then is a mouth, an eye, a turn of the head. Someone
who keeps as still as a picture still moves against what is around them.

Constants were measured on the scenes of tests/media: painted faces at rest have a ratio of at most
3.6 between changed and usual blocks, speaking ones of 9 and more; portraits stray by at most 0.014
of their width, people who sway a little by 0.024 and more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.detect.engines.protocol import Floats, Sight
from steps.detect.samples import PATCH_FACES, PATCH_PX, Sample, texture_of
from steps.detect.sketches import cells_of
from steps.model.geometry import Size
from steps.model.screens import is_drawn

Grey = NDArray[Any]
"""Brightness, uint8 of shape (height, width)."""

GAP_MS = 600
"""From one sight to the other: a mouth has moved, a head may have."""
LEAST_MS = 2_500
"""A face seen for less than this is taken to live: people keep still for two seconds."""
LEAST_PAIRS = 4
MOST_STRAYS = 24
"""Most pairs, evenly spread, for which the camera's own move is measured."""
BLOCKS = 11
"""The face is compared in so many blocks across and down."""
CHANGED_BLOCKS = 97
"""Percentile of the blocks that counts as the change: a mouth is a few of the 121."""
LEAST_CHANGE, LEAST_RATIO = 0.12, 4.5
"""A face stirs if its change is at least so much of its contrast, and so many times the change of
its median block, which noise and coding make."""
STIRRING_PAIRS = 2
STRAYING = 0.02
"""A face strays if it moves by this share of its width against the picture around it, in a tenth of
its pairs."""
LIVING_SHARE = 0.2
"""In a picture that is still and drawn, a face lives only if the picture changes there in so many
of its samples. This also decides about a face that is seen too briefly for pairs."""
LEAST_CONTRAST = 8.0
SMALL_WIDTH_PX = 160
"""The camera's move is measured on pictures of this width."""
TURNS, CLOSE_ENOUGH = 40, 1e-4
MARGINS = (0.7, 0.5, 0.7, 2.0)
"""What is left out around a face where the camera's own move is measured: left, above, right, below
its box, in its sides; hair and shoulders move with it."""


def lives(
    face: Sequence[Sight], faces: Sequence[Sequence[Sight]], samples: Sequence[Sample], size: Size
) -> bool:
    """Whether a face moves on its own.

    Args:
        face: its track.
        faces: all tracks of the shot, this one too.
        samples: of the shot.
        size: of the source's picture.
    """
    if is_drawn(*texture_of(samples)) and not _changes(face, samples, size):
        return False
    pairs = _pairs(face)
    if len(pairs) < LEAST_PAIRS:
        return True
    stirring, strays = 0, []
    every = -(-len(pairs) // MOST_STRAYS)
    for at, (one, other) in enumerate(pairs):
        before, after = one.patch, other.patch
        assert before is not None
        assert after is not None
        move = _aligned(before, after)
        stirring += move is None or stirs(before, after, move)
        if stirring >= STIRRING_PAIRS:
            return True
        if move is not None and at % every == 0:
            camera = _camera(one, other, faces, samples, size)
            if camera is not None:
                strays.append(_stray(one, other, move, camera))
    return bool(strays) and float(np.percentile(strays, 90)) >= STRAYING


def stirs(before: Grey, after: Grey, move: Floats) -> bool:
    """Whether a face changes from one patch to the other, but for a move of the whole."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (PATCH_PX, PATCH_PX)
    laid = cv2.warpAffine(after, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    side = BLOCKS * int(PATCH_PX / PATCH_FACES / BLOCKS + 0.5)
    edge = (PATCH_PX - side) // 2
    inner = slice(edge, edge + side)
    one, other = (_smooth(part)[inner, inner] for part in (before, laid))
    one, other = one - one.mean(), other - other.mean()
    gain = float((one * other).sum() / max(1.0, float((other**2).sum())))
    change = np.abs(one - gain * other).reshape(BLOCKS, side // BLOCKS, BLOCKS, side // BLOCKS)
    blocks = change.mean(axis=(1, 3)) / max(LEAST_CONTRAST, float(one.std()))
    most, usual = float(np.percentile(blocks, CHANGED_BLOCKS)), float(np.median(blocks))
    return most >= max(LEAST_CHANGE, LEAST_RATIO * usual)


def _changes(face: Sequence[Sight], samples: Sequence[Sample], size: Size) -> bool:
    """Whether the picture often changes where a face is; believed where nothing was noted."""
    changed = [
        bool((sketch.changed & cells_of(sight.box, size)).any())
        for sight in face
        if sight.index and (sketch := samples[sight.index].sketch) is not None
    ]
    return not changed or sum(changed) >= LIVING_SHARE * len(changed)


def _pairs(face: Sequence[Sight]) -> list[tuple[Sight, Sight]]:
    seen = [one for one in face if one.patch is not None]
    if not seen or seen[-1].time_ms - seen[0].time_ms < LEAST_MS:
        return []
    times = np.array([one.time_ms for one in seen])
    after = np.searchsorted(times, times + GAP_MS)
    return [(one, seen[at]) for one, at in zip(seen, after, strict=True) if at < len(seen)]


def _smooth(part: Grey) -> Floats:
    smooth: Floats = cv2.GaussianBlur(part, (0, 0), 1.0).astype(np.float64)
    return smooth


def _aligned(before: Grey, after: Grey, mask: Grey | None = None) -> Floats | None:
    """The affine move from one picture to the other, (2, 3); None where none is found."""
    start = np.eye(2, 3, dtype=np.float32)
    everywhere = np.full(before.shape, 255, np.uint8)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, TURNS, CLOSE_ENOUGH)
    try:
        _, move = cv2.findTransformECC(
            before, after, start, cv2.MOTION_AFFINE, stop, everywhere if mask is None else mask, 5
        )
    except cv2.error:  # no texture, or nothing in common
        return None
    return np.asarray(move, np.float64)


def _camera(
    one: Sight,
    other: Sight,
    faces: Sequence[Sequence[Sight]],
    samples: Sequence[Sample],
    size: Size,
) -> Floats | None:
    """The camera's move between two sights, in source pixels; None where no pictures are kept."""
    before, after = (samples[sight.index].sketch for sight in (one, other))
    if before is None or after is None or before.grey is None or after.grey is None:
        return None
    height, width = before.grey.shape
    small = (SMALL_WIDTH_PX, max(2, round(height * SMALL_WIDTH_PX / width)))
    greys = [
        cv2.resize(part, small, interpolation=cv2.INTER_AREA) for part in (before.grey, after.grey)
    ]
    scale = SMALL_WIDTH_PX / size.width_px
    move = _aligned(greys[0], greys[1], _around(small, scale, one.index, faces))
    if move is None:
        return np.eye(2, 3)
    linear, half = move[:, :2], 0.5
    shift = (linear @ (half * np.ones(2)) * -1 + move[:, 2] + half) / scale - half
    return np.column_stack([linear, shift + linear @ (half * np.ones(2))])


def _stray(one: Sight, other: Sight, move: Floats, camera: Floats) -> float:
    """How far a face moved against the picture around it, in its widths."""
    middle = np.array([(PATCH_PX - 1) / 2, (PATCH_PX - 1) / 2, 1.0])
    first, last = _placed(one, middle[:2]), _placed(other, move @ middle)
    return float(np.linalg.norm(last - camera @ np.append(first, 1.0))) / float(one.box[2])


def _placed(sight: Sight, point: Floats) -> Floats:
    """A point of the patch in source pixels."""
    side = PATCH_FACES * float(max(sight.box[2:]))
    middle = sight.box[:2] + sight.box[2:] / 2 - 0.5
    placed: Floats = middle + (point - (PATCH_PX - 1) / 2) * side / PATCH_PX
    return placed


def _around(
    size: tuple[int, int], scale: float, index: int, faces: Sequence[Sequence[Sight]]
) -> Grey:
    """255 where no face is, nor what moves with it, in a small picture of (width, height)."""
    mask = np.full(size[::-1], 255, np.uint8)
    for sight in (sight for face in faces for sight in face if sight.index == index):
        left, top = (sight.box[:2] - sight.box[2:] * MARGINS[:2]) * scale
        right, bottom = (sight.box[:2] + sight.box[2:] * (1 + np.array(MARGINS[2:]))) * scale
        rows, columns = (
            slice(max(0, int(low)), max(0, int(high)))
            for low, high in ((top, bottom), (left, right))
        )
        mask[rows, columns] = 0
    return mask
