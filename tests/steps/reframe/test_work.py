"""From the film to the crop windows, judged by the film's truth."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from steps.model.crop import ShotCrop
from steps.model.timing import Span
from tests.media.fixtures import Film
from tests.media.truth import Truth
from tests.steps.scenes import framed

pytestmark = pytest.mark.slow


def share_inside(shots: tuple[ShotCrop, ...], truth: Truth, person: str) -> float:
    """In how many frames of the shots the person's whole face is in the window."""
    inside = seen = 0
    for shot in shots:
        (region,) = shot.regions
        times = [frame.time_ms for frame in region.keyframes]
        lefts = [frame.x_mpx / 1000 for frame in region.keyframes]
        for index, face in enumerate(truth.faces[person]):
            now = round(index * 1000 / truth.fps)
            if face is None or not shot.contains(now):
                continue
            left = float(np.interp(now, times, lefts))
            seen += 1
            inside += left <= face[0] and face[0] + face[2] <= left + region.window.width_px
    assert seen > 100
    return inside / seen


def test_a_walking_face_stays_inside(media: Callable[[str], Film], tmp_path: Path) -> None:
    film, truth = media("moving_face")
    shots = framed(film, tmp_path, Span(in_ms=0, out_ms=12_000))[1]
    assert [shot.layout for shot in shots] == ["focus"]
    assert share_inside(shots, truth, "woman") >= 0.99


def test_a_talk_with_slides(sample: tuple[Path, Truth], tmp_path: Path) -> None:
    film, truth = sample
    shots = framed(film, tmp_path, Span(in_ms=16_000, out_ms=31_500))[1]
    assert [shot.layout for shot in shots] == ["focus", "focus", "fit", "focus"]
    focused = tuple(shot for shot in shots if shot.layout == "focus")
    assert share_inside(focused, truth, "woman") >= 0.99
    assert all(len(shot.regions[0].keyframes) == 1 for shot in shots)


def test_a_screencast_is_stacked(media: Callable[[str], Film], tmp_path: Path) -> None:
    shots = framed(media("screencast")[0], tmp_path, Span(in_ms=0, out_ms=4_000), sound=False)[1]
    assert [shot.layout for shot in shots] == ["stack"]
