"""NudeNet without its padding finds what it finds with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from nudenet import NudeDetector
from numpy.typing import NDArray

from steps.media.frames import SmallPicture, key_frames
from steps.media.networks import onnx_session
from steps.model.geometry import Size
from steps.model.moderation import Finding
from steps.model.weights import NUDENET
from steps.moderation.engines.nudenet import NudeNet, filled_px, seen_px
from tests.media.fixtures import Film

SAME_SCORE = 25
"""Of 1,000."""


@pytest.mark.parametrize(
    ("rows", "columns", "filled", "seen"),
    [
        (360, 640, (180, 320), (192, 320)),
        (640, 360, (320, 180), (320, 192)),
        (640, 640, (320, 320), (320, 320)),
        (2, 640, (1, 320), (32, 320)),
        (480, 640, (240, 320), (256, 320)),
    ],
)
def test_the_network_sees_little_more_than_the_picture(
    rows: int, columns: int, filled: tuple[int, int], seen: tuple[int, int]
) -> None:
    assert filled_px(rows, columns) == filled
    assert tuple(map(seen_px, filled)) == seen


@pytest.fixture(scope="module")
def picture(sample: Film) -> NDArray[np.uint8]:
    return next(one for one in key_frames(sample[0]) if one.time_ms > 8000).pixels


@pytest.mark.parametrize("shape", ["wide", "upright", "square"])
def test_the_findings_are_those_of_the_whole_square(picture: NDArray[np.uint8], shape: str) -> None:
    rows, columns = picture.shape[:2]
    middle = picture[:, (columns - rows) // 2 : (columns + rows) // 2]
    pixels = {
        "wide": picture,
        "square": middle,
        "upright": cv2.copyMakeBorder(middle, rows // 2, rows // 2, 0, 0, cv2.BORDER_REPLICATE),
    }[shape]
    height, width = pixels.shape[:2]
    whole = NudeDetector(str(NUDENET.locate()))
    whole.onnx_session = onnx_session(NUDENET.locate())
    wanted = sorted((item["class"], 1000 * item["score"]) for item in whole.detect(pixels))
    size = Size(width_px=width, height_px=height)
    small = SmallPicture(0, 0, pixels, 1.0)
    found = list(NudeNet(NUDENET.locate()).findings([small], size))
    assert wanted, "there is nothing to compare"
    assert sorted(item.label for item in found) == [label for label, _ in wanted]
    for one, (_, score) in zip(sorted(found, key=lambda item: item.label), wanted, strict=True):
        assert one.score == pytest.approx(score, abs=SAME_SCORE)


def test_threads_may_share_it(picture: NDArray[np.uint8]) -> None:
    shapes = [picture, np.ascontiguousarray(picture.transpose(1, 0, 2)), picture[:, :360]] * 6
    small = [SmallPicture(0, 0, pixels, 1.0) for pixels in shapes]
    network = NudeNet(NUDENET.locate())

    def seen(one: SmallPicture) -> list[Finding]:
        return list(network.findings([one], Size(width_px=640, height_px=640)))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(seen, small)) == [seen(one) for one in small]
