"""Word times put right."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.model.timing import Span
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.word_times import (
    SHORTEST_MS,
    RawWord,
    interpolate,
    remove_overlaps,
    spread,
    trim_pauses,
)

TEXTS = st.text("abcdefgh", min_size=1, max_size=12)


@st.composite
def heard_words(draw: st.DrawFn) -> RawWord:
    if draw(st.booleans()):
        return RawWord(draw(TEXTS), None, None)
    start = draw(st.integers(0, 20_000))
    return RawWord(draw(TEXTS), start, start + draw(st.integers(0, 3_000)))


@given(st.lists(heard_words(), max_size=30), st.integers(1, 20_000))
def test_any_words_come_out_in_order_apart_and_inside(
    heard: list[RawWord], duration_ms: int
) -> None:
    words = remove_overlaps(interpolate(heard, duration_ms), duration_ms)
    assert [word.text for word in words] == [word.text for word in heard]
    assert all(before.out_ms <= after.in_ms for before, after in pairwise(words))
    assert all(word.in_ms <= word.out_ms <= duration_ms for word in words)
    if duration_ms >= SHORTEST_MS * len(words):
        assert all(word.duration_ms >= SHORTEST_MS for word in words)


@given(st.lists(heard_words(), max_size=30))
def test_words_that_are_right_stay(heard: list[RawWord]) -> None:
    words = remove_overlaps(interpolate(heard, 30_000), 30_000)
    again = [RawWord(w.text, w.in_ms, w.out_ms, w.confidence, w.interpolated) for w in words]
    assert remove_overlaps(again, 30_000) == words


def test_words_without_a_time_share_the_room_between_their_neighbours() -> None:
    heard = [RawWord("cost", 0, 400), RawWord("$43", None, None), RawWord("m", None, None)]
    filled = interpolate([*heard, RawWord("today", 1000, 1300)], 2000)
    assert [(w.in_ms, w.out_ms, w.interpolated) for w in filled] == [
        (0, 400, False), (400, 800, True), (800, 1000, True), (1000, 1300, False),
    ]  # fmt: skip


def test_words_without_room_share_the_time_of_the_word_before() -> None:
    filled = interpolate(
        [RawWord("ab", 100, 400), RawWord("cd", None, None), RawWord("e", 410, 500)], 900
    )
    assert [(w.in_ms, w.out_ms) for w in filled] == [(100, 255), (255, 410), (410, 500)]
    assert [w.interpolated for w in filled] == [True, True, False]


def test_the_first_and_the_last_word_can_lack_a_time() -> None:
    filled = interpolate(
        [RawWord("a", None, None), RawWord("b", 500, 600), RawWord("c", None, None)], 1000
    )
    assert [(w.in_ms, w.out_ms) for w in filled] == [(0, 500), (500, 600), (600, 1000)]


@given(st.lists(TEXTS, min_size=1, max_size=20), st.integers(0, 5000), st.integers(0, 5000))
def test_spread_leaves_no_hole(texts: list[str], start: int, length: int) -> None:
    spans = spread(texts, Span(in_ms=start, out_ms=start + length))
    assert spans[0].in_ms == start
    assert spans[-1].out_ms == start + length
    assert all(before.out_ms == after.in_ms for before, after in pairwise(spans))


VOICED = VoiceActivity((Span(in_ms=200, out_ms=1000), Span(in_ms=2000, out_ms=3000)), 3500)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(300, 900), (900, 2500), (2500, 2900)], [(300, 900), (2000, 2500), (2500, 2900)]),
        ([(300, 700), (700, 1800), (1800, 2500)], [(300, 700), (700, 1000), (2000, 2500)]),
        ([(0, 600), (600, 1100), (2100, 2400)], [(200, 600), (600, 1000), (2100, 2400)]),
        ([(300, 600), (2400, 3300)], [(300, 600), (2400, 3000)]),
    ],
    ids=["start in a pause", "end in a pause", "before the voice", "behind the voice"],
)
def test_pauses_part_words(spans: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    parted = trim_pauses([RawWord("x", start, end) for start, end in spans], VOICED)
    assert [(word.in_ms, word.out_ms) for word in parted] == expected


def test_a_pause_inside_a_long_word_stays_there() -> None:
    words = [RawWord("a", 200, 400), RawWord("loooong", 400, 2600), RawWord("b", 2600, 2900)]
    assert trim_pauses(words, VOICED) == words
