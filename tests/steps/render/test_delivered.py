"""The finished clip of every made film: picture and sound within 40 ms of the film's own truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from steps.media import ffmpeg
from tests.media.clocks import beeps, clock
from tests.media.footage import FOOTAGE, KINDS, Footage
from tests.steps import numbered
from tests.steps.render.jobs import SMALL, fit, make_job, render

CLOSE_MS = 40
START_MS = 260
"""Where the clip begins: on no picture's own time."""
END_MS = 190
"""How much before the end of the film it ends."""
EDGE_MS = 150
"""A tone that begins so close to an end of the clip is cut or faded."""

ONE_OF_EACH_KIND = [next(iter(films)) for films in KINDS.values()]


Delivered = Callable[[str], tuple[Path, tuple[int, int]]]


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    """The finished clip of a film, through the real steps, and its part of what a player shows."""
    whole = clock(tmp_path_factory.mktemp("footage") / "whole.mp4")

    @cache
    def deliver(name: str) -> tuple[Path, tuple[int, int]]:
        film, folder = FOOTAGE[name], tmp_path_factory.mktemp("delivered")
        path = film.make(whole, folder / f"film.{film.suffix}")
        clip = (START_MS, film.shown[-1][1] - END_MS)
        job = make_job(folder / "job", path, clip, lambda size: [fit(size, clip)])
        assert render(job) == 0
        return job / "clips/clip_01.mp4", clip

    return deliver


def faults(film: Footage, path: Path, clip: tuple[int, int]) -> list[str]:
    """What of a finished clip is further than 40 ms from what a player shows of the film."""
    found = []
    for time_ms, seen in pictures(path):
        at = clip[0] + time_ms
        near = {film.picture(at + by) for by in (-CLOSE_MS, 0, CLOSE_MS)}
        if seen not in near:
            found.append(f"picture {seen} at {at:.0f} ms, not {sorted(near)}")
    if "no-sound" in film.codes:
        return found
    last = clip[1] - EDGE_MS
    wanted = [(at, tone) for at, tone in film.beeps() if clip[0] + EDGE_MS < at < last]
    heard = [(clip[0] + at, tone) for at, tone in beeps(sound(path))]
    heard = [(at, tone) for at, tone in heard if clip[0] + EDGE_MS < at < last]
    if [tone for _, tone in heard] != [tone for _, tone in wanted]:
        found.append(f"tones {heard}, not {wanted}")
    else:
        found += [
            f"tone {tone} at {at:.0f} ms, not {right}"
            for (at, tone), (right, _) in zip(heard, wanted, strict=True)
            if abs(at - right) > CLOSE_MS
        ]
    return found


def pictures(path: Path) -> list[tuple[float, int]]:
    """When each picture of a clip is shown, in ms, and its number."""
    height = SMALL.width_px * 64 // 96
    top = (SMALL.height_px - height) // 2
    with av.open(str(path)) as container:
        return [
            (
                1000 * float(frame.time),
                numbered.number(frame.to_ndarray(format="bgr24")[top : top + height]),
            )
            for frame in container.decode(video=0)
        ]


def sound(path: Path) -> np.ndarray:
    """The sound of a clip from 0 ms on, 16 kHz mono."""
    raw = path.with_suffix(".f32")
    mono = ["-af", "aresample=16000:async=1:first_pts=0", "-ac", "1"]
    ffmpeg.run(["-i", str(path), "-map", "0:a", *mono, "-f", "f32le", str(raw)])
    return np.fromfile(raw, "<f4").astype(np.float64)


@pytest.mark.parametrize("name", ONE_OF_EACH_KIND)
def test_one_film_of_each_kind_is_delivered_in_step(name: str, delivered: Delivered) -> None:
    assert faults(FOOTAGE[name], *delivered(name)) == []


@pytest.mark.footage
@pytest.mark.parametrize("name", FOOTAGE)
def test_every_film_is_delivered_in_step(name: str, delivered: Delivered) -> None:
    assert faults(FOOTAGE[name], *delivered(name)) == []


def test_a_clip_that_is_out_of_step_is_found(delivered: Delivered, tmp_path: Path) -> None:
    """The check fails where picture or sound is 100 ms late, and only for that."""
    name = ONE_OF_EACH_KIND[1]  # delivered above
    film, (path, clip) = FOOTAGE[name], delivered(name)
    assert faults(film, path, clip) == []
    for stream, other in (("v", "a"), ("a", "v")):
        late = tmp_path / f"{stream}.mkv"
        inputs = ["-i", str(path), "-itsoffset", "0.1", "-i", str(path)]
        ffmpeg.run([*inputs, "-map", f"0:{other}", "-map", f"1:{stream}", "-c", "copy", str(late)])
        found = faults(film, late, clip)
        assert found
        assert all(one.startswith("picture" if stream == "v" else "tone") for one in found)
