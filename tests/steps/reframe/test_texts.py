"""Where the text of the picture is in the output."""

from __future__ import annotations

from steps.model.crop import Keyframe, Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.screens import Screen
from steps.reframe.texts import with_texts
from tests.steps.reframe.shots import shot

OUTPUT = Size(width_px=1080, height_px=1080)
TEXT = Box(x_px=100, y_px=50, width_px=200, height_px=20)
BELOW = Box(x_px=100, y_px=600, width_px=200, height_px=20)


def texts(*keys: tuple[int, int]) -> tuple[Box, ...]:
    """The texts of a panel of twice the size, whose window has these (ms, x) keyframes."""
    region = Region(
        window=Size(width_px=540, height_px=300),
        target=Box(x_px=0, y_px=0, width_px=1080, height_px=600),
        keyframes=tuple(Keyframe(time_ms=now, x_mpx=1000 * x, y_mpx=0) for now, x in keys),
    )
    crop = ShotCrop(in_ms=0, out_ms=4_000, layout="fit", regions=(region,))
    size = Size(width_px=1280, height_px=720)
    screen = Screen(content=Box.whole(size), colour="#FFFFFF", texts=(TEXT, BELOW))
    seen = shot([], [], 0, 4_000).model_copy(update={"screen": screen})
    return with_texts(crop, seen).texts


def test_text_is_placed_by_the_window_and_kept_inside_its_panel() -> None:
    assert texts((0, 0)) == (Box(x_px=200, y_px=100, width_px=400, height_px=40),)
    assert texts((0, 150)) == (Box(x_px=0, y_px=100, width_px=300, height_px=40),)
    assert texts((0, 280)) == ()


def test_text_that_moves_a_little_has_all_its_places() -> None:
    assert texts((0, 0), (4_000, 20)) == (Box(x_px=160, y_px=100, width_px=440, height_px=40),)
    assert texts((0, 0), (4_000, 300)) == ()


def test_text_far_outside_a_small_window_is_not_shown() -> None:
    """The picture would be wider than any document's at the scale of a small camera's window."""
    size = Size(width_px=3840, height_px=2160)
    region = Region(
        window=Size(width_px=200, height_px=160),
        target=Box(x_px=0, y_px=0, width_px=1080, height_px=864),
        keyframes=(Keyframe(time_ms=0, x_mpx=0, y_mpx=0),),
    )
    crop = ShotCrop(in_ms=0, out_ms=4_000, layout="fit", regions=(region,))
    far = Box(x_px=3600, y_px=2100, width_px=200, height_px=20)
    screen = Screen(content=Box.whole(size), colour="#FFFFFF", texts=(far,))
    seen = shot([], [], 0, 4_000).model_copy(update={"screen": screen})
    assert with_texts(crop, seen).texts == ()
