import hashlib
import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from steps.contract import Document
from steps.contract.errors import BrokenContract
from tests.steps.contract.example import Words


class Mixed(Document):
    """One of everything that documents hold."""

    kind: Literal["clipmill/test-mixed@2"] = "clipmill/test-mixed@2"
    zebra: int
    apple: str
    table: dict[str, int] = Field(default_factory=dict)


def test_canonical_bytes_are_rfc_8785() -> None:
    found = Mixed(zebra=1, apple="é\n€😀\u2028", table={"b": 1, "a": 2, "é": 3}).canonical_bytes()
    assert (
        found
        == (
            '{"apple":"é\\n€😀\u2028","kind":"clipmill/test-mixed@2",'
            '"table":{"a":2,"b":1,"é":3},"zebra":1}'
        ).encode()
    )


@given(
    st.builds(
        Mixed,
        zebra=st.integers(-(2**53) + 1, 2**53 - 1),
        apple=st.text(),
        table=st.dictionaries(st.text(), st.integers(0, 1000)),
    )
)
def test_documents_survive_their_bytes(document: Mixed) -> None:
    data = document.canonical_bytes()
    again = Mixed.from_bytes(data)
    assert again == document
    assert again.canonical_bytes() == data
    assert document.sha256() == hashlib.sha256(data).hexdigest()
    assert json.loads(data)["zebra"] == document.zebra


@given(st.dictionaries(st.text(), st.integers(0, 9)))
def test_the_order_of_making_does_not_matter(table: dict[str, int]) -> None:
    turned = dict(reversed(table.items()))
    one, other = Mixed(zebra=0, apple="", table=table), Mixed(zebra=0, apple="", table=turned)
    assert one.canonical_bytes() == other.canonical_bytes()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the whole: Invalid JSON"),
        (b"\xff\xfe", "the whole: Invalid JSON"),
        (b"[]", "the whole: "),
        (b"{}", "words: missing"),
        (b'{"kind":"clipmill/test-words@2","words":[]}', "kind: "),
        (b'{"kind":"clipmill/test-words@1","words":[1]}', "words.0: "),
        (b'{"words":[],"more":1}', "more: not known here"),
        (b'{"words":["' + b"x" * 10_000 + b'",1]}', "words.1: "),
    ],
)
def test_what_is_no_document(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_bytes(data)
    with pytest.raises(BrokenContract) as caught:
        Words.from_file(path)
    start = "words.json is not a valid clipmill/test-words@1: "
    assert str(caught.value).startswith(start + words)
    assert len(str(caught.value)) <= 400


def test_documents_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Words(words=()).words = ("x",)  # type: ignore[misc]
