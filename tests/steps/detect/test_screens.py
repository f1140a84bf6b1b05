"""What lies around a speaker: a slide, or the ground that a smaller film was put on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.detect.bars import lit
from steps.detect.engines.protocol import Found
from steps.detect.people import seen_in
from steps.detect.samples import Sample
from steps.detect.screens import screen_of
from steps.detect.sketches import Sketcher
from steps.model.geometry import Size
from steps.model.screens import Screen
from steps.model.timing import Span

SIZE = Size(width_px=640, height_px=360)
COUNT = 30
FACE = np.array([300.0, 137, 40, 54])


def room(at: int) -> NDArray[np.uint8]:
    """Somebody who sways, before a wall, with a camera's grain; 384x216."""
    noise = np.random.default_rng(1)
    wall = cv2.resize(noise.normal(130, 25, (12, 20, 3)), (384, 216)).clip(60, 255)
    wall += np.random.default_rng(at).normal(0, 6, wall.shape)
    aside = 192 + int(4 * np.sin(at))
    cv2.ellipse(wall, (aside, 90), (20, 27), 0, 0, 360, (90, 120, 170), -1)
    wall[120:, aside - 45 : aside + 45] = (60, 40, 40)
    return wall.clip(0, 255).astype(np.uint8)


def screen_around(words: str) -> Screen | None:
    """What is seen in a shot with the room in the middle of a black picture with words."""
    sketcher, shot, lines = Sketcher(), Span(in_ms=0, out_ms=200 * COUNT), []
    for at in range(COUNT):
        picture = np.full((360, 640, 3), 16, np.uint8)
        cv2.putText(picture, words, (130, 40), cv2.FONT_HERSHEY_DUPLEX, 1.4, (240,) * 3, 3)
        picture[72:288, 128:512] = room(at)
        sketcher.add(picture)
        lines.append(lit(picture))
    found = Found("face", FACE, 0.9)
    samples = [
        Sample(200 * at, (found,), (), 0.0, 0.01, lines[at], sketcher.sketch(at), 0.3)
        for at in range(COUNT)
    ]
    return screen_of(shot, samples, seen_in(shot, samples, 0.5, SIZE), SIZE)


def test_a_small_film_on_plain_ground_is_no_inset() -> None:
    """The ground would be shown as a slide, or nothing at all of what is inside the bars."""
    assert screen_around("") is None


def test_a_film_beside_words_is_an_inset() -> None:
    screen = screen_around("Who is it?")
    assert screen is not None
    assert screen.is_slide
    assert len(screen.insets) == 1
