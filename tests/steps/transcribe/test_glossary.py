"""Names, terms and replacements."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.errors import BadInput
from steps.transcribe.glossary import HINT_CHARACTERS, read_glossary, replaced
from steps.transcribe.word_times import RawWord

FILE = """# ours
clip mill -> clipmill
Kubernetes
cube cuddle → kubectl
gpt => G P T
"""


def heard(text: str) -> list[RawWord]:
    return [RawWord(part, 100 * at, 100 * at + 90) for at, part in enumerate(text.split())]


def written(text: str, glossary: str = FILE) -> list[tuple[str, int | None, int | None]]:
    words, _ = replaced(heard(text), read_glossary(glossary.encode()))
    return [(word.text, word.in_ms, word.out_ms) for word in words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use Clip Mill.", [("use", 0, 90), ("clipmill.", 100, 290)]),
        ("(kubernetes)", [("(Kubernetes)", 0, 90)]),
        ("cube cuddle", [("kubectl", 0, 190)]),
        ("clip mills", [("clip", 0, 90), ("mills", 100, 190)]),
        ("clip", [("clip", 0, 90)]),
        ("a gpt", [("a", 0, 90), ("G", 100, 130), ("P", 130, 160), ("T", 160, 190)]),
    ],
)
def test_replacements_keep_times_and_marks(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "glossary", "expected"),
    [
        ("मोदि,", "मोदि -> Modi", "Modi,"),
        ("¿Pepe?", "pepe -> José", "¿José?"),
        ("$5.", "$5 -> five dollars", "five dollars."),
    ],
)
def test_marks_are_punctuation_and_no_part_of_a_word(
    text: str, glossary: str, expected: str
) -> None:
    assert " ".join(one for one, _, _ in written(text, glossary)) == expected


def test_a_long_line_of_spaces_is_refused_at_once() -> None:
    with pytest.raises(BadInput, match="too long"):
        read_glossary(b"a" + b" " * 500_000 + b"b")


def test_the_longest_entry_wins() -> None:
    glossary = "new -> NEW\nnew york -> New York\n"
    assert [text for text, _, _ in written("new york new", glossary)] == ["New", "York", "NEW"]


def test_hints_are_what_is_written() -> None:
    assert read_glossary(FILE.encode()).hints == "clipmill, Kubernetes, kubectl, G P T"
    many = "\n".join(f"term{number}" for number in range(2000))
    assert 0 < len(read_glossary(many.encode()).hints) <= HINT_CHARACTERS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a -> b -> c", "line 1 of the glossary, 'a -> b -> c', is not a term"),
        ("fine\n-> b", "line 2"),
        ("a ->", "is not a term or"),
        ("...", "has no letters"),
        ("word " * 40, "is too long"),
    ],
)
def test_a_wrong_line_is_named(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read_glossary(text.encode())


@given(st.lists(st.text(min_size=1, max_size=12), max_size=30))
def test_any_words_pass(texts: list[str]) -> None:
    words, places = replaced(heard(" ".join(texts)), read_glossary(FILE.encode()))
    assert len(words) == len(places)
    assert places == sorted(places)


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    words = heard("as it is")
    assert replaced(words, read_glossary(b"\n# nothing\n"))[0] == words
