"""Cut the portrait out of its picture: how `faces/woman.webp` was made. Tests do not run it.

Needs, in an environment of its own: mediapipe==0.10.21 (its wheel carries the segmentation model)
and pillow. The picture is `skimage/data/astronaut.png` of scikit-image (README.md has
its licence).

    python -m tests.media.cut_out astronaut.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import mediapipe
import numpy as np
from numpy.typing import NDArray
from PIL import Image

FACES = Path(__file__).parent / "faces"
Picture = NDArray[np.uint8]


def matte(picture: Picture) -> NDArray[np.float32]:
    """Return the person's cover (0 to 1): a network's guess, sharpened by colour (GrabCut)."""
    segmenter = mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)
    guess = segmenter.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).segmentation_mask
    marks = np.full(guess.shape, cv2.GC_PR_BGD, np.uint8)
    marks[guess > 0.5] = cv2.GC_PR_FGD
    marks[guess < 0.05] = cv2.GC_BGD
    marks[cv2.erode((guess > 0.95).astype(np.uint8), np.ones((7, 7))) > 0] = cv2.GC_FGD
    cv2.setRNGSeed(0)
    cv2.grabCut(
        picture, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK
    )
    cover = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    cover = cv2.morphologyEx(cover, cv2.MORPH_OPEN, np.ones((5, 5)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cover)
    cover = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    cover = cv2.erode(cv2.morphologyEx(cover, cv2.MORPH_CLOSE, np.ones((5, 5))), np.ones((3, 3)))
    return cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 1.3)


def woman(portrait: Path) -> Picture:
    """Cut the portrait out; a corner of the flag that the matte keeps is taken away."""
    picture = cv2.imread(str(portrait))
    cover = matte(picture)
    cv2.fillPoly(cover, [np.array([(0, 398), (17, 398), (24, 430), (50, 512), (0, 512)])], 0)
    cover = cv2.GaussianBlur(cover, (0, 0), 0.6)
    return np.dstack([picture, (cover * 255).astype(np.uint8)])


def save(picture: Picture, name: str) -> None:
    """Store with transparency."""
    rgba = cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA)
    Image.fromarray(rgba).save(FACES / f"{name}.webp", quality=90, method=6, alpha_quality=90)


def main(portrait: Path) -> None:
    """Write the cut-out."""
    save(woman(portrait), "woman")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
