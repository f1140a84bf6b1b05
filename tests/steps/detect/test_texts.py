"""Text of a drawn picture: found by its edges, not confused with borders and what passes."""

from __future__ import annotations

import cv2
import numpy as np

from steps.detect.sketches import Grey
from steps.detect.texts import text_boxes
from steps.model.geometry import Box, Size

SIZE = Size(width_px=1280, height_px=720)
"""Four times the small picture."""


def page(*lines: tuple[str, int, int]) -> Grey:
    """White, with a window's border and some lines of text at (x, y) of the baseline."""
    picture = np.full((180, 320), 245, np.uint8)
    cv2.rectangle(picture, (8, 8), (311, 171), 60, 1)
    for text, x, y in lines:
        cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 90, 1, cv2.LINE_AA)
    return picture


def covered(boxes: tuple[Box, ...], area: Box) -> float:
    """Which share of an area is in the boxes."""
    return sum((box & area).area_px for box in boxes) / area.area_px


LINE = ("what we sell", 40, 60)
PLACE = Box.of_edges(4 * 42, 4 * 52, 4 * 120, 4 * 60)


def test_a_line_of_text_is_found_and_a_border_is_not() -> None:
    boxes = text_boxes([page(LINE)], [], SIZE)
    assert covered(boxes, PLACE) >= 0.9
    assert sum(box.area_px for box in boxes) <= 3.5 * PLACE.area_px
    assert text_boxes([page()], [], SIZE) == ()


def test_what_is_hidden_or_passes_is_left_out() -> None:
    assert text_boxes([page(LINE)], [Box.of_edges(140, 180, 600, 260)], SIZE) == ()
    assert text_boxes([page(LINE)] + [page()] * 9, [], SIZE) == ()
    assert text_boxes([page(LINE)] * 4 + [page()] * 6, [], SIZE)
