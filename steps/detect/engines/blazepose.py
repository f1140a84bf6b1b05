"""MediaPipe's BlazePose: bodies with 33 landmarks.

Bazarevsky et al., "BlazePose: On-device Real-time Body Pose Tracking", 2020, through the Tasks API
of mediapipe. Each picture is taken by itself: following bodies from one to the next would make the
result depend on where a clip begins.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from steps.contract import Context, Unusable
from steps.detect.engines import chosen
from steps.detect.engines.protocol import Body, Rgb

MOST_BODIES = 4
"""In one picture: the detector was made for few and large people."""
LEAST_SCORE = 0.5
"""Of the body and of its landmarks' presence, as published."""


class BlazePose:
    """The landmarker; `close` frees it, its own finaliser fails at the interpreter's end."""

    def __init__(self, path: Path) -> None:
        """Load the `.task` bundle.

        Raises:
            Unusable: mediapipe cannot read the file.
        """
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision

        self._image = mediapipe.Image
        self._format = mediapipe.ImageFormat.SRGB
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(path)),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=MOST_BODIES,
            min_pose_detection_confidence=LEAST_SCORE,
            min_pose_presence_confidence=LEAST_SCORE,
        )
        try:
            self._landmarker = vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise Unusable(f"mediapipe cannot load {str(path)!r}: use a .task file") from error

    def bodies(self, picture: Rgb) -> list[Body]:
        """The bodies in a picture."""
        height, width = picture.shape[:2]
        found = self._landmarker.detect(self._image(image_format=self._format, data=picture))
        return [
            Body(np.array([(one.x * width, one.y * height, one.visibility) for one in points]))
            for points in found.pose_landmarks
        ]

    def close(self) -> None:
        """Free the landmarker."""
        self._landmarker.close()


def load(context: Context[Any]) -> BlazePose:
    """The landmarker with the model that the params name."""
    (model,) = chosen.pose(context.params)
    return BlazePose(context.weights(model))
