"""clipmill completion, asked of the shells themselves where they are installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli.command import NAMES
from tests.pipelines.clipmill import Said

Call = Callable[..., Said]


def test_bash_completes_commands_options_and_files(tmp_path: Path, called: Call) -> None:
    (tmp_path / "clipmill.bash").write_text(called("completion", "bash").out)
    (tmp_path / "talk.mp4").touch()

    def complete(*words: str) -> list[str]:
        program = (
            f"source ./clipmill.bash; COMP_WORDS=({' '.join(words)}); "
            f"COMP_CWORD={len(words) - 1}; _clipmill; echo ${{COMPREPLY[@]}}"
        )
        asked = subprocess.run(
            ["bash", "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return asked.stdout.split()

    assert complete("clipmill", "comp") == ["compare", "completion"]
    assert "--clips" in complete("clipmill", "run", "--c")
    assert complete("clipmill", "verify", "--c") == []
    assert complete("clipmill", "run", "tal") == ["talk.mp4"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_is_in_the_script_and_the_shell_reads_it(
    shell: str, tmp_path: Path, called: Call
) -> None:
    text = called("completion", shell).out
    assert [name for name in NAMES if not re.search(rf"\b{name}\b", text)] == []
    path = tmp_path / "script"
    path.write_text(text)
    if shutil.which(shell):
        subprocess.run([shell, "-n", path], check=True)


def test_another_shell(called: Call) -> None:
    said = called("completion", "csh")
    assert said.code == 80
    assert "csh" in said.err
