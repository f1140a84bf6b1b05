"""Text is made safe before anything is laid out."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steps.caption.text import (
    PHRASE_LIMIT,
    WORD_LIMIT,
    capitals,
    clean,
    is_joined,
    is_right_to_left,
    runs_right_to_left,
)
from steps.model.phrases import graphemes, is_spaceless, join
from tests.steps.caption.samples import METRICS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("word", "word"),
        ("  two\twords\n", "two words"),
        ("a\u202eb\u2066c", "abc"),
        ("nul\x00bell\x07", "nulbell"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("line\u2028break", "line break"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        ("\u200b", ""),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("می\u200cرود", "می\u200cرود"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("a\u200cb\u200c\u200cم", "abم"),
        ("x" * 500, "x" * WORD_LIMIT),
        ("{\\fs300}", "{\\fs300}"),
        ("0\r\x08\r0", "0 0"),
        ("e\u0301" * 500, "\u00e9" * WORD_LIMIT),
        ("x" + "\u0300" * 500, "x" + "\u0300" * (2 * WORD_LIMIT - 1)),
        ("汉字" * 300, "汉字" * 300),
        ("字" * 3000, "字" * PHRASE_LIMIT),
        ("x" * 90 + "字", "x" * WORD_LIMIT),
        ("\U0001f1e9\U0001f1ea" * 90, "\U0001f1e9\U0001f1ea" * WORD_LIMIT),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text(max_size=300))
@example("0\r\x08\r0")
@example("\U0001f468\x00\u200d\U0001f469")
def test_clean_text_is_one_short_line_without_controls(text: str) -> None:
    shown = clean(text)
    assert len(shown.splitlines()) <= 1
    spaceless = any(map(is_spaceless, shown))
    assert len(graphemes(shown)) <= (PHRASE_LIMIT if spaceless else WORD_LIMIT)
    assert all(unicodedata.category(character) not in ("Cc", "Cs", "Co") for character in shown)
    assert not any(unicodedata.bidirectional(character) in ("LRO", "RLO") for character in shown)
    assert clean(shown) == shown


@given(st.text(max_size=60))
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    "character",
    [
        "\U0001f1e9\U0001f1ea",
        "\U0001f44d\U0001f3fd",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
        "e\u0301\u0323",
        "\u0928\u093f",
    ],
    ids=["flag", "skin tone", "family", "red heart", "keycap", "two accents", "vowel sign"],
)
def test_a_character_of_several_code_points_is_not_split(character: str) -> None:
    assert graphemes(f"a{character}b{character}") == ["a", character, "b", character]


@pytest.mark.parametrize(
    "emoji",
    ["\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd", "\U0001f468\u200d\U0001f469", "1\ufe0f\u20e3"],
    ids=["flag", "skin tone", "couple", "keycap"],
)
def test_an_emoji_is_as_wide_as_one_character(emoji: str) -> None:
    assert METRICS.width(emoji) == METRICS.width("今")
    assert METRICS.width(f"{emoji}今{emoji}") == 3 * METRICS.width("今")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["to", "be"], "to be"),
        (["今日", "は", "晴れ"], "今日は晴れ"),
        (["AI", "は"], "AI は"),
        (["안녕", "하세요"], "안녕 하세요"),
        ([], ""),
    ],
)
def test_join(words: list[str], line: str) -> None:
    assert join(words) == line


@pytest.mark.parametrize(
    ("text", "answer"), [("שלום", True), ("مرحبا", True), ("hello", False), ("123", False)]
)
def test_is_right_to_left(text: str, answer: bool) -> None:
    assert is_right_to_left(text) is answer


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("היום נדבר על clipmill ביחד", True),
        ("clipmill ביחד עכשיו", True),
        ("the word שלום means peace", False),
        ("שלום means peace", False),
        ("שלום clipmill", True),
        ("100 200", False),
    ],
)
def test_a_cue_runs_as_most_of_its_words_do(words: str, answer: bool) -> None:
    assert runs_right_to_left(words.split()) is answer


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("istanbul ılık", "tr", "İSTANBUL ILIK"),  # noqa: RUF001
        ("istanbul", "en", "ISTANBUL"),
        ("το μεγαλύτερο, προϊόν", "el", "ΤΟ ΜΕΓΑΛΥΤΕΡΟ, ΠΡΟΪΟΝ"),  # noqa: RUF001
        ("café straße", "de", "CAFÉ STRASSE"),
        ("дом", "ru", "ДОМ"),
    ],
)
def test_capitals_are_those_of_the_language(text: str, language: str, shown: str) -> None:
    assert capitals(text, language) == shown


@pytest.mark.parametrize(
    ("text", "joined"), [("мой é", False), ("日本語", False), ("خطأ", True), ("सबसे", True)]
)
def test_letters_that_join_are_not_spaced(text: str, joined: bool) -> None:
    assert is_joined(text) == joined
