"""The rules for words that all stages share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.model.phrases import bare_word, ends_clause, ends_sentence, split_where


@pytest.mark.parametrize(
    ("word", "sentence", "clause"),
    [
        ("end.", True, False),
        ("“Stop!”", True, False),
        ("(really?)", True, False),
        ("再见！", True, False),
        ("„Ja.“", True, False),
        ("»Ja.«", True, False),
        ("行きます。」", True, False),
        ("ہے۔", True, False),  # noqa: RUF001
        ("«Да»,", False, True),
        ("Dr.", False, False),
        ("e.g.", False, False),
        ("well,", False, True),
        ("word", False, False),
        ("", False, False),
    ],
)
def test_where_sentences_and_clauses_end(word: str, sentence: bool, clause: bool) -> None:
    assert (ends_sentence(word), ends_clause(word)) == (sentence, clause)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("“Don’t!”", "don't"),
        ("$43,000", "$43,000"),
        ("...", ""),
        ("No", "no"),
        ("„Nein“,", "nein"),
        ("¿Qué?", "qué"),
        ("「東京」。", "東京"),
        ("ہے۔", "ہے"),  # noqa: RUF001
        ("हिन्दी।", "हिन्दी"),
        ("c++", "c++"),
    ],
)
def test_bare_words(text: str, bare: str) -> None:
    assert bare_word(text) == bare


@given(st.lists(st.integers(0, 9)))
def test_runs_keep_every_item_and_break_where_the_rule_says(items: list[int]) -> None:
    runs = split_where(items, lambda before, after: after < before)
    assert [item for run in runs for item in run] == items
    assert all(run == sorted(run) for run in runs)
    assert all(after[0] < before[-1] for before, after in zip(runs, runs[1:], strict=False))  # noqa: RUF007
