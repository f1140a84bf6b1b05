"""Speech as a model sees it: marked, in bounded windows with absolute ids."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.highlight.engines import material
from steps.highlight.engines.material import LINE_BYTES, WINDOW_BYTES
from steps.highlight.engines.protocol import Speech
from steps.model.timing import Span
from tests.steps.highlight.scripted import SENTENCE_MS, passage, speech

TEXTS = st.lists(
    st.one_of(st.text(min_size=1, max_size=40), st.sampled_from(["你" * 900, "a" * 2000])),
    min_size=1,
    max_size=30,
)


def told(texts: list[str]) -> Speech:
    return speech(*(text if text.split() else "x" for text in texts))


@given(st.text(max_size=3000))
def test_a_sentence_is_one_printable_line_of_bounded_length(text: str) -> None:
    line = material.bounded(text, LINE_BYTES)
    assert len(line.encode()) <= LINE_BYTES + len(" … ".encode())
    assert len(line.splitlines()) <= 1
    assert not set("<>[]{}|`\x1b") & set(line)


def test_the_opening_and_the_end_of_a_long_sentence_are_kept() -> None:
    line = material.bounded("opening " + "middle " * 500 + "the end", LINE_BYTES)
    assert line.startswith("opening middle")
    assert line.endswith("the end")
    assert " … " in line


@settings(max_examples=40)
@given(TEXTS, st.data())
def test_every_passage_is_in_a_bounded_window_under_its_absolute_ids(
    texts: list[str], data: st.DataObject
) -> None:
    source = told(texts)
    ends = st.integers(0, len(texts) - 1)
    spans = sorted(
        (
            passage(*sorted((data.draw(ends), data.draw(ends)))).span
            for _ in range(data.draw(st.integers(1, 8)))
        ),
        key=lambda span: (span.in_ms, span.out_ms),
    )
    windows = material.windows(source, spans)
    assert [member for window in windows for member in window.members] == list(range(len(spans)))
    for window in windows:
        assert list(window.lines) == sorted(set(window.lines))
        shown = material.spoken("Part", source, window.lines)
        assert len(shown.encode()) < WINDOW_BYTES + 6 * len(window.lines) + 60
        for member in window.members:
            within = source.within(spans[member])
            assert {within[0], within[-1]} <= set(window.lines)


@given(TEXTS, st.integers(1, 5))
def test_parts_cover_the_source_in_order(texts: list[str], most: int) -> None:
    parts = material.parts(told(texts), most)
    lines = [one for part in parts for one in part]
    assert len(parts) <= most
    assert lines == sorted(set(lines))
    assert all(parts)
    if len(" ".join(texts).encode()) + 12 * len(texts) < WINDOW_BYTES:
        assert lines == list(range(len(texts)))


def test_near_passages_share_a_window_and_far_ones_do_not() -> None:
    source = speech(*["A sentence of some words."] * 100)
    spans = [passage(at, at + 1).span for at in (10, 11, 12, 80)]
    near, far = material.windows(source, spans)
    assert (near.members, far.members) == ((0, 1, 2), (3,))
    assert near.lines == tuple(range(9, 16))


def test_what_is_left_out_shows() -> None:
    shown = material.spoken("Part", speech("One.", "Two.", "Three."), (0, 2))
    mark = shown.splitlines()[0].removeprefix("Part: lines that begin with ")
    assert shown.splitlines()[1:] == [f"{mark} 0 One.", f"{mark} 2 … Three."]


@pytest.mark.parametrize("text", ["a", "b"])
def test_the_mark_depends_on_the_speech(text: str) -> None:
    assert material.marked("Part", [(0, text)]) != material.marked("Part", [(0, text + "c")])


def test_a_span_outside_the_speech_has_no_lines() -> None:
    source = speech("One.", "Two.")
    (window,) = material.windows(source, [Span(in_ms=10**7, out_ms=10**7 + SENTENCE_MS)])
    assert window.lines == ()
