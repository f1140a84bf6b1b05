"""Faces of the samples become tracks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.detect.engines.protocol import Found, Sight
from steps.detect.tracker import Tracker, iou


def face(x: float, y: float = 100, side: float = 80, score: float = 0.99) -> Found:
    return Found("face", np.array([x, y, side, side], float), score)


def follow(samples: list[list[Found]], step_ms: int = 200) -> list[list[Sight]]:
    tracker = Tracker(0.95)
    for index, faces in enumerate(samples):
        tracker.add(index * step_ms, faces)
    return tracker.tracks(len(samples) * step_ms)


def lefts(track: list[Sight]) -> list[float]:
    return [float(seen.box[0]) for seen in track]


def test_two_faces_that_pass_each_other_keep_their_tracks() -> None:
    samples = [[face(100 + 20 * n), face(500 - 20 * n, y=130)] for n in range(21)]
    first, second = follow(samples)
    assert lefts(first) == [100 + 20 * n for n in range(21)]
    assert lefts(second) == [500 - 20 * n for n in range(21)]


def test_a_short_gap_is_bridged_with_boxes_between() -> None:
    samples = [[face(100 + 10 * n)] if n not in (4, 5, 6) else [] for n in range(12)]
    (track,) = follow(samples)
    assert lefts(track) == pytest.approx([100 + 10 * n for n in range(12)])
    assert [seen.score == 0 for seen in track] == [n in (4, 5, 6) for n in range(12)]


def test_a_face_that_was_covered_is_the_same_where_it_was() -> None:
    samples = [[face(100)] if n < 10 or n > 21 else [] for n in range(32)]
    (track,) = follow(samples)
    assert lefts(track) == pytest.approx([100] * 32)


@pytest.mark.parametrize(("missing", "x"), [(15, 100), (8, 300)])
def test_after_a_long_gap_or_elsewhere_it_is_another_track(missing: int, x: float) -> None:
    samples = [[face(100)]] * 5 + [[]] * missing + [[face(x)]] * 5
    assert [len(track) for track in follow(samples)] == [5, 5]


@pytest.mark.parametrize(
    ("samples", "kept"),
    [
        ([[face(100)]] * 3 + [[]] * 20, 0),  # 400 ms of a long shot
        ([[face(100)]] * 4 + [[]] * 20, 1),
        ([[face(100)]] * 2, 1),  # the whole of a short shot
        ([[face(100, score=0.9)]] * 20, 0),  # never sure
        ([[face(100, score=0.9)]] * 19 + [[face(100)]], 1),
        ([[face(100)], [], []] * 7, 0),  # hardly ever seen
    ],
)
def test_spurious_tracks_are_dropped(samples: list[list[Found]], kept: int) -> None:
    assert len(follow(samples)) == kept


@given(st.permutations(range(5)))
def test_the_order_of_a_samples_faces_does_not_matter(order: list[int]) -> None:
    faces = [face(40 * n, 10 * n) for n in range(5)]
    shuffled = [[faces[n] for n in order] for _ in range(6)]
    expected = follow([faces] * 6)
    assert [lefts(track) for track in follow(shuffled)] == [lefts(track) for track in expected]


def test_iou() -> None:
    box = np.array([0.0, 0.0, 10.0, 10.0])
    assert iou(box, box) == 1
    assert iou(box, np.array([5.0, 0.0, 10.0, 10.0])) == pytest.approx(1 / 3)
    assert iou(box, np.array([10.0, 0.0, 10.0, 10.0])) == 0
    assert iou(box * 0, box * 0) == 0
