import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from steps.model.geometry import MAX_PX, Box, Size, even

SIDES = st.integers(0, 8192)
BOXES = st.builds(Box, x_px=SIDES, y_px=SIDES, width_px=SIDES, height_px=SIDES)


@given(st.floats(-1e6, 1e6))
def test_even_is_the_nearest_even(value: float) -> None:
    assert even(value) % 2 == 0
    assert abs(even(value) - value) <= 1


@given(BOXES, BOXES)
def test_overlap_is_symmetric_and_bounded(one: Box, other: Box) -> None:
    assert one.iou(other) == other.iou(one)
    assert 0 <= one.iou(other) <= 1
    assert one.iou(one) == (1 if one.area_px else 0)


@given(BOXES)
def test_edges_and_centre(box: Box) -> None:
    assert box.right_px - box.x_px == box.width_px
    assert box.bottom_px - box.y_px == box.height_px
    assert box.x_px <= box.centre_x_px <= box.right_px
    assert box.y_px <= box.centre_y_px <= box.bottom_px


@pytest.mark.parametrize(
    ("one", "other", "iou"),
    [
        ((0, 0, 10, 10), (5, 0, 10, 10), 50 / 150),
        ((0, 0, 10, 10), (10, 0, 10, 10), 0),
        ((0, 0, 10, 10), (2, 2, 5, 5), 25 / 100),
    ],
)
def test_known_overlaps(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int], iou: float
) -> None:
    names = ("x_px", "y_px", "width_px", "height_px")
    boxes = [Box(**dict(zip(names, values, strict=True))) for values in (one, other)]
    assert boxes[0].iou(boxes[1]) == pytest.approx(iou)


def test_sizes_that_cannot_be() -> None:
    with pytest.raises(ValidationError):
        Size(width_px=0, height_px=1)
    with pytest.raises(ValidationError):
        Box(x_px=-1, y_px=0, width_px=1, height_px=1)


def test_sides_are_bounded() -> None:
    Size(width_px=MAX_PX, height_px=1)
    with pytest.raises(ValidationError):
        Size(width_px=MAX_PX + 1, height_px=1)
    with pytest.raises(ValidationError):
        Box(x_px=0, y_px=0, width_px=MAX_PX + 1, height_px=1)
