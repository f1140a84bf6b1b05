"""What somebody says for a word of a transcript."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.transcribe.spoken import cardinal, spoken


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello,", "hello"),
        ("don’t", "don't"),
        ("'cause", "cause"),
        ("well-known", "well known"),
        ("café", "cafe"),
        ("\N{MATHEMATICAL SANS-SERIF BOLD CAPITAL B}ig", "big"),
        ("40,000", "forty thousand"),
        ("90", "ninety"),
        ("123", "one hundred twenty three"),
        ("1961", "nineteen sixty one"),
        ("1905.", "nineteen oh five"),
        ("1900", "nineteen hundred"),
        ("2001", "two thousand one"),
        ("2024", "twenty twenty four"),
        ("1,961", "one thousand nine hundred sixty one"),
        ("1980s", "nineteen eighties"),
        ("90's", "nineties"),
        ("3rd", "third"),
        ("21st", "twenty first"),
        ("40th", "fortieth"),
        ("2.5", "two point five"),
        ("$5", "five dollars"),
        ("$40,000", "forty thousand dollars"),
        ("50%", "fifty percent"),
        ("10:30", "ten thirty"),
        ("007", "zero zero seven"),
        ("COVID-19", "covid nineteen"),
        ("R&D", "r and d"),
        ("1234567890123", "one two three four five six seven eight nine zero one two three"),
        ("…", ""),
        ("你好", ""),
    ],
)
def test_words_as_they_are_spoken(text: str, said: str) -> None:
    assert spoken(text) == said.split()


@given(st.text(max_size=30))
def test_any_text_gives_words_of_letters(text: str) -> None:
    assert all(set(word) <= set("abcdefghijklmnopqrstuvwxyz'") and word for word in spoken(text))


@given(st.integers(0, 10**12 - 1))
def test_different_numbers_are_said_differently(number: int) -> None:
    assert cardinal(number) != cardinal(number + 1)
