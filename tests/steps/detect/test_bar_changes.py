"""Bars that come and go are found to the picture; fades, flashes and the night make none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from steps.detect.bar_changes import BarStretch, BarWatch, inside_changing
from steps.detect.bars import lit
from steps.media import ffmpeg
from steps.media.frames import every
from steps.model import artifacts
from steps.model.geometry import Box, Size
from steps.model.timing import Span
from steps.model.transcript import Transcript
from tests.media.fixtures import Film
from tests.steps.render.jobs import render, step
from tests.steps.scenes import detected, prepare

SIZE = Size(width_px=320, height_px=180)
FRAME_MS = 40
INSIDE = Box(x_px=0, y_px=24, width_px=320, height_px=132)
PILLARS = Box(x_px=42, y_px=0, width_px=236, height_px=180)
Picture = NDArray[np.uint8]
_NOISE = np.random.default_rng(1).normal(120, 30, (180, 320, 3)).clip(0, 255).astype(np.uint8)


def bare(_: int = 0) -> Picture:
    return _NOISE


def barred(_: int = 0, lines: int = 22) -> Picture:
    picture = np.full_like(_NOISE, 6)
    picture[lines : 180 - lines] = _NOISE[lines : 180 - lines]
    return picture


def pillared(_: int = 0) -> Picture:
    picture = np.full_like(_NOISE, 6)
    picture[:, 40:280] = _NOISE[:, 40:280]
    return picture


def black(_: int = 0) -> Picture:
    return np.zeros_like(_NOISE)


def sliding(at: int) -> Picture:
    return barred(0, min(22, 2 * at))


def fading(at: int) -> Picture:
    """A picture whose edges are darker, as through a lens, on its way to black."""
    down, across = np.mgrid[-1:1:180j, -1:1:320j]
    lens = 1 - 0.5 * np.maximum(down**2, across**2)
    return (_NOISE * lens[..., None] * max(0.0, 1 - at / 12)).astype(np.uint8)


def night(_: int = 0) -> Picture:
    """Someone lit in the middle of a black stage: a head and shoulders."""
    picture = np.zeros_like(_NOISE)
    for y in range(40, 150):
        half = 20 if y < 90 else 20 + (y - 90)
        picture[y, 160 - half : 160 + half] = _NOISE[y, 160 - half : 160 + half]
    return picture


def called(_: int = 0, lines: int = 5) -> Picture:
    """Two of a call on black ground, which shows above and below them."""
    picture = np.full_like(_NOISE, 6)
    for column in (4, 164):
        tile = (slice(lines, 180 - lines), slice(column, column + 152))
        picture[tile] = _NOISE[tile]
    return picture


def marked(_: int = 0, lines: int = 5) -> Picture:
    """The same, the first marked as the speaker."""
    picture = called(lines=lines)
    tile = (slice(lines, 180 - lines), slice(4, 156))
    picture[lines - 3 : 183 - lines, 1:159] = 120
    picture[tile] = _NOISE[tile]
    return picture


def watched(*parts: tuple[Callable[[int], Picture], int]) -> tuple[BarStretch, ...]:
    watch, now = BarWatch(), 0
    for draw, count in parts:
        for at in range(count):
            watch.add(now, draw(at))
            now += FRAME_MS
    return watch.stretches(now, SIZE)


def frames(stretches: Sequence[BarStretch]) -> list[tuple[int, Box | None]]:
    return [(one.in_ms // FRAME_MS, one.inside) for one in stretches]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([(bare, 30), (barred, 30)], [(0, None), (30, INSIDE)]),
        ([(barred, 30), (bare, 30)], [(0, INSIDE), (30, None)]),
        ([(bare, 20), (barred, 20), (bare, 20)], [(0, None), (20, INSIDE), (40, None)]),
        ([(barred, 20), (pillared, 20)], [(0, INSIDE), (20, PILLARS)]),
        ([(bare, 20), (sliding, 40)], [(0, None), (22, INSIDE)]),  # four lines are the least
        ([(barred, 20), (black, 5), (bare, 20)], [(0, INSIDE), (25, None)]),
        ([(barred, 20), (black, 5), (barred, 20)], [(0, INSIDE)]),
        ([(barred, 20), (bare, 3), (barred, 20)], [(0, INSIDE)]),  # too short for a shot
        ([(bare, 20), (barred, 8), (bare, 40)], [(0, None), (20, INSIDE), (32, None)]),
        ([(barred, 20), (night, 60)], [(0, INSIDE)]),  # black where the bars were
        ([(partial(called, lines=22), 20), (partial(marked, lines=22), 20)], [(0, INSIDE)]),
        ([(partial(marked, lines=22), 20), (partial(called, lines=22), 20)], [(0, INSIDE)]),
    ],
)
def test_changes(
    parts: list[tuple[Callable[[int], Picture], int]], found: list[tuple[int, Box | None]]
) -> None:
    assert frames(watched(*parts)) == found


@pytest.mark.parametrize(
    "parts",
    [
        [(bare, 40)],
        [(bare, 20), (fading, 13), (black, 20), (bare, 20)],
        [(bare, 20), (black, 1), (bare, 20)],
        [(bare, 20), (night, 40), (bare, 20)],
        [(bare, 20), (barred, 2), (bare, 20)],  # a fault of two pictures
        [(black, 40)],
        [(called, 20), (marked, 20), (called, 20)],  # ground that is drawn on
    ],
)
def test_what_has_no_bars(parts: list[tuple[Callable[[int], Picture], int]]) -> None:
    (one,) = watched(*parts)
    assert one.inside is None


def test_a_shot_over_a_change_has_the_larger_bars() -> None:
    stretches = watched((bare, 30), (barred, 30))
    assert inside_changing(stretches, Span(in_ms=0, out_ms=1200)) is None
    assert inside_changing(stretches, Span(in_ms=0, out_ms=1240)) == stretches[1].inside
    throughout = watched((barred, 30))
    assert inside_changing(throughout, Span(in_ms=0, out_ms=1200)) is None


def test_nothing_was_watched() -> None:
    assert BarWatch().stretches(1000, SIZE) == ()


INK, WHILE = "black@1:fill", "enable='between(t,1.46,2.9)'"
FILTERS = {
    "letterbox": f"drawbox=0:0:iw:44:{INK}:{WHILE},drawbox=0:316:iw:44:{INK}:{WHILE}",
    "pillars": f"drawbox=0:0:70:ih:{INK}:{WHILE},drawbox=570:0:70:ih:{INK}:{WHILE}",
    "fade": "fade=out:st=1:d=0.6:color=black,fade=in:st=1.8:d=0.6:enable='gte(t,1.7)'",
    "black": "drawbox=0:0:iw:ih:black@1:fill:enable='between(t,1.5,1.53)'",
    "night": "eq=brightness=-0.35",
}
"""What is done to a film of 4 s: bars come and go; three harmless twins."""


@pytest.mark.slow
@pytest.mark.parametrize("name", FILTERS)
def test_no_window_shows_a_bar(name: str, media: Callable[[str], Film], tmp_path: Path) -> None:
    whole = Span(in_ms=0, out_ms=4_000)
    film = tmp_path / "film.mp4"
    coding = ["-an", "-c:v", "libx264", "-preset", "ultrafast"]
    ffmpeg.run(
        ["-i", str(media("quick_turns")[0]), "-t", "4", "-vf", FILTERS[name], *coding, str(film)]
    )
    prepare(film, tmp_path, whole, sound=False)
    tracks, _ = detected(tmp_path, detector="off", pose="off")
    shots = tracks.clips[0].shots
    if name not in ("letterbox", "pillars"):
        assert {one.inside for one in shots} == {None}
        return
    assert [one.in_ms for one in shots] == [0, 1_480, 2_920]
    assert [one.inside is None for one in shots] == [True, False, True]
    if name == "pillars":  # an upright window shows none of them
        return
    silent = Transcript(engine="captions", language="en", duration_ms=4_000, words=())
    (tmp_path / artifacts.TRANSCRIPT.path).write_bytes(silent.canonical_bytes())
    assert step("reframe", tmp_path, "--size=720", "--layout=centre") == 0
    assert step("caption", tmp_path, "--captions=sidecar") == 0
    assert render(tmp_path) == 0
    made = [lit(one.pixels) for one in every(tmp_path / "clips" / "clip_01.mp4")]
    assert len(made) == 100
    for one in made:
        assert min(one.rows[0], one.rows[-1], one.columns[0], one.columns[-1]) > 0.5
