"""The GPU of a task as NVIDIA's management library (NVML) reports it; nothing without one."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

NVML = "pynvml"
"""The module of the package nvidia-ml-py, which only the environments of GPU engines have."""
SAMPLE_S = 0.5


@dataclass
class GpuUse:
    """What a task used of a GPU.

    Attributes:
        name: of the GPU; empty without one.
        peak_memory_bytes: the most that was added to its used memory. A container sees no other
            way to count its own, and its GPU is its own. 0 where the library does not say: of a GPU
            that is shared as MIG slices it tells only the administrator.
    """

    name: str = ""
    peak_memory_bytes: int = 0


@contextmanager
def watched_gpu() -> Iterator[GpuUse]:
    """Measure the first GPU while the task runs; a thread samples it every SAMPLE_S."""
    use = GpuUse()
    nvml: Any = importlib.import_module(NVML) if find_spec(NVML) else None
    device = _first_device(nvml) if nvml else None
    if device is None:
        yield use
        return
    use.name = _text(nvml.nvmlDeviceGetName(device))
    before = _used_bytes(nvml, device)
    ended = threading.Event()

    def sample() -> None:
        while before is not None and (used := _used_bytes(nvml, device)) is not None:
            use.peak_memory_bytes = max(use.peak_memory_bytes, used - before)
            if ended.wait(SAMPLE_S):
                return

    watcher = threading.Thread(target=sample, name="gpu", daemon=True)
    watcher.start()
    try:
        yield use
    finally:
        ended.set()
        watcher.join()
        nvml.nvmlShutdown()


def _first_device(nvml: Any) -> Any | None:
    """The first GPU, or None where the library finds no driver or no GPU."""
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return None
    if nvml.nvmlDeviceGetCount():
        return nvml.nvmlDeviceGetHandleByIndex(0)
    nvml.nvmlShutdown()
    return None


def _used_bytes(nvml: Any, device: Any) -> int | None:
    """The used memory of a GPU; None where the library refuses to tell."""
    try:
        return int(nvml.nvmlDeviceGetMemoryInfo(device).used)
    except nvml.NVMLError:
        return None


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name
