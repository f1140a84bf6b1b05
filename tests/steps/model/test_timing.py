from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from steps.model.timing import MAX_MS, MAX_RATE, Rate, Span, clock, frame_at, stamp_ms

RATES = st.one_of(
    st.sampled_from([Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)]),
    st.sampled_from([Fraction(number) for number in (1, 24, 25, 30, 50, 60, 120, 500)]),
    st.fractions(Fraction(1, 10), Fraction(500), max_denominator=100_000),
)
TIMES = st.integers(0, 24 * 3600 * 1000)
SPANS = st.tuples(TIMES, TIMES).map(lambda pair: Span(in_ms=min(pair), out_ms=max(pair)))


@given(st.integers(0, 10_000_000), RATES)
def test_a_frame_s_stamp_gives_the_frame_back(frame: int, rate: Fraction) -> None:
    """Up to 500 frames per second, above which a stamp's rounding can hide a frame."""
    assert frame_at(stamp_ms(frame, rate), rate) == frame


@example(500, Fraction(24000, 1001))  # frame 12 starts at 500.5 ms, which is rounded to 501
@given(TIMES, RATES)
def test_the_frame_at_a_time_covers_it(time_ms: int, rate: Fraction) -> None:
    frame = frame_at(time_ms, rate)
    assert stamp_ms(frame, rate) <= time_ms < stamp_ms(frame + 1, rate)


@given(TIMES, TIMES, RATES)
def test_frames_keep_the_order_of_times(one: int, other: int, rate: Fraction) -> None:
    assert frame_at(min(one, other), rate) <= frame_at(max(one, other), rate)


def test_known_frames() -> None:
    ntsc = Fraction(30000, 1001)
    assert [frame_at(time_ms, ntsc) for time_ms in (0, 32, 33, 66, 67, 1001)] == [0, 0, 1, 1, 2, 30]
    assert [stamp_ms(frame, ntsc) for frame in (0, 1, 2, 30)] == [0, 33, 67, 1001]


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [
        (0, "00:00:00.000"),
        (59_999, "00:00:59.999"),
        (60_000, "00:01:00.000"),
        (3_599_999, "00:59:59.999"),
        (3_600_000, "01:00:00.000"),
        (360_000_000, "100:00:00.000"),
    ],
)
def test_clock(time_ms: int, text: str) -> None:
    assert clock(time_ms) == text
    assert clock(time_ms, ",") == text.replace(".", ",")


@given(SPANS, SPANS)
def test_overlap_and_clamp_agree(one: Span, other: Span) -> None:
    common = one.clamp(other)
    assert common.duration_ms == one.overlap_ms(other) == other.overlap_ms(one)
    assert other.in_ms <= common.in_ms <= common.out_ms <= other.out_ms
    assert one.clamp(one) == one


@given(SPANS)
def test_a_span_is_half_open(span: Span) -> None:
    assert span.contains(span.in_ms) == (span.duration_ms > 0)
    assert not span.contains(span.out_ms)


def test_a_span_at_zero_is_a_span() -> None:
    assert Span(in_ms=0, out_ms=1).contains(0)


@pytest.mark.parametrize("times", [(1, 0), (-1, 5), (0, -1)])
def test_spans_that_cannot_be(times: tuple[int, int]) -> None:
    with pytest.raises(ValidationError):
        Span(in_ms=times[0], out_ms=times[1])


ANY_RATE: TypeAdapter[Fraction] = TypeAdapter(Rate)


@given(RATES)
def test_rates_are_exact_in_json(rate: Fraction) -> None:
    text = ANY_RATE.dump_json(rate)
    assert text == f'"{rate.numerator}/{rate.denominator}"'.encode()
    assert ANY_RATE.validate_json(text) == rate


@pytest.mark.parametrize("value", ["0", "-25", "0/1", "1/0", "fast", ""])
def test_rates_that_cannot_be(value: str) -> None:
    with pytest.raises(ValidationError):
        ANY_RATE.validate_python(value)


def test_times_and_rates_are_bounded() -> None:
    """A document may not ask a later step for more than a day, or for a million frames a second."""
    Span(in_ms=0, out_ms=MAX_MS)
    for in_ms, out_ms in ((0, MAX_MS + 1), (10**9, 10**9)):
        with pytest.raises(ValidationError):
            Span(in_ms=in_ms, out_ms=out_ms)
    rates = TypeAdapter(Rate)
    assert rates.validate_python(str(MAX_RATE)) == MAX_RATE
    for text in (f"{MAX_RATE + 1}", "1/0", "0", "-1"):
        with pytest.raises(ValidationError):
            rates.validate_python(text)
