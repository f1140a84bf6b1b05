from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.contract.context import PROGRESS_VARIABLE, Progress, read_percent


def test_it_states_whole_percents_and_never_goes_back(tmp_path: Path) -> None:
    path = tmp_path / "progress"
    progress = Progress(path)
    assert read_percent(path) == 0
    stated = []
    for done in (0, 1, 2, 1, 3, 2.99, 4, 9):
        progress.report(done, 4)
        stated.append(path.read_text())
    assert stated == ["0/100\n", "25/100\n", "50/100\n", "50/100\n", "75/100\n", "75/100\n",
                      "100/100\n", "100/100\n"]  # fmt: skip
    assert read_percent(path) == 100


def test_work_without_length_is_done(tmp_path: Path) -> None:
    Progress(tmp_path / "progress").report(0, 0)
    assert read_percent(tmp_path / "progress") == 100


def test_it_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROGRESS_VARIABLE, raising=False)
    Progress.from_environment().report(1, 2)
    monkeypatch.setenv(PROGRESS_VARIABLE, str(tmp_path / "progress"))
    Progress.from_environment().report(1, 2)
    assert read_percent(tmp_path / "progress") == 50


def test_a_file_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    Progress(tmp_path / "no such folder" / "progress").report(1, 2)


@pytest.mark.parametrize("text", ["", "\n", "x", "5", "5/", "/5", "5/0", "-5/10", "a/b"])
def test_a_file_that_states_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "progress"
    path.write_text(text)
    assert read_percent(path) == 0


@given(st.floats(0, 1e9), st.floats(1e-3, 1e9))
def test_percents_stay_within_bounds(done: float, total: float) -> None:
    progress = Progress(Path("/dev/null"))
    progress.report(done, total)
    assert 0 <= progress._percent <= 100
