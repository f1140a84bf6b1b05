"""Which pictures are looked at."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.media.frames import SmallPicture
from steps.model.geometry import Box
from steps.model.moderation import Finding
from steps.model.timing import Span
from steps.moderation.looking import AROUND_MS, LONGEST_MS, Differing, around, with_the_same

GREY = np.full((180, 320, 3), 90, np.uint8)


def picture(time_ms: int, pixels: np.ndarray = GREY) -> SmallPicture:
    return SmallPicture(time_ms, time_ms, pixels, 1.0)


def passed(*pictures: SmallPicture) -> list[int]:
    return [one.time_ms for one in Differing().of(pictures)]


def test_a_picture_that_stays_is_looked_at_once_in_a_while() -> None:
    times = range(0, 3 * LONGEST_MS, 2000)
    assert passed(*(picture(time) for time in times)) == [0, LONGEST_MS, 2 * LONGEST_MS]


def test_noise_and_light_are_no_change() -> None:
    noise = np.random.default_rng(1).integers(-6, 7, GREY.shape)
    noisy = np.clip(GREY.astype(int) + noise + 8, 0, 255).astype(np.uint8)
    assert passed(picture(0), picture(2000, noisy)) == [0]


@pytest.mark.parametrize(("side_px", "is_seen"), [(20, False), (60, True)])
def test_what_comes_into_the_picture_is_a_change(side_px: int, is_seen: bool) -> None:
    other = GREY.copy()
    other[40 : 40 + side_px, 100 : 100 + side_px] = (140, 170, 230)
    assert passed(picture(0), picture(2000, other)) == ([0, 2000] if is_seen else [0])


def test_a_finding_counts_for_every_picture_like_its_own() -> None:
    differing = Differing()
    list(differing.of([picture(0), picture(2000), picture(4000), picture(LONGEST_MS)]))
    box = Box(x_px=0, y_px=0, width_px=1, height_px=1)
    found = Finding(label="FACE_MALE", score=900, time_ms=0, box=box)
    times = [item.time_ms for item in with_the_same([found], differing.same)]
    assert times == [0, 2000, 4000]


@pytest.mark.parametrize(
    ("times", "looked", "parts"),
    [
        ([5000], [], [(3000, 7000)]),
        ([1000], [], [(0, 3000)]),
        ([59_500], [], [(57_500, 60_000)]),
        ([63_000], [], []),  # a hidden picture after the end: nothing around it is left to look at
        ([5000, 6000], [], [(3000, 7000), (7000, 8000)]),
        ([5000], [(3000, 7000)], []),
        ([6900], [(3000, 7000)], [(7000, 8900)]),
        ([5000], [(4000, 6000)], [(3000, 4000), (6000, 7000)]),
    ],
)
def test_around_findings(
    times: list[int], looked: list[tuple[int, int]], parts: list[tuple[int, int]]
) -> None:
    spans = [Span(in_ms=a, out_ms=b) for a, b in looked]
    found = around(times, spans, 60_000)
    assert [(span.in_ms, span.out_ms) for span in found] == parts


@given(st.lists(st.integers(0, 60_000), max_size=12), st.integers(0, 30_000))
def test_nothing_is_looked_at_twice_nor_more_than_allowed(times: list[int], most_ms: int) -> None:
    found = sorted(around(times, [], 60_000, most_ms), key=lambda span: span.in_ms)
    assert sum(span.duration_ms for span in found) <= most_ms
    assert all(a.out_ms <= b.in_ms for a, b in pairwise(found))
    for span in found:
        assert any(abs(time - edge) <= AROUND_MS for time in times for edge in (span.in_ms,))
