"""Who is on camera in scenes that a camera person has to think about, judged by their truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from steps.model.crop import ShotCrop
from steps.model.timing import Span
from steps.model.transcript import Word
from tests.media.fixtures import Film
from tests.media.truth import Box, Truth
from tests.steps.scenes import framed

pytestmark = pytest.mark.slow

STEP_MS = 20
PAUSE_MS = 200


@dataclass(frozen=True)
class Wanted:
    """What is right for a scene.

    Attributes:
        layouts: of its shots and their parts.
        changes: how often the speaker changes.
        pictures: how many faces are only pictures of faces.
        is_seen: the speaker is in the picture.
        is_diarized: the transcript says who speaks.
        overlap: people talk at the same time, so that nobody's turn ends before the next one's.
    """

    layouts: tuple[str, ...]
    changes: int = 0
    pictures: int = 0
    is_seen: bool = True
    is_diarized: bool = False
    overlap: bool = False


WANTED = {
    "quick_turns": Wanted(("split",), changes=3),
    "quick_near": Wanted(("focus",), changes=3),
    "three_people": Wanted(("focus",) * 3, changes=2, is_diarized=True),
    "four_people": Wanted(("grid",), changes=3, is_diarized=True),
    "crosstalk": Wanted(("split",), overlap=True),
    "interruption": Wanted(("split",), overlap=True),
    "close_up_aside": Wanted(("focus",)),
    "hidden_face": Wanted(("focus",)),
    "walker": Wanted(("focus",)),
    "wall_portrait": Wanted(("focus",), pictures=1),
    "poster": Wanted(("fit",), pictures=1, is_seen=False),
}


@pytest.mark.parametrize("name", WANTED)
def test_the_speaker_is_on_camera(name: str, media: Callable[[str], Film], tmp_path: Path) -> None:
    (film, truth), wanted = media(name), WANTED[name]
    words = words_of(truth) if wanted.is_diarized else ()
    seen, crops = framed(film, tmp_path, Span(in_ms=0, out_ms=truth.duration_ms), words=words)
    assert tuple(crop.layout for crop in crops) == wanted.layouts
    assert [len(shot.tracks) for shot in seen] == [len(truth.faces)]
    assert sum(not one.lives for shot in seen for one in shot.tracks) == wanted.pictures
    switches = [turn.in_ms for shot in seen for turn in shot.turns[1:]]
    turned = [] if wanted.overlap else changes(truth)
    assert len(turned) == wanted.changes
    for switch_ms, (end_ms, onset_ms) in zip(
        [] if wanted.overlap else switches, turned, strict=True
    ):
        assert end_ms <= switch_ms <= onset_ms
        assert onset_ms - switch_ms <= PAUSE_MS
    if wanted.is_seen:
        assert on_camera(crops, truth) >= 0.99
    assert reversals(crops) <= (name == "walker")


def words_of(truth: Truth) -> tuple[Word, ...]:
    """The words as a transcript has them after diarization."""
    return tuple(
        Word(in_ms=word.in_ms, out_ms=word.out_ms, text=word.text, speaker=f"of_{word.person}")
        for word in truth.words
    )


def changes(truth: Truth) -> list[tuple[int, int]]:
    """When each speaker has ended and the next one begins."""
    return [
        (before.out_ms, after.in_ms)
        for before, after in pairwise(truth.words)
        if before.person != after.person
    ]


def on_camera(crops: tuple[ShotCrop, ...], truth: Truth) -> float:
    """The share of speaking time in which the speaker's whole face is in a window."""
    shown = [
        any(inside(face, crop, now) for crop in crops if crop.contains(now))
        for now, face in speaking(truth)
        if crops[0].in_ms <= now < crops[-1].out_ms
    ]
    assert len(shown) > 100
    return sum(shown) / len(shown)


def speaking(truth: Truth) -> Iterator[tuple[int, Box]]:
    """Moments at which somebody speaks who can be seen, and their face."""
    for word in truth.words:
        for now in range(word.in_ms, word.out_ms, STEP_MS):
            face = truth.faces[word.person][int(now * truth.fps / 1000)]
            if face is not None:
                yield now, face


def inside(face: Box, crop: ShotCrop, now: int) -> bool:
    for region in crop.regions:
        times = [key.time_ms for key in region.keyframes]
        left, top = (
            float(np.interp(now, times, [getattr(key, name) / 1000 for key in region.keyframes]))
            for name in ("x_mpx", "y_mpx")
        )
        right, bottom = left + region.window.width_px, top + region.window.height_px
        across = left <= face[0] and face[0] + face[2] <= right
        if across and top <= face[1] and face[1] + face[3] <= bottom:
            return True
    return False


def reversals(crops: tuple[ShotCrop, ...]) -> int:
    """How often a window turns back."""
    count = 0
    for crop in crops:
        for region in crop.regions:
            moves = np.diff([key.x_mpx for key in region.keyframes])
            signs = np.sign(moves[np.abs(moves) > 1000])
            count += int((signs[1:] != signs[:-1]).sum())
    return count
