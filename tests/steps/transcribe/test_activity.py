"""Spans of voice from probabilities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.model.timing import Span
from steps.transcribe.activity import FRAME_MS, PAUSE_MS, VoiceActivity, merged, voice_spans


def span(in_ms: int, out_ms: int) -> Span:
    return Span(in_ms=in_ms, out_ms=out_ms)


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([], ()),
        ([0.1] * 20, ()),
        ([0.9] * 4, ((0, 128),)),
        ([0.4, 0.6, 0.4, 0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], ((32, 128),)),
        ([0.9, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9], ((0, 128), (288, 320))),
    ],
    ids=["nothing", "silence", "all voice", "leaves lower than it enters", "short pauses join"],
)
def test_spans(probabilities: list[float], expected: tuple[tuple[int, int], ...]) -> None:
    found = voice_spans(probabilities, len(probabilities) * FRAME_MS)
    assert tuple((item.in_ms, item.out_ms) for item in found.spans) == expected


@given(st.lists(st.floats(0, 1), max_size=200), st.integers(0, FRAME_MS - 1))
def test_spans_are_apart_and_inside(probabilities: list[float], short_ms: int) -> None:
    duration_ms = max(0, len(probabilities) * FRAME_MS - short_ms)
    found = voice_spans(probabilities, duration_ms)
    edges = [edge for item in found.spans for edge in (item.in_ms, item.out_ms)]
    assert edges == sorted(set(edges))
    assert not edges or edges[-1] <= duration_ms
    gaps = zip(edges[1::2], edges[2::2], strict=False)
    assert all(after - before >= PAUSE_MS for before, after in gaps)
    quiet = sum(pause.duration_ms for pause in found.pauses)
    assert quiet + found.total_ms == duration_ms


def test_the_voice_of_a_range() -> None:
    voiced = VoiceActivity((span(100, 200), span(400, 500), span(900, 950)), 1000)
    assert voiced.within(span(150, 450)) == (span(150, 200), span(400, 450))
    assert voiced.within(span(200, 400)) == ()
    assert voiced.voice_ms(span(0, 1000)) == 250


def test_merged_spans() -> None:
    spans = [span(5, 9), span(0, 3), span(3, 4), span(6, 7)]
    assert merged(spans) == [span(0, 4), span(5, 9)]
