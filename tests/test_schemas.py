"""The committed schemas are those of the code; `make golden` writes them again."""

import json

import pytest

from steps.contract.receipt import Receipt
from steps.model.transcript import Transcript
from tests.schemas import FOLDER, documents, schemas

TEXTS = schemas()


def test_every_document_has_a_schema_and_none_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_a_changed_schema_is_noticed(name: str) -> None:
    """A reader of the old shape could misread the new one? Then raise the version in its tag."""
    assert (FOLDER / name).read_text() == TEXTS[name], "run `make golden` and look at the change"


def types_in(schema: object) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["type"]} if isinstance(schema.get("type"), str) else set()
        return own.union(*(types_in(value) for value in schema.values()))
    if isinstance(schema, list):
        return set[str]().union(*(types_in(value) for value in schema))
    return set()


@pytest.mark.parametrize("name", TEXTS)
def test_documents_hold_no_floats(name: str) -> None:
    assert "number" not in types_in(json.loads(TEXTS[name]))


@pytest.mark.parametrize("name", TEXTS)
def test_documents_refuse_what_they_do_not_know(name: str) -> None:
    schema = json.loads(TEXTS[name])
    objects = [schema, *schema.get("$defs", {}).values()]
    shapes = [found for found in objects if "properties" in found]
    assert shapes
    assert [found["title"] for found in shapes if found["additionalProperties"] is not False] == []


def test_tags_name_kind_and_version() -> None:
    assert documents()["transcript@1.json"] is Transcript
    assert documents()["receipt@1.json"] is Receipt
    tags = [found.tag() for found in documents().values()]
    assert len(set(tags)) == len(tags)
