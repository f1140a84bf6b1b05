"""Times of packets in whole numbers."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from steps.media.packets import at_rate


@given(
    st.integers(-(2**40), 2**40),
    st.fractions(Fraction(1, 10**9), 1, max_denominator=10**9),
    st.sampled_from([1000, 16_000, 48_000]),
)
def test_times_are_rounded_as_fractions_are(ticks: int, base: Fraction, rate: int) -> None:
    assert at_rate(ticks, base, rate) == round(ticks * base * rate)


def test_halves_go_to_the_even_one() -> None:
    assert [at_rate(ticks, Fraction(1, 2000), 1000) for ticks in (-3, -1, 1, 3, 5)] == [
        -2, 0, 0, 2, 2,
    ]  # fmt: skip
