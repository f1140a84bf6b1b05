"""What the doctor says of GPUs, environments and engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.doctor import engines
from pipelines.environments.installed import DIR_VARIABLE, folder_of
from steps.catalogue import NAMES, load_step


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `nvidia-smi` on PATH that a test writes."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "nvidia-smi"


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_machine_without_a_gpu_is_fine(driver: Path) -> None:
    (outcome,) = engines.gpu()
    assert outcome.ok
    assert outcome.message == "none: the engines use the CPU"


def test_each_gpu_is_named_with_its_memory_and_driver(driver: Path) -> None:
    row = "NVIDIA A10, 23028, 550.90.07, 8.6"
    script(driver, f"echo '{row}'; echo '{row}'")
    found = [outcome.message for outcome in engines.gpu()]
    assert found == ["NVIDIA A10, 23028 MiB, driver 550.90.07, compute capability 8.6"] * 2


@pytest.mark.parametrize("told", ["[Insufficient Permissions]", "[N/A]"])
def test_a_gpu_that_hides_its_memory_is_fine(driver: Path, told: str) -> None:
    script(driver, f"echo 'NVIDIA H100, {told}, 550.90.07, 9.0'")
    (outcome,) = engines.gpu()
    assert outcome.ok
    assert (
        outcome.message == "NVIDIA H100, memory unknown, driver 550.90.07, compute capability 9.0"
    )


def test_a_driver_that_does_not_work_is_a_fault(driver: Path) -> None:
    script(driver, "echo 'NVIDIA-SMI has failed: no driver'; exit 9")
    (outcome,) = engines.gpu()
    assert not outcome.ok
    assert "no driver" in outcome.message
    assert outcome.fix == "repair the NVIDIA driver"


def test_an_absent_environment_is_fine_and_half_of_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DIR_VARIABLE, str(tmp_path))
    folder_of("vllm").mkdir()
    found = {outcome.name: outcome for outcome in engines.environments()}
    assert found["environment vision"].ok
    assert "clipmill engines install vision" in found["environment vision"].message
    assert found["environment vllm"].fix == "clipmill engines install vllm"


def test_every_choice_of_an_engine_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DIR_VARIABLE, str(tmp_path))
    wanted = [step for step in map(load_step, NAMES) for _ in step.engines]
    found = list(engines.chosen())
    assert len(found) == len(wanted)
    assert all(outcome.ok for outcome in found), found
