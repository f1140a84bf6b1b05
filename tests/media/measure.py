"""Measure a film, to compare it with its truth."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from steps.detect.engines.centerface import CenterFace
from steps.model.weights import CENTERFACE
from tests.media.make import FFMPEG
from tests.media.truth import Box, Truth


def gray_frames(path: Path, width: int) -> np.ndarray[Any, Any]:
    """Return every stored frame as grey, shape (frames, height, width), uint8.

    Without H.264's smoothing of block edges, and scaled in the quickest way: half the work.
    """
    command = [FFMPEG, "-v", "error", "-skip_loop_filter", "all", "-i", str(path)]
    command += ["-vf", f"extractplanes=y,scale={width}:-2:flags=neighbor"]
    command += ["-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        height = round(video.height * width / video.width / 2) * 2
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width)


def decode(path: Path, rate_hz: int = 16_000) -> np.ndarray[Any, Any]:
    """Return the sound, mixed to one channel, float32."""
    command = [FFMPEG, "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(rate_hz)]
    raw = subprocess.run([*command, "-f", "f32le", "pipe:1"], capture_output=True, check=True)
    return np.frombuffer(raw.stdout, np.float32)


def overlap(a: Box, b: Box) -> float:
    """Return intersection over union."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(across, 0) * max(down, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


@cache
def detector() -> CenterFace:
    """Return CenterFace, loaded once."""
    return CenterFace(CENTERFACE.locate())


def find_faces(picture: Any) -> list[Box]:
    """Find the faces of a BGR picture with CenterFace."""
    (found,) = detector().find([cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)])
    return [tuple(face.box) for face in found]


def assert_faces(path: Path, truth: Truth) -> None:
    """One frame in the middle of every shot: each true face is found, and no other."""
    reader = cv2.VideoCapture(str(path))
    for shot in truth.shots:
        number = (shot.in_frame + shot.out_frame) // 2
        reader.set(cv2.CAP_PROP_POS_FRAMES, number)
        picture = reader.read()[1]
        assert picture.shape[1::-1] == truth.size
        scale = 640 / max(truth.size)
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found = [tuple(value / scale for value in box) for box in find_faces(small)]
        true = [boxes[number] for boxes in truth.faces.values()]
        seen = [box for box in true if box is not None]
        assert len(found) == len(seen), (shot.kind, number)
        for box in seen:
            assert max(overlap(box, other) for other in found) > 0.7, (shot.kind, number)
