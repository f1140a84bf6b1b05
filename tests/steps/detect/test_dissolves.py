"""A dissolve ends a shot halfway; nothing else that changes slowly does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from steps.detect.dissolves import dissolves_ms
from steps.detect.sketches import CELLS, Glimpse, glimpse_of
from steps.media import ffmpeg
from steps.media.frames import every
from steps.model.timing import Span
from tests.media.fixtures import Film
from tests.steps.scenes import detected, prepare

FRAME_MS = 40
RNG = np.random.default_rng(5)
ONE, OTHER = (RNG.integers(20, 235, CELLS).astype(float) for _ in range(2))
WIDE = np.kron(RNG.integers(20, 235, (9, 60)).astype(float), np.ones((2, 4)))


def seen(picture: Callable[[float], np.ndarray], seconds: float = 5.0) -> tuple[Glimpse, ...]:
    """What is kept of a film with a codec's noise; `picture(s)` is at a time."""
    noise = np.random.default_rng(9)
    return tuple(
        Glimpse(ms, np.clip(picture(ms / 1000) + noise.normal(0, 1.5, CELLS), 0, 255).astype("u1"))
        for ms in range(0, round(1000 * seconds), FRAME_MS)
    )


def mixed(share: float, one: np.ndarray = ONE, other: np.ndarray = OTHER) -> np.ndarray:
    share = min(1.0, max(0.0, share))
    return one * (1 - share) + other * share


@pytest.mark.parametrize("length_s", [0.5, 0.8, 1.0, 1.5, 2.0])
def test_a_dissolve_ends_a_shot_halfway(length_s: float) -> None:
    (found,) = dissolves_ms(seen(lambda s: mixed((s - 1.5) / length_s)))
    assert found == pytest.approx(1500 + 500 * length_s, abs=200)


def panned(s: float) -> np.ndarray:
    """A camera that goes over a wide picture, a cell in 0.1 s."""
    at = 30 * s
    left = int(at)
    return WIDE[:, left : left + 32] * (1 - at + left) + WIDE[:, left + 1 : left + 33] * (at - left)


@pytest.mark.parametrize(
    "picture",
    [
        lambda s: ONE if s < 2 else OTHER,
        lambda s: ONE * (1 - 0.12 * s),
        lambda s: ONE + 20 * np.sin(3 * s),
        panned,
        lambda s: np.where(np.arange(32) < 16 * s, OTHER, ONE),
    ],
    ids=["a cut", "a light that goes down", "a light that goes to and fro", "a pan", "a wipe"],
)
def test_nothing_else_is_a_dissolve(picture: Callable[[float], np.ndarray]) -> None:
    assert dissolves_ms(seen(picture)) == ()


def test_one_and_then_the_other() -> None:
    found = dissolves_ms(seen(lambda s: mixed(s - 1) if s < 3 else mixed(4 - s), 6.0))
    assert found == pytest.approx((1500, 3500), abs=200)


def test_a_cut_nearby_is_exact() -> None:
    film = seen(lambda s: mixed(s - 1.5))
    assert dissolves_ms(film, (2_300,)) == ()
    assert len(dissolves_ms(film, (500, 4_000))) == 1


@pytest.mark.slow
def test_two_films_dissolve_and_neither_does_by_itself(
    media: Callable[[str], Film], tmp_path: Path
) -> None:
    """Someone who walks, and then two who talk."""
    films = [media(name)[0] for name in ("walker", "quick_turns")]
    both = tmp_path / "both.mp4"
    ffmpeg.run(
        [
            "-i", str(films[0]), "-i", str(films[1]), "-filter_complex",
            "[0:v]trim=end=4,settb=1/25[a];[1:v]trim=end=4,settb=1/25[b];"
            "[a][b]xfade=duration=1:offset=2.5", "-an", "-preset", "ultrafast", str(both),
        ]
    )  # fmt: skip
    for film in films:
        assert dissolves_ms([glimpse_of(one.time_ms, one.pixels) for one in every(film)]) == ()
    prepare(both, tmp_path / "job", Span(in_ms=0, out_ms=6_000), sound=False)
    tracks, _ = detected(tmp_path / "job")
    first, second = tracks.clips[0].shots
    assert first.out_ms == second.in_ms == pytest.approx(3000, abs=200)
    assert [len(shot.tracks) for shot in (first, second)] == [1, 2]


def test_a_plain_picture_that_brightens_a_little_is_no_dissolve() -> None:
    """No point of it changes enough to tell a mixture by; nothing is divided by nothing."""
    plain = [np.full(CELLS, 100 + min(14, at), np.uint8) for at in range(60)]
    assert dissolves_ms([Glimpse(FRAME_MS * at, one) for at, one in enumerate(plain)]) == ()
