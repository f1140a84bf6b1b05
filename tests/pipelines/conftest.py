"""`called`: a command of `clipmill` in this process, for what needs no process of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.__main__ import main
from tests.pipelines.clipmill import Said, surroundings


@pytest.fixture
def called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Return a function: arguments -> what the command said, with `tmp_path` as its home."""
    for name, value in surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    return call
