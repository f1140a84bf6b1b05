"""Stands for NVIDIA's management library, which does nothing without a card."""

from types import SimpleNamespace

GIB = 1 << 30
devices = 1
driver = True
tells_memory = True
used = [2 * GIB, 3 * GIB, 7 * GIB]
calls: list[str] = []


class NVMLError(Exception):
    pass


def nvmlInit() -> None:
    if not driver:
        raise NVMLError("Driver Not Loaded")


def nvmlShutdown() -> None:
    calls.append("shutdown")


def nvmlDeviceGetCount() -> int:
    return devices


def nvmlDeviceGetHandleByIndex(index: int) -> int:
    return index


def nvmlDeviceGetName(_device: int) -> str:
    return "NVIDIA L4"


def nvmlDeviceGetMemoryInfo(_device: int) -> SimpleNamespace:
    if not tells_memory:
        raise NVMLError("Insufficient Permissions")
    return SimpleNamespace(used=used.pop(0) if len(used) > 1 else used[0])
