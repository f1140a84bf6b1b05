"""Where a clip begins and ends, given the cuts of the picture around it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.detect.edges import NEAR_MS, SEEN_MS, gradual_ms, on_cuts
from steps.detect.sketches import CELLS, Glimpse
from steps.media import ffmpeg
from steps.model import artifacts
from steps.model.clips import Clips
from steps.model.timing import Span
from steps.model.transcript import Transcript, Word
from tests.media.fixtures import Film
from tests.steps.scenes import detected, prepare

CLIP = Span(in_ms=1000, out_ms=9000)


def word(in_ms: int, out_ms: int) -> Word:
    return Word(in_ms=in_ms, out_ms=out_ms, text="so")


@pytest.mark.parametrize(
    ("cuts", "words", "edges"),
    [
        ((), [(1150, 8700)], (1000, 9000)),
        ((1100,), [(1150, 8700)], (1100, 9000)),
        ((1150,), [(1150, 8700)], (1150, 9000)),  # where the first word begins
        ((1200,), [(1150, 8700)], (1000, 9000)),  # inside a word: the edge stays
        ((1040, 1120, 1290), [(1300, 8700)], (1290, 9000)),  # the last of them
        ((1301,), [(2000, 8700)], (1000, 9000)),  # too far
        ((900,), [(1150, 8700)], (1000, 9000)),  # before the clip: nothing to take off
        ((8800,), [(1150, 8700)], (1000, 8800)),
        ((8700,), [(1150, 8700)], (1000, 8700)),  # where the last word ends
        ((8650,), [(1150, 8700)], (1000, 9000)),
        ((8750, 8900), [(1150, 8700)], (1000, 8750)),  # the first of them
        ((9000,), [(1150, 8700)], (1000, 9000)),
        ((1100, 8900), [], (1100, 8900)),
        ((8900,), [(8950, 9400)], (1000, 9000)),  # the next word begins in the clip
    ],
)
def test_edges(cuts: tuple[int, ...], words: list[tuple[int, int]], edges: tuple[int, int]) -> None:
    moved = on_cuts(CLIP, cuts, [word(*times) for times in words])
    assert (moved.in_ms, moved.out_ms) == edges


@given(
    st.integers(1, 2000),
    st.lists(st.integers(0, 4000), max_size=6),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 400)), max_size=6),
)
def test_no_word_is_lost_and_no_clip_grows_or_vanishes(
    length_ms: int, cuts: list[int], words: list[tuple[int, int]]
) -> None:
    clip = Span(in_ms=1000, out_ms=1000 + length_ms)
    said = [word(start, start + length) for start, length in words]
    moved = on_cuts(clip, cuts, said)
    assert clip.in_ms <= moved.in_ms < moved.out_ms <= clip.out_ms
    assert moved.in_ms - clip.in_ms <= NEAR_MS
    assert clip.out_ms - moved.out_ms <= NEAR_MS
    for one in said:
        assert one.overlap_ms(moved) == one.overlap_ms(clip)


@pytest.mark.slow
@pytest.mark.parametrize("exact", [False, True])
def test_a_clip_begins_with_its_own_shot(
    exact: bool, media: Callable[[str], Film], tmp_path: Path
) -> None:
    film, truth = media("rate_50")
    cut_ms = round(truth.cuts[0] * 1000 / truth.fps)
    clip = Span(in_ms=cut_ms - 120, out_ms=cut_ms + 600)
    prepare(film, tmp_path, clip, sound=False)
    plan = Clips.from_file(tmp_path / artifacts.PLAN.path).model_copy(update={"exact": exact})
    (tmp_path / artifacts.PLAN.path).write_bytes(plan.canonical_bytes())
    said = Transcript(
        engine="captions",
        language="en",
        duration_ms=cut_ms + 9000,
        words=(word(cut_ms - 900, cut_ms - 200), word(cut_ms + 20, cut_ms + 500)),
    )
    (tmp_path / artifacts.TRANSCRIPT.path).write_bytes(said.canonical_bytes())
    tracks, _ = detected(tmp_path, detector="off", pose="off")
    (final,) = Clips.from_file(tmp_path / artifacts.CLIPS.path).clips
    assert (final.in_ms, final.out_ms) == (clip.in_ms if exact else cut_ms, clip.out_ms)
    assert len(tracks.clips[0].shots) == (2 if exact else 1)
    assert tracks.clips[0].shots[0].in_ms == final.in_ms


ROOMS = [np.random.default_rng(seed).integers(20, 230, CELLS).astype(float) for seed in range(3)]


def glimpsed(picture: Callable[[int], np.ndarray]) -> list[Glimpse]:
    """The pictures near both edges of a clip, 25 a second, with a codec's noise."""
    dice = np.random.default_rng(9)
    times = [
        at
        for at in range(0, 10_000, 40)
        if min(abs(at - CLIP.in_ms), abs(at - CLIP.out_ms)) <= SEEN_MS
    ]
    noise = (dice.normal(0, 1, CELLS) for _ in times)
    return [
        Glimpse(at, np.clip(picture(at) + wobble, 0, 255).astype(np.uint8))
        for at, wobble in zip(times, noise, strict=True)
    ]


def mixed(start_ms: int, length_ms: int, before: int = 0, after: int = 1) -> Callable[[int], Any]:
    def picture(at: int) -> np.ndarray:
        share = min(1.0, max(0.0, (at - start_ms) / length_ms))
        return (1 - share) * ROOMS[before] + share * ROOMS[after]

    return picture


@pytest.mark.parametrize(
    ("picture", "moved"),
    [
        (mixed(900, 300), (1200,)),  # a dissolve over the in point
        (mixed(1000, 200), (1200,)),
        (mixed(8_840, 400), (8_880,)),  # and one over the out point
        (lambda at: ROOMS[0] * min(1.0, at / 1160), (1160,)),  # a fade from black
        (lambda at: ROOMS[0] * min(1.0, max(0.0, (9_000 - at) / 200)), (8_840,)),
        (lambda at: ROOMS[0], ()),
        (mixed(1200, 400), ()),  # a dissolve that goes on too far inside
        (lambda at: np.roll(ROOMS[0], at // 40, axis=1), ()),  # a camera that moves
        (mixed(500, 400), ()),  # over before the clip
    ],
)
def test_fades_and_dissolves_at_an_edge(
    picture: Callable[[int], np.ndarray], moved: tuple[int, ...]
) -> None:
    assert gradual_ms(CLIP, glimpsed(picture)) == moved


def test_too_few_pictures_show_no_fade() -> None:
    assert gradual_ms(CLIP, glimpsed(mixed(900, 300))[:2]) == ()


@pytest.mark.slow
def test_a_dissolve_leaves_no_other_picture_at_the_edges(tmp_path: Path) -> None:
    """From bars to a picture in which a little moves by 1.2 s, to blue from 2.88 s; 1 to 3 s."""
    film = tmp_path / "film.mp4"
    sources = ("smptebars=", "testsrc=", "color=c=0x102030:")
    inputs = [
        part
        for source in sources
        for part in ("-f", "lavfi", "-t", "3", "-i", f"{source}s=320x180:r=25")
    ]
    mix = "[0][1]xfade=duration=0.3:offset=0.9[a];[a][2]xfade=duration=0.4:offset=2.88"
    ffmpeg.run([*inputs, "-filter_complex", mix, "-pix_fmt", "yuv420p", str(film)])
    clip = Span(in_ms=1_000, out_ms=3_000)
    prepare(film, tmp_path, clip, sound=False)
    detected(tmp_path, detector="off", pose="off")
    (final,) = Clips.from_file(tmp_path / artifacts.CLIPS.path).clips
    assert final.in_ms == pytest.approx(1_200, abs=40)
    assert final.out_ms == pytest.approx(2_880, abs=40)
