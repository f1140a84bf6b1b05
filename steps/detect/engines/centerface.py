"""CenterFace: faces with five landmarks, in one network that reads the picture once.

Xu et al., "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2019; weights
published under MIT and trained on WIDER FACE. Each cell of 4 x 4 pixels says how likely a face is
centred in it, and where that face's box and landmarks are. `weights/centerface.onnx` is the
published graph, tidied by `tests/eval/centerface.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.contract import Context
from steps.detect.engines.protocol import Floats, Found, Rgb
from steps.media.networks import onnx_session
from steps.model.weights import CENTERFACE

CELL_PX = 4
SIDE_STEP_PX = 32
"""The network halves a picture five times: sides are multiples of this."""
FACE_SCORE, SMALL_SCORE = 0.6, 0.5
"""Least score of a face, and of one that is lower than `SMALL_PX`. At 0.5, painted heads are taken
for faces; at 0.6, one face in two of 20 to 24 px is missed."""
SMALL_PX = 24
MOST_OVERLAP = 0.3
"""Intersection over union from which on two boxes are of one face, as published."""


class CenterFace:
    """The network, on one thread so that sums are added in one order."""

    batch = 1
    shareable = True

    def __init__(self, path: Path, least_score: float = 0) -> None:
        """Load the network; a least score of 0 is this engine's own."""
        self._least = least_score or FACE_SCORE
        self._least_small = least_score or SMALL_SCORE
        self.sure_score = self._least_small
        self._session = onnx_session(path)

    def find(self, pictures: Sequence[Rgb]) -> list[list[Found]]:
        """The faces in each picture, best first."""
        return [self._faces(picture) for picture in pictures]

    def _faces(self, picture: Rgb) -> list[Found]:
        height, width = picture.shape[:2]
        size = (_stepped(width), _stepped(height))
        scale = np.array([width / size[0], height / size[1]])
        whole = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
        planes = np.ascontiguousarray(whole.transpose(2, 0, 1)[None], np.float32)
        heat, sides, offsets, points = self._session.run(None, {"input.1": planes})
        down, across = np.nonzero(heat[0, 0] > self._least_small)
        cells = (slice(None), down, across)
        lengths = np.exp(sides[0][cells].T[:, ::-1].astype(float)) * CELL_PX
        centres = np.stack([across, down], axis=1) + offsets[0][cells].T[:, ::-1] + 0.5
        corners = centres * CELL_PX - lengths / 2
        shares = points[0][cells].T.reshape(-1, 5, 2)[..., ::-1]
        marks = (shares * lengths[:, None] + corners[:, None]) * scale
        boxes = np.concatenate([corners * scale, lengths * scale], axis=1)
        scores = heat[0, 0][down, across].astype(float)
        kept = scores > np.where(boxes[:, 3] < SMALL_PX, self._least_small, self._least)
        boxes, scores, marks = boxes[kept], scores[kept], marks[kept]
        return [
            Found("face", boxes[index], float(scores[index]), marks[index])
            for index in separate(boxes, scores)
        ]


def separate(boxes: Floats, scores: Floats) -> NDArray[np.intp]:
    """Indices of the boxes that no better box overlaps by more than a face may, best first.

    Args:
        boxes: (n, 4) left, top, width, height.
        scores: (n,); of equal ones the leftmost, then the highest box wins.
    """
    order = np.lexsort((boxes[:, 1], boxes[:, 0], -scores))
    areas = boxes[:, 2] * boxes[:, 3]
    ends = boxes[:, :2] + boxes[:, 2:]
    picked: list[np.intp] = []
    while len(order):
        best, rest = order[0], order[1:]
        picked.append(best)
        sides = np.minimum(ends[best], ends[rest]) - np.maximum(boxes[best, :2], boxes[rest, :2])
        common = np.prod(np.maximum(0, sides), axis=1)
        order = rest[common <= MOST_OVERLAP * (areas[best] + areas[rest] - common)]
    return np.array(picked, np.intp)


def load(context: Context[Any]) -> CenterFace:
    """The detector with its pinned weights."""
    least = context.params.detector_score / 1000
    return CenterFace(context.weights(CENTERFACE), least)


def _stepped(length: int) -> int:
    """The nearest length that the network reads: 360 becomes 352, which finds what 384 finds."""
    return max(SIDE_STEP_PX, round(length / SIDE_STEP_PX) * SIDE_STEP_PX)
