"""The two people: a cut-out with a mouth that opens and its mirror image, and where their face is.

Source and licence: README.md. `faces/faces.json` holds the face that MTCNN measured.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

FACES = Path(__file__).parent / "faces"
Image = NDArray[np.uint8]

ENLARGE = 2
"""Cut-outs are small; they are enlarged once with a good filter and then only moved and shrunk."""
MOUTH_STEPS = 6
MOUTH_OPEN_PX = 7
"""How far the jaw of the still portrait falls, in px of the cut-out."""
TEETH = (224.0, 149.0, 17.5, 8.5)
"""Lower edge of the portrait's teeth: middle x, y, half width, rise at the corners; cut-out px."""
CHIN_Y = 190.0
"""Below the chin of the portrait nothing moves any more."""
DARK_MOUTH_BGR = (38, 26, 58)
GUEST_COLOUR, GUEST_LIGHT = 0.35, 0.85
"""How much colour and light the guest keeps."""


@dataclass(frozen=True)
class Pose:
    """One state of the mouth: premultiplied BGRA at 2, 1, 1/2, 1/4... of the cut-out's size."""

    pyramid: tuple[tuple[float, Image], ...]
    box: tuple[float, float, float, float]
    """The face (x, y, width, height) in px of the cut-out."""

    def near(self, scale: float) -> tuple[float, Image]:
        """Return the smallest stored size that still has to shrink, as (its scale, its picture)."""
        for level, picture in reversed(self.pyramid):
            if level >= scale:
                return level, picture
        return self.pyramid[0]


@dataclass(frozen=True)
class Person:
    """Poses from a closed to an open mouth; the first one's face sets size and place."""

    poses: tuple[Pose, ...]

    def saying(self, openness: float) -> Pose:
        """Return the pose for an openness of the mouth from 0 to 1."""
        return self.poses[round(openness * (len(self.poses) - 1))]


def _pose(cutout: Image, box: list[float]) -> Pose:
    """Premultiply, enlarge with a little sharpening, and store halves of the size."""
    height, width = cutout.shape[:2]
    colour = cutout[..., :3].astype(np.float32) * (cutout[..., 3:].astype(np.float32) / 255)
    flat = np.dstack([colour, cutout[..., 3].astype(np.float32)])
    size = (width * ENLARGE, height * ENLARGE)
    large = cv2.resize(flat, size, interpolation=cv2.INTER_CUBIC)
    large = large + 0.5 * (large - cv2.GaussianBlur(large, (0, 0), 1.6))
    large[..., 3] = cv2.resize(cutout[..., 3], size, interpolation=cv2.INTER_LINEAR)
    large[..., :3] = np.clip(large[..., :3], 0, large[..., 3:])
    picture = np.clip(np.rint(large), 0, 255).astype(np.uint8)
    pyramid = [(float(ENLARGE), picture)]
    while pyramid[-1][1].shape[0] > 64:
        scale, last = pyramid[-1]
        half = cv2.resize(last, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        pyramid.append((scale / 2, half.astype(np.uint8)))
    return Pose(tuple(pyramid), (box[0], box[1], box[2], box[3]))


def _open_mouth(portrait: Image, open_px: float) -> Image:
    """Let the jaw fall: what is under the teeth moves down, the gap is dark, the chin stretches."""
    if open_px == 0:
        return portrait
    height, width = portrait.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    middle, teeth_y, half, rise = TEETH
    across = (xs - middle) / half
    lip_y = teeth_y - rise * across**2
    drop = open_px * np.exp(-((across / 1.05) ** 2))
    below = np.clip((ys - lip_y) / (CHIN_Y - lip_y), 0, 1)
    fall = drop * np.where(below < 0.72, 1.0, np.clip((1 - below) / 0.28, 0, 1))
    moved = cv2.remap(
        portrait,
        xs,
        np.where(ys > lip_y, np.maximum(ys - fall, np.minimum(lip_y, ys)), ys).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    gap = open_px * np.clip(1 - across**2, 0, 1) ** 0.6
    inside = np.clip((ys - lip_y) / 1.2, 0, 1) * np.clip((lip_y + gap - ys) / 1.5, 0, 1)
    inside = cv2.GaussianBlur((inside * (np.abs(across) < 1)).astype(np.float32), (0, 0), 0.7)
    dark = np.array([*DARK_MOUTH_BGR, 255], np.float32)
    mixed = moved * (1 - inside[..., None]) + dark * inside[..., None]
    mixed[..., 3] = moved[..., 3]
    return np.rint(mixed).astype(np.uint8)


def _read(name: str) -> Image:
    picture = cv2.imread(str(FACES / name), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.shape[2] != 4:
        raise ValueError(f"{name}: not a picture with transparency")
    return picture.astype(np.uint8)


@cache
def person(name: str) -> Person:
    """Load a person: a portrait whose jaw is moved by recipe.

    `woman` is the portrait. `guest` is its mirror image in other colours, so that two people can be
    told apart.
    """
    box = json.loads((FACES / "faces.json").read_text(encoding="utf-8"))
    portrait = _read("woman.webp")
    opened = (n * MOUTH_OPEN_PX / (MOUTH_STEPS - 1) for n in range(MOUTH_STEPS))
    pictures = [_open_mouth(portrait, px) for px in opened]
    if name == "guest":
        pictures = [_mirrored(picture) for picture in pictures]
        box = [portrait.shape[1] - box[0] - box[2], *box[1:]]
    return Person(tuple(_pose(picture, box) for picture in pictures))


def _mirrored(cutout: Image) -> Image:
    """The mirror image, most of its colour taken away, a little darker."""
    colour = cutout[:, ::-1, :3].astype(np.float32)
    grey = colour.mean(axis=2, keepdims=True)
    mixed = GUEST_LIGHT * (GUEST_COLOUR * colour + (1 - GUEST_COLOUR) * grey)
    return np.dstack([np.rint(mixed), cutout[:, ::-1, 3]]).astype(np.uint8)
