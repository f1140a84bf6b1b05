"""A mouth that opens moves; one that is carried about does not."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from steps.detect.engines.mouth import MouthWatch
from steps.detect.engines.protocol import Sight

TIMES = [n * 200 for n in range(11)]


def drawn(x: float, opened: float) -> np.ndarray:
    """A face 100 px wide whose middle is at x, 180, on a wall; BGR."""
    picture = np.full((360, 640, 3), 90, np.uint8)
    shift, unit = 4, 16

    def ellipse(at: tuple[float, float], axes: tuple[float, float], grey: int) -> None:
        centre = (round(at[0] * unit), round(at[1] * unit))
        size = (round(axes[0] * unit), round(axes[1] * unit))
        cv2.ellipse(picture, centre, size, 0, 0, 360, (grey,) * 3, -1, cv2.LINE_AA, shift)

    ellipse((x, 180), (50, 65), 190)
    ellipse((x - 20, 160), (7, 4), 40)
    ellipse((x + 20, 160), (7, 4), 40)
    ellipse((x, 212), (17, 2 + 8 * opened), 50)
    return picture


def track(xs: list[float]) -> list[Sight]:
    return [
        Sight(
            n,
            time,
            np.array([x - 50, 115.0, 100, 130]),
            1.0,
            np.array([(x - 20, 160), (x + 20, 160), (x, 185), (x - 17, 212), (x + 17, 212)], float),
        )
        for n, (time, x) in enumerate(zip(TIMES, xs, strict=True))
    ]


def watch(xs: list[float], speaks: bool) -> np.ndarray:
    watching = MouthWatch([track(xs)])
    for time in range(0, 2001, 66):
        x = float(np.interp(time, TIMES, xs))
        opened = abs(np.sin(time / 1000 * 2 * np.pi * 2.2)) if speaks else 0.0
        watching.add(time, drawn(x, opened), 1.0)
    return watching.movements[1:, 0]


def test_a_speaking_mouth_moves_and_a_still_one_does_not() -> None:
    still = [300.0] * 11
    assert watch(still, speaks=True).mean() > 0.1
    assert watch(still, speaks=False).max() == pytest.approx(0, abs=1e-6)


def test_a_head_that_moves_is_no_speech() -> None:
    walking = [300.0 + 12 * n for n in range(11)]
    assert watch(walking, speaks=False).mean() < 0.3 * watch(walking, speaks=True).mean()


def test_trembling_boxes_are_no_speech() -> None:
    rng = np.random.default_rng(5)
    trembling = MouthWatch([track([300.0 + x for x in rng.normal(0, 1.5, 11)])])
    for time in range(0, 2001, 66):
        trembling.add(time, drawn(300, 0), 1.0)
    assert trembling.movements[1:].mean() < 0.3 * watch([300.0] * 11, speaks=True).mean()


def test_outside_of_its_time_a_track_has_no_mouth() -> None:
    watching = MouthWatch([track([300.0] * 11)[3:7]])
    for time in range(0, 2001, 200):
        watching.add(time, drawn(300, 0), 1.0)
    there = ~np.isnan(watching.movements[:, 0])
    assert there.tolist() == [600 < time <= 1200 for time in TIMES]
    assert watching.between(600, 1200, 0) == 0
    assert watching.between(1200, 2000, 0) is None


class _Asked(MouthWatch):
    """Notes how often all its movements are put together."""

    asked = 0

    @property
    def movements(self) -> np.ndarray:
        self.asked += 1
        return super().movements


def test_movements_are_put_together_once_for_a_track() -> None:
    seen = track([300.0] * 11)
    watching = _Asked([seen])
    for time in range(0, 2001, 66):
        watching.add(time, drawn(300, 0), 1.0)
    found = watching.after(seen, 0)
    assert watching.asked == 1
    edges = [*(one.time_ms for one in seen), seen[-1].time_ms + 1000]
    assert found == tuple(watching.between(a, b, 0) for a, b in pairwise(edges))
    assert found[-1] is None
