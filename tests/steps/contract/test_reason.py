"""The reason file: what a pod's termination message says."""

from pathlib import Path

import pytest

from steps.contract.command import REASON_VARIABLE, main
from steps.contract.receipt import Receipt
from steps.storage.cache import open_cache
from tests.steps.contract.example import ECHO


def echo(folder: Path, *options: str) -> int:
    (folder / "words.txt").write_text("so it goes")
    return main(ECHO, [f"--out={folder}", *options], open_cache)


def test_a_failure_says_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = tmp_path / "reason"
    monkeypatch.setenv(REASON_VARIABLE, str(reason))
    assert echo(tmp_path / ".", "--fault=no_output") == 84
    assert reason.read_text() == "echo did not write words.json"


def test_a_reason_holds_no_template_tag_and_nothing_unprintable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Argo fills in the first, and cannot quote the second; the receipt has both."""
    reason = tmp_path / "reason"
    monkeypatch.setenv(REASON_VARIABLE, str(reason))
    assert echo(tmp_path, "--fault=hostile_words") == 83
    assert reason.read_text(encoding="utf-8") == ("it said { { {=sprig.repeat(9, 'x')}} \ufffdé?")
    failure = Receipt.from_file(tmp_path / "receipts/echo.json").failure
    assert failure is not None
    assert failure.message == "it said {{{=sprig.repeat(9, 'x')}} \U0001fae9é?"


def test_a_success_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REASON_VARIABLE, str(tmp_path / "reason"))
    assert echo(tmp_path) == 0
    assert not (tmp_path / "reason").exists()


def test_a_reason_that_cannot_be_written_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REASON_VARIABLE, str(tmp_path))
    assert echo(tmp_path, "--fault=no_output") == 84
