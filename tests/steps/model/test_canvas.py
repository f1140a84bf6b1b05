"""Shapes, sizes, and where text may be."""

import pytest

from steps.contract.params import choices
from steps.model.canvas import ASPECTS, Canvas
from steps.model.geometry import Box, Size
from steps.reframe import ReframeParams


@pytest.mark.parametrize(
    ("aspect", "short_px", "size"),
    [
        ("9:16", 1080, (1080, 1920)),
        ("9:16", 720, (720, 1280)),
        ("9:16", 1440, (1440, 2560)),
        ("4:5", 1080, (1080, 1350)),
        ("1:1", 1440, (1440, 1440)),
        ("16:9", 720, (1280, 720)),
    ],
)
def test_sizes(aspect: str, short_px: int, size: tuple[int, int]) -> None:
    canvas = Canvas.of(aspect, short_px)
    assert (canvas.size.width_px, canvas.size.height_px) == size
    assert canvas.units == Canvas.of(aspect, 1080).size


def test_any_is_what_all_platforms_leave_free() -> None:
    assert Canvas.of("9:16", 1080).safe("any") == Box.of_edges(108, 384, 940, 1250)
    assert Canvas.of("9:16", 720).safe("any") == Box.of_edges(108, 384, 940, 1250)


@pytest.mark.parametrize(
    ("aspect", "safe"),
    [
        # On the screen: 285 lines are above it, so 384-1250 are its lines 99-965.
        ("4:5", Box.of_edges(108, 99, 940, 965)),
        # 420 above it: the screen's top is no limit, its end is line 830.
        ("1:1", Box.of_edges(108, 54, 940, 830)),
        # 656 above a picture of 1080x608, here 1920x1080: the screen's 1250 is its line 1056.
        ("16:9", Box.of_edges(192, 54, 1671, 1026)),
    ],
)
def test_other_shapes_are_in_the_middle_of_the_screen(aspect: str, safe: Box) -> None:
    assert Canvas.of(aspect, 1080).safe("any") == safe


def test_an_edited_plan_may_have_any_size() -> None:
    canvas = Canvas(Size(width_px=540, height_px=1000))
    assert canvas.units == Size(width_px=1080, height_px=2000)
    safe = canvas.safe("any")
    safe.check_inside(canvas.units)
    assert safe.area_px > 0


def test_params_name_every_aspect() -> None:
    assert choices(ReframeParams.model_fields["aspect"]) == tuple(ASPECTS)
