"""The GPU that a run record names."""

import time

import pytest

from steps.contract import gpu
from steps.contract.gpu import watched_gpu
from tests.steps.contract import nvml


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "NVML", "tests.steps.contract.nvml")
    monkeypatch.setattr(gpu, "SAMPLE_S", 0.01)
    monkeypatch.setattr(nvml, "used", [2 * nvml.GIB, 3 * nvml.GIB, 7 * nvml.GIB])
    monkeypatch.setattr(nvml, "calls", [])


@pytest.mark.usefixtures("library")
def test_the_most_memory_that_the_task_added() -> None:
    with watched_gpu() as use:
        while use.peak_memory_bytes < 5 * nvml.GIB:
            time.sleep(0.01)
    assert (use.name, use.peak_memory_bytes) == ("NVIDIA L4", 5 * nvml.GIB)
    assert nvml.calls == ["shutdown"]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("driver", "devices"), [(False, 1), (True, 0)])
def test_a_machine_without_a_driver_or_a_card(
    monkeypatch: pytest.MonkeyPatch, driver: bool, devices: int
) -> None:
    monkeypatch.setattr(nvml, "driver", driver)
    monkeypatch.setattr(nvml, "devices", devices)
    with watched_gpu() as use:
        pass
    assert (use.name, use.peak_memory_bytes) == ("", 0)


@pytest.mark.usefixtures("library")
def test_a_card_that_does_not_tell_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvml, "tells_memory", False)
    with watched_gpu() as use:
        pass
    assert (use.name, use.peak_memory_bytes) == ("NVIDIA L4", 0)
    assert nvml.calls == ["shutdown"]


def test_without_the_library_there_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "NVML", "no_such_module")
    with watched_gpu() as use:
        pass
    assert use.name == ""
