"""A face lives when it changes or moves against what is around it; a picture of one does not."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from steps.detect.bars import Lit
from steps.detect.engines.protocol import Sight
from steps.detect.living import LEAST_MS, lives, stirs
from steps.detect.samples import PATCH_PX, Sample
from steps.detect.sketches import CELLS, Sketch, cells_of
from steps.model.geometry import Size

SIZE = Size(width_px=640, height_px=360)
DARK = Lit(np.zeros(9, np.float32), np.zeros(16, np.float32))
STEP_MS = 200


def texture(height: int, width: int, seed: int) -> np.ndarray:
    """Soft blobs, as skin, eyes and hair have."""
    dice = np.random.default_rng(seed)
    rough = cv2.GaussianBlur(dice.uniform(0, 255, (height, width)), (0, 0), 3)
    return cv2.normalize(rough, None, 20, 235, cv2.NORM_MINMAX).astype(np.uint8)


FACE, ROOM = texture(PATCH_PX, PATCH_PX, 1), texture(180, 320, 2)


def moved(picture: np.ndarray, x: float, y: float, grow: float = 1.0) -> np.ndarray:
    matrix = np.array([[grow, 0, x], [0, grow, y]])
    size = picture.shape[::-1]
    return cv2.warpAffine(
        picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )


def noisy(picture: np.ndarray, sigma: float = 3) -> np.ndarray:
    noise = np.random.default_rng(3).normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def speaking(picture: np.ndarray) -> np.ndarray:
    changed = picture.copy()
    cv2.ellipse(changed, (32, 44), (7, 4), 0, 0, 360, 10, -1)
    return changed


@pytest.mark.parametrize("shift", [(0.0, 0.0, 1.0), (2.5, -1.3, 1.0), (-1.0, 0.5, 1.03)])
def test_a_picture_that_is_moved_does_not_stir(shift: tuple[float, float, float]) -> None:
    x, y, grow = shift
    back = np.array([[grow, 0, x], [0, grow, y]])
    after = noisy(moved(FACE, *shift))
    assert not stirs(noisy(FACE, 2), after, back)
    assert stirs(noisy(FACE, 2), noisy(moved(speaking(FACE), *shift)), back)


def shot(
    seconds: float, *, mouth: bool = False, sway_px: float = 0.0, shake_px: float = 0.0
) -> tuple[list[Sight], list[Sample]]:
    """A face and the samples around it; it sways by itself, or the camera shakes it all."""
    sights, samples = [], []
    for index in range(round(seconds * 1000 / STEP_MS)):
        shaken = shake_px * np.sin(2.1 * index)
        box = np.array([280 + sway_px * np.sin(index) + shaken, 120, 60, 60], float)
        patch = speaking(FACE) if mouth and index % 4 == 1 else FACE
        sights.append(Sight(index, index * STEP_MS, box, 1.0, np.zeros((5, 2)), patch=noisy(patch)))
        grey = moved(ROOM, shaken / 2, 0)
        sketch = Sketch(grey, np.zeros(CELLS, bool), (0, 0, 0))
        samples.append(Sample(index * STEP_MS, (), (), 0, 0, DARK, sketch))
    return sights, samples


@pytest.mark.parametrize(
    ("seen", "alive"),
    [
        (shot(4), False),
        (shot(4, shake_px=8), False),
        (shot(4, mouth=True), True),
        (shot(4, mouth=True, shake_px=8), True),
        (shot(4, sway_px=4), True),
        (shot(LEAST_MS / 1000 - 0.4), True),  # too short to know
    ],
)
def test_what_lives(seen: tuple[list[Sight], list[Sample]], alive: bool) -> None:
    sights, samples = seen
    assert lives(sights, [sights], samples, SIZE) == alive


def test_a_face_without_pixels_is_believed() -> None:
    sights, samples = shot(4)
    bare = [replace(one, patch=None) for one in sights]
    assert lives(bare, [bare], samples, SIZE)


@pytest.mark.parametrize(
    ("seconds", "every", "alive"),
    [(1.2, 0, False), (1.2, 3, True), (4.0, 0, False), (4.0, 9, False), (4.0, 3, True)],
)
def test_a_drawn_face_lives_only_where_the_picture_changes(
    seconds: float, every: int, alive: bool
) -> None:
    """Of a slide, even a face that is seen too briefly for its pixels to be compared."""
    sights, samples = shot(seconds, mouth=True)
    box = sights[0].box
    drawn = []
    for index, one in enumerate(samples):
        assert one.sketch is not None
        beside = cells_of(box + np.array([200, 0, 0, 0]), SIZE)
        there = cells_of(box, SIZE) if every and index % every == 1 else np.zeros(CELLS, bool)
        drawn.append(replace(one, detail=0.05, sketch=replace(one.sketch, changed=beside | there)))
    assert lives(sights, [sights], drawn, SIZE) == alive
