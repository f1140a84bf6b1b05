"""Windows for the recognizer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.model.timing import Span
from steps.transcribe.activity import VoiceActivity
from steps.transcribe.languages import QUICK_MS
from steps.transcribe.windows import APART_MS, LONGEST_MS, PADDING_MS, Window, windows


@st.composite
def activities(draw: st.DrawFn) -> VoiceActivity:
    lengths = draw(st.lists(st.tuples(st.integers(160, 9000), st.integers(32, 70_000)), max_size=9))
    at, spans = 0, []
    for silence, voice in lengths:
        spans.append(Span(in_ms=at + silence, out_ms=at + silence + voice))
        at = spans[-1].out_ms
    return VoiceActivity(tuple(spans), at + draw(st.integers(0, 5000)))


@given(activities(), st.sampled_from([QUICK_MS, LONGEST_MS]))
def test_windows_hold_all_voice_once_and_in_order(activity: VoiceActivity, longest_ms: int) -> None:
    planned = windows(activity, longest_ms)
    pieces = [piece for window in planned for piece in window.pieces]
    assert all(before.out_ms <= after.in_ms for before, after in pairwise(pieces))
    assert all(window.duration_ms <= longest_ms for window in planned)
    heard = sum(activity.voice_ms(piece) for piece in pieces)
    assert heard == activity.total_ms
    assert all(0 <= piece.in_ms < piece.out_ms <= activity.duration_ms for piece in pieces)


@given(activities(), st.data())
def test_a_time_goes_back_to_its_place_in_the_source(
    activity: VoiceActivity, data: st.DataObject
) -> None:
    for window in windows(activity):
        piece = data.draw(st.sampled_from(window.pieces))
        at = data.draw(st.integers(piece.in_ms, piece.out_ms - 1))
        before = sum(item.duration_ms for item in window.pieces if item.in_ms < piece.in_ms)
        offset = before + at - piece.in_ms
        assert window.source_span(offset, offset + 1).in_ms == at


@pytest.mark.parametrize(
    ("spans", "duration_ms", "expected"),
    [
        ([], 5000, []),
        ([(1000, 3000)], 3100, [[(600, 3100)]]),
        ([(1000, 3000), (3400, 5000)], 9000, [[(600, 5400)]]),
        ([(1000, 3000), (6000, 7000)], 9000, [[(600, 3400), (5600, 7400)]]),
        ([(1000, 3000), (9000, 9500)], 9900, [[(600, 3400)], [(8600, 9900)]]),
        ([(0, 40_000)], 40_000, [[(0, 20_000)], [(20_000, 40_000)]]),
    ],
    ids=["no voice", "padded", "short pause kept", "long pause cut", "apart", "no pause"],
)
def test_planned(
    spans: list[tuple[int, int]], duration_ms: int, expected: list[list[tuple[int, int]]]
) -> None:
    voiced = tuple(Span(in_ms=start, out_ms=end) for start, end in spans)
    planned = windows(VoiceActivity(voiced, duration_ms))
    assert [[(p.in_ms, p.out_ms) for p in window.pieces] for window in planned] == expected


def test_constants_agree() -> None:
    assert 2 * PADDING_MS < APART_MS < QUICK_MS < LONGEST_MS


def test_a_word_over_a_joint_stays_in_one_piece() -> None:
    window = Window((Span(in_ms=0, out_ms=1000), Span(in_ms=5000, out_ms=6000)))
    assert window.source_span(800, 1300) == Span(in_ms=5000, out_ms=5300)
    assert window.source_span(700, 1100) == Span(in_ms=700, out_ms=1000)
