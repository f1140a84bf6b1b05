"""Where a clip begins and ends, given the cuts of the picture around it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.detect.edges import NEAR_MS, on_cuts
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
