"""The checks of an environment, by its own interpreter."""

from pathlib import Path

import pytest

from pipelines.environments.check import checks
from pipelines.environments.installed import install
from tests.pipelines.environments.conftest import Tiny


def test_a_module_of_the_folder_that_the_user_is_in_does_not_count(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("tiny", "cpu", lambda _line: None)
    (tmp_path / "tiny_engine.py").write_text("raise SystemExit('the user’s')")
    monkeypatch.chdir(tmp_path)
    assert [check.fault for check in checks("tiny")] == ["", ""]
