"""Which models the params choose for the engines that have no fixed one."""

from __future__ import annotations

from steps.contract import Weights
from steps.detect import DetectParams
from steps.model.weights import named

YOLO_DEFAULT, POSE_DEFAULT, SPEAKER_DEFAULT = "yolo11n", "pose-landmarker-full", "lr-asd"


def detector(params: DetectParams) -> tuple[Weights, ...]:
    """The model of yolo."""
    return (named(params.detector_model or YOLO_DEFAULT),)


def pose(params: DetectParams) -> tuple[Weights, ...]:
    """The model of mediapipe."""
    return (named(params.pose_model or POSE_DEFAULT),)


def speaker(params: DetectParams) -> tuple[Weights, ...]:
    """The model of lr-asd."""
    return (named(params.speaker_model or SPEAKER_DEFAULT),)
