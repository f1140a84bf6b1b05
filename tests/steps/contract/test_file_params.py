"""Params whose text may name a file: what is a place, and how the file becomes an input."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import pytest

from steps.contract import Context, FileParam, Params, Port, Step, param
from steps.contract.command import main
from steps.contract.errors import BadInput
from steps.contract.receipt import Receipt, receipt_path
from steps.storage.cache import open_cache

KEPT = Port("list", "inputs/list.txt", "the user's list", optional=True)
MADE = Port("made", "made.txt", "the list, in capitals")


class ListParams(Params):
    """A list by name, as JSON or in a file."""

    words: Annotated[str, FileParam(KEPT, names=("short", "long"))] = param(
        "short", description="Words."
    )


STEP = Step(
    name="list",
    summary="Shout a list.",
    params=ListParams,
    writes=(MADE, KEPT),
    work=f"{__name__}:shout",
)


def shout(context: Context[ListParams]) -> None:
    context.output(MADE).write_bytes(context.content("words").upper())


def fetch(place: str, to: Path) -> None:
    if not Path(place).is_file():
        raise BadInput(f"{place} does not exist")
    shutil.copyfile(place, to)


def run(folder: Path, words: str, cache: str = "") -> int:
    argv = [f"--out={folder}", f"--words={words}", f"--cache={cache}"]
    return main(STEP, argv, open_cache, fetch)


@pytest.mark.parametrize(
    ("text", "is_place"),
    [
        ("short", False),
        ("long", False),
        ('{"a": 1}', False),
        (' {"a": 1}', False),
        ("", False),
        ("Short", True),
        ("short.txt", True),
        ("s3://bucket/short", True),
        ("[1]", True),
    ],
)
def test_a_name_wins_then_json_then_a_place(text: str, is_place: bool) -> None:
    assert ListParams.file_params()["words"].is_place(text) is is_place


@pytest.mark.parametrize("text", ["short", '{"a": 1}'])
def test_a_text_is_its_own_content(text: str, tmp_path: Path) -> None:
    assert run(tmp_path, text) == 0
    assert (tmp_path / MADE.path).read_text() == text.upper()
    receipt = Receipt.from_file(tmp_path / receipt_path("list"))
    assert receipt.params == {"words": text}
    assert [item.path for item in receipt.outputs] == [MADE.path]


def test_a_file_is_kept_with_the_job_and_its_digest_stands_for_its_place(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("one two")
    receipts = []
    for name in ("a", "b"):
        job = tmp_path / f"job-{name}"
        assert run(job, str(tmp_path / name)) == 0
        assert (job / KEPT.path).read_text() == "one two"
        assert (job / MADE.path).read_text() == "ONE TWO"
        receipts.append(Receipt.from_file(job / receipt_path("list")))
    assert receipts[0] == receipts[1]
    kept = next(item for item in receipts[0].outputs if item.path == KEPT.path)
    assert receipts[0].params == {"words": f"sha256:{kept.sha256}"}


def test_the_content_decides_what_the_cache_has(tmp_path: Path) -> None:
    words, cache = tmp_path / "words", str(tmp_path / "cache")
    made = []
    for number, content in enumerate(("one", "two", "one")):
        words.write_text(content)
        assert run(tmp_path / str(number), str(words), cache) == 0
        made.append((tmp_path / str(number) / MADE.path).read_text())
    assert made == ["ONE", "TWO", "ONE"]
    assert len(list((tmp_path / "cache/runs").rglob("*.json"))) == 2


def test_a_file_that_is_gone_names_its_option(tmp_path: Path) -> None:
    assert run(tmp_path, "nowhere") == 80
    failure = Receipt.from_file(tmp_path / receipt_path("list")).failure
    assert failure is not None
    assert failure.message == "--words: nowhere does not exist"


def test_a_name_after_a_file_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("one")
    assert run(tmp_path / "job", str(tmp_path / "words")) == 0
    assert run(tmp_path / "job", "short") == 0
    assert not (tmp_path / "job" / KEPT.path).exists()
