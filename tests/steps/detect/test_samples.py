"""Slides are still and have edges; what a camera sees has neither for sure."""

import cv2
import numpy as np

from steps.detect.samples import Texture


def slide() -> np.ndarray:
    picture = np.full((360, 640, 3), 20, np.uint8)
    for line in range(4):
        at = (60, 90 + 60 * line)
        cv2.putText(
            picture, "Nobody became smarter", at, cv2.FONT_HERSHEY_DUPLEX, 1.4, (240,) * 3, 3
        )
    return picture


def test_text_has_edges_and_a_gradient_has_none() -> None:
    ramp = np.tile(np.linspace(0, 255, 640).astype(np.uint8)[None, :, None], (360, 1, 3))
    assert Texture().add(slide())[0] > 0.03
    assert Texture().add(ramp)[0] == 0


def test_motion_is_the_change_since_the_last_picture() -> None:
    texture = Texture()
    grey = np.full((360, 640, 3), 100, np.uint8)
    assert texture.add(grey)[1] == 0
    assert texture.add(grey)[1] == 0
    assert texture.add(grey + 51)[1] == 0.2
