"""MediaPipe's BlazePose: bodies with 33 landmarks.

Bazarevsky et al., "BlazePose: On-device Real-time Body Pose Tracking", 2020, through the Tasks API
of mediapipe. Bodies are followed from one picture of a shot to the next: its detector looks for
faces, so a body whose face is turned away is only found where it was before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from steps.contract import Context, Unusable
from steps.detect.engines import chosen
from steps.detect.engines.protocol import Body, Rgb

MOST_BODIES = 2
"""In one picture. While fewer are seen the detector looks again in each, and what it takes for a
person disturbs those that are followed: with four, a turned head was lost in half of the samples.
"""
STEP_MS = 200
"""The model's clock between two pictures; only their order counts."""
LEAST_SCORE = 0.5
"""Of a body that is found, as published."""
LEAST_PRESENCE = 0.3
"""Of a body that is followed. At the published 0.5 a head seen from behind is lost in half of the
samples, at 0.3 in one of ten."""


class BlazePose:
    """The landmarker; `close` frees it, its own finaliser fails at the interpreter's end."""

    shareable = False

    def __init__(self, path: Path) -> None:
        """Load the `.task` bundle.

        Raises:
            Unusable: mediapipe cannot read the file.
        """
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision

        self._image = mediapipe.Image
        self._format = mediapipe.ImageFormat.SRGB
        self._options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(path)),
            running_mode=vision.RunningMode.VIDEO,
            num_poses=MOST_BODIES,
            min_pose_detection_confidence=LEAST_SCORE,
            min_pose_presence_confidence=LEAST_PRESENCE,
        )
        self._create = vision.PoseLandmarker.create_from_options
        try:
            self._landmarker = self._create(self._options)
        except (RuntimeError, ValueError) as error:
            raise Unusable(f"mediapipe cannot load {str(path)!r}: use a .task file") from error
        self._clock_ms = 0

    def begin(self) -> None:
        """Forget the bodies of another shot."""
        if self._clock_ms:
            self._landmarker.close()
            self._landmarker = self._create(self._options)
            self._clock_ms = 0

    def bodies(self, picture: Rgb) -> list[Body]:
        """The bodies in the shot's next picture."""
        height, width = picture.shape[:2]
        self._clock_ms += STEP_MS
        image = self._image(image_format=self._format, data=picture)
        found = self._landmarker.detect_for_video(image, self._clock_ms)
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
