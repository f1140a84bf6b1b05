"""Run records: what one run of a task took, on which machine."""

from __future__ import annotations

import os
import re
import resource
import socket
import sys
from datetime import datetime
from pathlib import Path

import structlog

from steps.contract.folders import write_atomically
from steps.contract.gpu import GpuUse
from steps.contract.receipt import RunRecord

IMAGE_VARIABLE = "CLIPMILL_IMAGE"
"""The image of the container; the chart sets it."""


def record_of(
    task: str,
    *,
    began: datetime,
    wall_s: float,
    cpu_s: float,
    attempt: int,
    hit: bool,
    code: int,
    gpu: GpuUse,
) -> RunRecord:
    """The record of a run that this process, or a child of it, has just ended.

    Args:
        task: its name.
        began: when.
        wall_s: how long it took.
        cpu_s: the processor time that it took.
        attempt: how often it was tried before.
        hit: whether its outputs were there already, in the cache or in their places.
        code: its exit code.
        gpu: what it used of a GPU.
    """
    return RunRecord(
        task=task,
        started=began.isoformat(timespec="milliseconds"),
        wall_ms=round(wall_s * 1000),
        cpu_ms=round(cpu_s * 1000),
        peak_memory_bytes=peak_memory_bytes(),
        host=os.environ.get("NODE_NAME") or socket.gethostname(),
        image=os.environ.get(IMAGE_VARIABLE, ""),
        gpu=gpu.name,
        peak_gpu_memory_bytes=gpu.peak_memory_bytes,
        attempt=attempt,
        cache_hit=hit,
        exit_code=code,
    )


def peak_memory_bytes() -> int:
    """The most memory that this process, or one of its ended children, held at once.

    Linux's rusage of a process also counts what its parent held when it forked, which may be more
    than the process ever had; its status does not.
    """
    unit = 1 if sys.platform == "darwin" else 1024
    own = _own_peak_kib() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * unit


def _own_peak_kib() -> int:
    """What Linux's status of this process says; 0 where there is none."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) if found else 0


def process_cpu_s() -> float:
    """The processor time of this process and its ended children, in seconds."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def write_quietly(path: Path, data: bytes) -> None:
    """Write a file that only informs; a full or read-only disk was reported already."""
    try:
        write_atomically(path, data)
    except OSError as error:
        structlog.get_logger().warning("not written", path=str(path), reason=error.strerror)
