"""Whether a folder holds what a step would take from the cache."""

from pathlib import Path
from typing import Any

import pytest

from steps.contract import Params, Step
from steps.contract.command import main
from steps.contract.identity import is_finished
from steps.storage.cache import open_cache
from steps.storage.schemes import fetch_file
from tests.steps.contract import test_file_params as shouting
from tests.steps.contract.example import ECHO, EchoParams


def run(step: Step[Any], params: Params, folder: Path) -> None:
    options = [f"--out={folder}", f"--cache={folder.parent / 'cache'}", *params.argv()]
    assert main(step, options, open_cache, fetch_file) == 0


def finished(step: Step[Any], params: Params, folder: Path) -> bool:
    return is_finished(step, params, folder, str(folder.parent / "cache"), open_cache, fetch_file)


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """A folder in which the step has run."""
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / "words.txt").write_text("so it goes")
    run(ECHO, EchoParams(), folder)
    assert finished(ECHO, EchoParams(), folder)
    return folder


def test_other_params_or_inputs_are_not_finished(done: Path) -> None:
    assert not finished(ECHO, EchoParams(times=2), done)
    (done / "note.txt").write_text("an optional input")
    assert not finished(ECHO, EchoParams(), done)
    (done / "note.txt").unlink()
    (done / "words.txt").unlink()
    assert not finished(ECHO, EchoParams(), done)


def test_an_output_that_the_run_did_not_make_is_not_finished(done: Path) -> None:
    (done / "extra.txt").write_text("of an earlier version")
    assert not finished(ECHO, EchoParams(), done)


def test_a_damaged_part_is_not_finished(done: Path) -> None:
    part = next(path for path in sorted((done / "parts").iterdir()))
    part.write_text("damaged")
    assert not finished(ECHO, EchoParams(), done)


def test_a_failure_is_not_finished(done: Path) -> None:
    options = [f"--out={done}", f"--cache={done.parent / 'cache'}", "--fault=BadInput"]
    assert main(ECHO, options, open_cache) == 80
    assert not finished(ECHO, EchoParams(fault="BadInput"), done)
    assert not finished(ECHO, EchoParams(), done)


def test_the_content_of_a_named_file_decides(tmp_path: Path) -> None:
    file, params = tmp_path / "a.txt", shouting.ListParams(words=str(tmp_path / "a.txt"))
    file.write_text("one")
    run(shouting.STEP, params, tmp_path / "job")
    assert finished(shouting.STEP, params, tmp_path / "job")
    file.write_text("two")
    assert not finished(shouting.STEP, params, tmp_path / "job")
    file.unlink()
    assert not finished(shouting.STEP, params, tmp_path / "job")
