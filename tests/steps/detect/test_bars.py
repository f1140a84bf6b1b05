"""Black bars are found to the line; black walls, slides and night are none."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from steps.detect.bars import inside_bars, inside_bars_of_shots, lit
from steps.model.geometry import Box, Size

SIZE = Size(width_px=1280, height_px=720)


def picture(seed: int = 1, level: int = 120) -> NDArray[np.uint8]:
    """Noise of some brightness, 640x360."""
    noise = np.random.default_rng(seed).normal(level, 40, (360, 640, 3))
    return np.clip(noise, 0, 255).astype(np.uint8)


def barred(top: int = 0, bottom: int = 0, left: int = 0, right: int = 0) -> NDArray[np.uint8]:
    """Bars, in lines of the small picture, with a codec's noise in them."""
    whole = picture()
    dark = np.random.default_rng(2).integers(0, 20, whole.shape, dtype=np.uint8)
    dark[top : 360 - bottom, left : 640 - right] = whole[top : 360 - bottom, left : 640 - right]
    return dark


@pytest.mark.parametrize(
    ("bars", "inside"),
    [
        ((44, 44, 0, 0), (0, 90, 1280, 540)),  # 1280x544 in 1280x720
        ((0, 0, 80, 80), (162, 0, 956, 720)),  # 4:3 in 16:9
        ((20, 20, 35, 35), (72, 42, 1136, 636)),  # both
        ((44, 45, 0, 0), (0, 90, 1280, 538)),
        ((0, 0, 0, 0), None),
        ((44, 0, 0, 0), (0, 90, 1280, 630)),  # above only
        ((44, 100, 0, 0), None),  # night below
        ((0, 0, 0, 80), (0, 0, 1118, 720)),
        ((3, 3, 0, 0), None),  # the edge of the picture
        ((0, 0, 219, 219), (440, 0, 400, 720)),  # an upright film in a wide one
    ],
)
def test_bars(bars: tuple[int, int, int, int], inside: tuple[int, int, int, int] | None) -> None:
    found = inside_bars([lit(barred(*bars))], SIZE)
    wanted = None
    if inside:
        x, y, width, height = inside
        wanted = Box(x_px=x, y_px=y, width_px=width, height_px=height)
    assert found == wanted


def test_a_dark_moment_hides_no_bar_and_makes_none() -> None:
    night = picture(level=0) // 8
    assert inside_bars([lit(night)], SIZE) is None
    with_bars = [lit(barred(44, 44)), lit(night)]
    assert inside_bars(with_bars, SIZE) == inside_bars(with_bars[:1], SIZE)


def test_a_speaker_before_black_is_not_cropped() -> None:
    stage = np.zeros((360, 640, 3), np.uint8)
    for y in range(120, 360):  # a head and shoulders
        half = 40 if y < 220 else 40 + (y - 220)
        stage[y, 320 - half : 320 + half] = 150
    assert inside_bars([lit(stage)], SIZE) is None


def test_a_black_wall_above_a_picture_is_not_cropped() -> None:
    """People stand before it, so that its lower edge is not lit throughout."""
    wall = barred(44)
    wall[:, 150:260] = 0
    assert inside_bars([lit(wall)], SIZE) is None


@pytest.mark.parametrize("lines", [(179, 180), (179, 181), (170, 190), (359, 360)])
def test_a_line_on_black_is_no_picture_between_bars(lines: tuple[int, int]) -> None:
    """As under a title, or of a sound that is silent: nothing would be left inside."""
    title = np.zeros((360, 640, 3), np.uint8)
    title[lines[0] : lines[1]] = 200
    assert inside_bars([lit(title)], SIZE) is None
    sides = np.ascontiguousarray(np.rot90(title)[:360])
    assert inside_bars([lit(sides)], SIZE) is None


def test_bars_leave_something_of_a_tiny_picture() -> None:
    """Of two lines, what codecs smear is given up on both sides."""
    tiny = np.zeros((16, 16, 3), np.uint8)
    tiny[7:9] = 200
    assert inside_bars([lit(tiny)], Size(width_px=16, height_px=16)) is None


def test_text_on_black_is_not_cropped() -> None:
    slide = np.zeros((360, 640, 3), np.uint8)
    for x in range(100, 540, 9):
        slide[170:190, x : x + 4] = 255
    assert inside_bars([lit(slide)], SIZE) is None


def test_bars_that_come_and_go_within_a_shot_stay() -> None:
    assert inside_bars([lit(barred(44, 44)), lit(picture())], SIZE) is None


def test_a_dark_shot_has_the_bars_of_the_others_where_it_is_black() -> None:
    """An audience in the dark at the bottom of a film with bars: the film's edge is not seen."""
    dark = barred(44, 44)
    dark[200:] = 0
    assert inside_bars([lit(dark)], SIZE) is None
    film, wide = [lit(barred(44, 44))], [lit(picture())]
    box = inside_bars(film, SIZE)
    assert inside_bars_of_shots([[lit(dark)], film, wide], SIZE) == [box, box, None]
