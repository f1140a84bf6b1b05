"""CenterFace finds the faces that are there, where they are, and no others."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.detect.engines.centerface import MOST_OVERLAP, CenterFace, separate
from steps.detect.engines.protocol import Found, Rgb
from steps.detect.samples import Blind, Eyes, sample_clip
from steps.detect.tracker import USUAL_MARKS, iou
from steps.media.frames import SmallPicture, sampled
from steps.model.timing import Span
from steps.model.weights import CENTERFACE
from tests.media.truth import Truth


@pytest.fixture(scope="module")
def detector() -> CenterFace:
    return CenterFace(CENTERFACE.locate())


@pytest.fixture(scope="module")
def pictures(sample: tuple[Path, Truth]) -> list[SmallPicture]:
    """Every two seconds of the sample's first 40 s: close, wide, and slides."""
    span = Span(in_ms=1_000, out_ms=40_000)
    return [p for n, p in enumerate(sampled(sample[0], 1, span)) if n % 2 == 0]


def rgb(picture: SmallPicture) -> np.ndarray:
    return np.ascontiguousarray(picture.pixels[..., ::-1])


def test_faces_are_where_the_recipe_put_them(
    detector: CenterFace, pictures: list[SmallPicture], sample: tuple[Path, Truth]
) -> None:
    truth = sample[1]
    for picture in pictures:
        there = truth.faces["woman"][round(picture.shown_ms * truth.fps / 1000)]
        (sure,) = detector.find([rgb(picture)])
        assert len(sure) == (there is not None), picture.time_ms
        if there is None:
            continue
        x, y, width, height = (value / picture.scale for value in sure[0].box)
        assert abs(x + width / 2 - there[0] - there[2] / 2) < 0.12 * there[2]
        assert abs(y + height / 2 - there[1] - there[3] / 2) < 0.12 * there[3]
        marks = sure[0].landmarks
        assert marks is not None
        eyes, nose, mouth = (marks[part].mean(axis=0) for part in ([0, 1], [2], [3, 4]))
        assert eyes[1] < nose[1] < mouth[1]
        assert marks[0][0] < marks[1][0]
        shares = (marks - sure[0].box[:2]) / sure[0].box[2:]
        assert shares == pytest.approx(USUAL_MARKS, abs=0.12)


def test_pictures_without_faces_or_too_small_for_one(detector: CenterFace) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (180, 320, 3), np.uint8)
    assert detector.find([noise]) == [[]]
    assert detector.find([np.zeros((360, 640, 3), np.uint8)]) == [[]]
    assert detector.find([np.zeros((10, 10, 3), np.uint8), noise]) == [[], []]


class _Colours(Blind):
    """Notes what it is shown."""

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def find(self, pictures: Sequence[Rgb]) -> list[list[Found]]:
        self.seen += pictures
        return [[] for _ in pictures]


def test_the_networks_see_rgb_and_no_picture_twice(sample: tuple[Path, Truth]) -> None:
    eye = _Colours()
    span = Span(in_ms=1_000, out_ms=1_500)
    samples = sample_clip(sample[0], span, 20, Eyes(eye, Blind()), lambda _: None).samples
    assert [one.time_ms for one in samples] == list(range(1_000, 1_500, 20))
    shown = {one.shown_ms: one.pixels for one in sampled(sample[0], 50, span)}
    times = [
        time_ms
        for seen in eye.seen
        for time_ms, pixels in shown.items()
        if np.array_equal(seen[..., ::-1], pixels)
    ]
    assert len(eye.seen) == len(times) == len(set(times)) < len(shown)


sides = st.tuples(*(st.integers(0, 20) for _ in range(2)), *(st.integers(1, 20) for _ in range(2)))
faces = st.lists(st.tuples(sides, st.integers(1, 99)), min_size=1, max_size=12)


@given(faces)
def test_of_boxes_that_overlap_the_best_stays(rows: list[tuple[tuple[int, ...], int]]) -> None:
    boxes = np.array([box for box, _ in rows], float)
    scores = np.array([score for _, score in rows], float)
    kept = separate(boxes, scores)
    assert scores[kept[0]] == scores.max()
    assert list(scores[kept]) == sorted(scores[kept], reverse=True)
    for index in set(range(len(rows))) - set(kept.tolist()):
        better = [one for one in kept if scores[one] >= scores[index]]
        assert any(iou(boxes[one], boxes[index]) > MOST_OVERLAP for one in better)
    for one in kept:
        assert all(one == other or iou(boxes[one], boxes[other]) <= MOST_OVERLAP for other in kept)
