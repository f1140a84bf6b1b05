"""Faces that are partly hidden or small are found, on pictures made by recipe; no other is.

The portrait is laid over frames of the sample that show no face, at several sizes, half of them
mirrored; then a bar covers the eyes, or all of the face above the nose.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from steps.detect.engines.centerface import CenterFace
from steps.detect.engines.protocol import Floats, Found, Rgb
from steps.detect.tracker import iou
from steps.media.frames import sampled
from steps.model.timing import Span
from steps.model.weights import CENTERFACE
from tests.media.people import FACES
from tests.media.truth import Truth

NASA = Path(__file__).parents[5] / "shared" / "media" / "nasa.mp4"
HIDDEN = {"eyes": (0.28, 0.55), "forehead": (0.0, 0.5)}
"""The rows of the face that are covered, in shares of its height; the eyes are at 0.41."""


@pytest.fixture(scope="module")
def detector() -> CenterFace:
    return CenterFace(CENTERFACE.locate())


@pytest.fixture(scope="module")
def backgrounds(sample: tuple[Path, Truth]) -> list[Rgb]:
    """Three frames without a face: two slides, and one of them blurred."""
    truth = sample[1]
    woman, found = truth.faces["woman"], []
    slides = [shot for shot in truth.shots if not any(woman[shot.in_frame : shot.out_frame])]
    for shot in slides[:2]:
        middle = round((shot.in_frame + shot.out_frame) / 2 * 1000 / truth.fps)
        (picture,) = sampled(sample[0], 1, Span(in_ms=middle, out_ms=middle + 500))
        found.append(np.ascontiguousarray(picture.pixels[..., ::-1]))
    return [*found, cv2.GaussianBlur(found[0], (0, 0), 8)]


def portrait(
    background: Rgb, face_px: int, *, mirrored: bool, hide: str = ""
) -> tuple[Rgb, Floats]:
    """The portrait with a face this wide over a picture, and the box of the face."""
    pixels = cv2.imread(str(FACES / "woman.webp"), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    box = np.array(json.loads((FACES / "faces.json").read_text()))
    x, y, width, height = box.round().astype(int)
    above, below = HIDDEN.get(hide, (0, 0))
    rows = slice(y + round(above * height), y + round(below * height))
    pixels[rows, x - width // 10 : x + width * 11 // 10, :3] = (70, 40, 30)
    scale = face_px / box[2]
    if mirrored:
        pixels = pixels[:, ::-1]
        box[0] = pixels.shape[1] - box[0] - box[2]
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    down = small.shape[0]
    at = np.array([background.shape[1] // 3, max(0, background.shape[0] - down)])
    shown = small[: background.shape[0] - at[1], : background.shape[1] - at[0]]
    target = background.copy()
    place = target[at[1] : at[1] + shown.shape[0], at[0] : at[0] + shown.shape[1]]
    cover = shown[..., 3:] / 255
    place[:] = (shown[..., 2::-1] * cover + place * (1 - cover)).round().astype(np.uint8)
    return target, np.concatenate([box[:2] * scale + at, box[2:] * scale])


def pictures(
    backgrounds: list[Rgb], faces_px: tuple[int, ...], hide: str
) -> Iterator[tuple[Rgb, Floats]]:
    for background in backgrounds:
        for face_px in faces_px:
            for mirrored in (False, True):
                yield portrait(background, face_px, mirrored=mirrored, hide=hide)


def is_found(found: list[Found], box: Floats) -> bool:
    return any(iou(one.box, box) > 0.4 for one in found)


def test_faces_with_hidden_eyes_or_foreheads_are_found(
    detector: CenterFace, backgrounds: list[Rgb]
) -> None:
    tries = [one for hide in HIDDEN for one in pictures(backgrounds, (40, 72), hide)]
    found = [is_found(detector.find([picture])[0], box) for picture, box in tries]
    assert len(found) == 24
    assert sum(found) >= 20


def test_faces_of_24_pixels_are_found_and_nothing_else(
    detector: CenterFace, backgrounds: list[Rgb]
) -> None:
    for picture, box in pictures(backgrounds, (24,), ""):
        (found,) = detector.find([picture])
        assert is_found(found, box)
        assert len(found) == 1
    assert detector.find(backgrounds) == [[], [], []]


@pytest.mark.skipif(not NASA.is_file(), reason="the film is not beside the project")
def test_a_film_without_faces_has_none(detector: CenterFace) -> None:
    shown = [np.ascontiguousarray(one.pixels[..., ::-1]) for one in sampled(NASA, 5)]
    assert len(shown) > 60
    assert [found for found in detector.find(shown) if found] == []
