"""Heads of bodies: where a face is turned away or covered, its body still says where it is. Pure.

The box of a head follows from nose, ears and shoulders. Its proportions were measured against the
faces of the sample: its middle is that of nose and ears (within a tenth of the face's width), and
from the ears to the shoulders it is as far as 1.35 widths of the face.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from steps.detect.engines.protocol import Body, Floats, Found
from steps.detect.tracker import USUAL_MARKS, iou

NOSE_AND_EARS, EARS, SHOULDERS = [0, 7, 8], [7, 8], [11, 12]
"""Indices of landmarks, as in `protocol.Body`."""
NECK_WIDTHS, EAR_WIDTHS, FACE_HEIGHT = 1.35, 0.95, 1.3
"""From ears to shoulders, from ear to ear, and the height of a face, in widths of the face."""
LEAST_VISIBLE = 0.5
"""Mean visibility of nose, ears and shoulders from which on a head is placed; and of a landmark
that counts for the box of a body."""
SAME_HEAD = 0.75
"""A face within this many widths of a head is that head's."""
SAME_BODY_IOU = 0.3
HEADS_IN_HEIGHT, HEADS_IN_WIDTH = 6.5, 2.0
"""Of a standing person, and of shoulders: the smaller head is taken."""


def head_of(body: Body) -> Floats | None:
    """The box of a body's face, (4,) left, top, width, height; None where too little is seen."""
    marks = body.landmarks
    if marks[[*NOSE_AND_EARS, *SHOULDERS], 2].mean() < LEAST_VISIBLE:
        return None
    ears, shoulders = marks[EARS, :2], marks[SHOULDERS, :2]
    neck = float(np.linalg.norm(ears.mean(axis=0) - shoulders.mean(axis=0)))
    across = float(np.linalg.norm(ears[0] - ears[1]))
    width = max(neck / NECK_WIDTHS, across / EAR_WIDTHS)
    sides = np.array([width, FACE_HEIGHT * width])
    return np.concatenate([marks[NOSE_AND_EARS, :2].mean(axis=0) - sides / 2, sides])


def with_heads(found: Sequence[Found], bodies: Sequence[Body]) -> list[Found]:
    """The faces, and a hidden one for each body whose face was not found."""
    faces = [one for one in found if one.subject == "face"]
    hidden = []
    for body in bodies:
        head = head_of(body)
        if head is not None and all(_apart(head, face.box) for face in faces):
            hidden.append(Found("face", head, _score(body), is_hidden=True))
    return [*faces, *hidden]


def persons(found: Sequence[Found], bodies: Sequence[Body]) -> list[Found]:
    """The persons, and the bodies that no person's box holds; landmarks are those of the head."""
    seen = [one for one in found if one.subject == "person"]
    result = []
    taken: set[int] = set()
    for one in seen:
        overlaps = [iou(one.box, box_of(body)) for body in bodies]
        best = int(np.argmax(overlaps)) if overlaps else -1
        head = None
        if overlaps and overlaps[best] >= SAME_BODY_IOU:
            head = head_of(bodies[best])
            taken.add(best)
        result.append(_person(one.box, one.score, _upper(one.box) if head is None else head))
    for number, body in enumerate(bodies):
        head = head_of(body)
        if number not in taken and head is not None:
            result.append(_person(box_of(body), _score(body), head))
    return result


def box_of(body: Body) -> Floats:
    """The box around a body's visible landmarks; of no size where none is visible."""
    points = body.landmarks[body.landmarks[:, 2] >= LEAST_VISIBLE, :2]
    if not len(points):
        return np.zeros(4)
    low, high = points.min(axis=0), points.max(axis=0)
    head = head_of(body)
    if head is not None:
        low, high = np.minimum(low, head[:2]), np.maximum(high, head[:2] + head[2:])
    return np.concatenate([low, high - low])


def head_from(marks: Floats) -> Floats:
    """The box whose usual landmarks are these, (4,) left, top, width, height."""
    sides = (marks[4] - marks[0]) / (USUAL_MARKS[4] - USUAL_MARKS[0])
    return np.concatenate([marks[0] - USUAL_MARKS[0] * sides, sides])


def _person(box: Floats, score: float, head: Floats) -> Found:
    return Found("person", box, score, head[:2] + USUAL_MARKS * head[2:])


def _upper(box: Floats) -> Floats:
    """Where the head of a person is that only a box tells of."""
    height = min(box[3] / HEADS_IN_HEIGHT, box[2] / HEADS_IN_WIDTH * FACE_HEIGHT)
    width = height / FACE_HEIGHT
    return np.array([box[0] + (box[2] - width) / 2, box[1] + 0.2 * height, width, height])


def _apart(head: Floats, face: Floats) -> bool:
    between = float(np.linalg.norm(head[:2] + head[2:] / 2 - face[:2] - face[2:] / 2))
    return between > SAME_HEAD * max(float(head[2]), float(face[2]))


def _score(body: Body) -> float:
    return float(body.landmarks[[*NOSE_AND_EARS, *SHOULDERS], 2].mean())
