"""The vernier crop: always even, always inside, never far from what was asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.render.vernier import ZOOM, VernierAxis, moving_axis, offsets, still_axis

CASES = [
    (1280, 8 / 3),
    (854, 4),
    (640, 16 / 3),
    (1920, 16 / 9),
    (3840, 8 / 9),
    (1280, 2),
    (1920, 1),
]


def position_px(axis: VernierAxis, places: tuple[int, int]) -> float:
    """The output pixel of the scaled picture at which the crop starts."""
    return places[0] * axis.scale + places[1]


@pytest.mark.parametrize(("length", "scale"), CASES)
def test_a_slow_pan_is_met_within_a_tenth_of_a_pixel(length: int, scale: float) -> None:
    axis = moving_axis(length, 1080, scale)
    assert scale <= axis.scale <= scale * (1 + ZOOM)
    edge = axis.window / 2 + 30
    count = 2000
    centres = [edge + (length - 2 * edge) * n / count for n in range(count)]
    errors = [
        position_px(axis, places) - (centre * axis.scale - 540)
        for centre, places in zip(centres, offsets(axis, centres), strict=True)
    ]
    rms = (sum(error * error for error in errors) / count) ** 0.5
    assert rms <= 0.06
    assert max(map(abs, errors)) <= 0.3


@given(
    st.integers(160, 4096),
    st.integers(64, 2160),
    st.floats(0.3, 8),
    st.lists(st.floats(-500, 5000), min_size=1, max_size=20),
)
def test_both_crops_are_even_and_inside(
    length: int, target: int, scale: float, centres: list[float]
) -> None:
    target -= target % 2
    if target / scale > length:
        scale = target / (length - length % 2)
    axis = moving_axis(length, target, scale)
    assert axis.window % 2 == axis.scaled % 2 == 0
    assert axis.window <= length
    for first, second in offsets(axis, centres):
        assert first % 2 == second % 2 == 0
        assert 0 <= first <= length - axis.window
        assert 0 <= second <= axis.scaled - axis.target


@pytest.mark.parametrize("length", [1920, 1280, 854])
def test_the_picture_can_be_shown_up_to_its_edges(length: int) -> None:
    axis = moving_axis(length, 1080, 1920 / 720)
    assert axis.place(0) == (0, 0)
    first, second = axis.place(length)
    assert (first + axis.window, second + axis.target) == (length, axis.scaled)


def test_a_still_axis_is_one_crop() -> None:
    assert still_axis(1081, 607, 1080) == VernierAxis(1080, 608, 1080, 1080)
    assert still_axis(720, 720, 1920, 2.7).scaled == 1944
    assert still_axis(1920, 608, 1080).place(960.0) == (656, 0)
