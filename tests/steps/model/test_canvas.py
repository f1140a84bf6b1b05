"""Shapes, sizes, and where text may be."""

import pytest

from steps.contract.errors import BadInput
from steps.model.canvas import ASPECTS, Canvas, parse_aspects, rendition_id
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


def test_the_param_names_every_aspect() -> None:
    about = str(ReframeParams.model_fields["aspect"].description)
    assert all(aspect in about for aspect in ASPECTS)


def test_several_aspects() -> None:
    assert parse_aspects("4:5") == ("4:5",)
    assert parse_aspects(ReframeParams(aspect="1:1,9:16").aspect) == ("1:1", "9:16")
    assert rendition_id("clip_07", "4:5", "9:16") == "clip_07_4x5"
    assert rendition_id("clip_07", "4:5", "4:5") == "clip_07"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("3:2", "'3:2': '3:2' is not an aspect: choose from 9:16, 4:5, 1:1, 16:9"),
        ("9:16,4x5", "'9:16,4x5': '4x5' is not an aspect: choose from"),
        ("9:16,", "'9:16,' has an empty part: choose from"),
        ("", "'' has an empty part: choose from"),
        ("9:16,4:5,9:16", "'9:16,4:5,9:16' names 9:16 twice: name it once"),
    ],
)
def test_other_aspects_are_refused_before_anything_runs(text: str, what: str) -> None:
    with pytest.raises(BadInput) as caught:
        ReframeParams.parse({"aspect": text})
    assert str(caught.value).startswith(f"--aspect {what}")
