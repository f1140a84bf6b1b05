"""Ultralytics YOLO: persons, and faces where its model knows them.

Any model of the task `detect` (or `pose`) with a class named `person`, or classes with `face` in
their names. CenterFace finds the faces where the model has no such class. A `.pt` file is a pickle
and runs code when it is loaded: its digest is in the receipt, and only a model that one trusts
belongs here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from steps.contract import Context, Unusable
from steps.detect.engines import centerface, chosen
from steps.detect.engines.centerface import CenterFace
from steps.detect.engines.protocol import Found, Rgb, Subject

PERSON_SCORE, FACE_SCORE = 0.4, 0.4
"""Least scores. Ultralytics' own default of 0.25 is for lists that people sort out."""
MOST_OVERLAP = 0.6
"""Intersection over union from which on two boxes are of one person."""
BATCH = 16
KEYPOINTS_OF_FACE = 5


class Yolo:
    """A YOLO model with its classes sorted into persons and faces."""

    shareable = False

    def __init__(self, path: Path, faces: CenterFace, least_score: float, settings: Path) -> None:
        """Load the model.

        Args:
            path: of a `.pt` or `.onnx` file.
            faces: finds the faces if the model does not.
            least_score: 0 for this engine's own.
            settings: a folder that Ultralytics may write its settings to.

        Raises:
            Unusable: Ultralytics cannot read it, or it knows neither persons nor faces.
        """
        # Nothing is installed, downloaded or reported while a step runs.
        os.environ |= {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}
        os.environ["YOLO_CONFIG_DIR"] = str(settings)
        import torch
        from ultralytics import YOLO

        self._device = "cuda:0" if torch.cuda.is_available() else "cpu"
        try:
            self._model = YOLO(path, task="detect" if path.suffix == ".onnx" else None)
            names: dict[int, str] = self._model.names
        except (AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
            raise Unusable(f"ultralytics cannot load {path.name!r}: use a YOLO model") from error
        self._subjects = {
            number: subject for number, name in names.items() if (subject := subject_of(name))
        }
        if not self._subjects:
            raise Unusable(f"{path.name!r} knows neither persons nor faces: use another model")
        knows_faces = "face" in self._subjects.values()
        self._faces = None if knows_faces else faces
        self._least = {
            "person": least_score or PERSON_SCORE,
            "face": least_score or FACE_SCORE,
        }
        self.sure_score = min(self._least.values()) if knows_faces else faces.sure_score
        self.batch = 1 if path.suffix == ".onnx" else BATCH

    def find(self, pictures: Sequence[Rgb]) -> list[list[Found]]:
        """The persons and faces in each picture, best first."""
        if not pictures:
            return []
        results = self._model.predict(
            [np.ascontiguousarray(picture[..., ::-1]) for picture in pictures],
            classes=sorted(self._subjects),
            conf=min(self._least.values()),
            iou=MOST_OVERLAP,
            device=self._device,
            verbose=False,
        )
        faces = self._faces.find(pictures) if self._faces else [[] for _ in pictures]
        return [
            sorted([*self._found(result), *own], key=lambda one: -one.score)
            for result, own in zip(results, faces, strict=True)
        ]

    def _found(self, result: Any) -> list[Found]:
        boxes = result.boxes
        corners = boxes.xyxy.cpu().numpy().astype(float).reshape(-1, 4)
        marks = [None] * len(corners)
        if result.keypoints is not None and result.keypoints.xy.shape[1] == KEYPOINTS_OF_FACE:
            marks = list(result.keypoints.xy.cpu().numpy().astype(float))
        found = []
        for corner, score, number, points in zip(
            corners, boxes.conf.tolist(), boxes.cls.int().tolist(), marks, strict=True
        ):
            subject = self._subjects[number]
            if score >= self._least[subject]:
                box = np.concatenate([corner[:2], corner[2:] - corner[:2]])
                found.append(Found(subject, box, score, points if subject == "face" else None))
        return found


def subject_of(name: str) -> Subject | None:
    """What a class of a model is to us: `person`, or a face for `FACE_FEMALE` and the like."""
    lower = name.lower()
    if lower == "person":
        return "person"
    return "face" if "face" in lower else None


def load(context: Context[Any]) -> Yolo:
    """The detector with the model that the params name."""
    (model,) = chosen.detector(context.params)
    path, faces = context.weights(model), centerface.load(context)
    return Yolo(path, faces, context.params.detector_score / 1000, context.scratch)
