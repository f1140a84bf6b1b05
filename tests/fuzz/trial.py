"""One step on one input: its exit code, time and peak memory, and what is wrong with them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from steps.contract.errors import LEAVES, Transient

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 30.0
LIMIT_BYTES = 2 * 10**9
EXPECTED_CODES = {0, *(leaf.exit_code for leaf in LEAVES)} - {Transient.exit_code}
"""A local file is never a passing fault."""


@dataclass(frozen=True)
class Outcome:
    """How a step ended.

    Attributes:
        code: its exit code, negative for a signal, None when it passed the time limit.
        peak_bytes: of the largest of its processes.
        said: the message of its log's last line.
    """

    step: str
    code: int | None
    wall_s: float
    cpu_s: float
    peak_bytes: int
    said: str

    @property
    def fault(self) -> str:
        """What a user must never see, or nothing."""
        if self.code is None:
            return "hang"
        if self.code not in EXPECTED_CODES:
            return f"exit {self.code}"
        return "memory" if self.peak_bytes > LIMIT_BYTES else ""

    def __str__(self) -> str:
        """One row of the report."""
        times = f"{self.wall_s:6.1f} s {self.cpu_s:6.1f} s CPU {self.peak_bytes / 1e9:5.2f} GB"
        return f"{self.fault or 'ok':8} {self.step:10} {times}  {self.said[:200]}"


def run_step(name: str, folder: Path, *options: str, limit_s: float = LIMIT_S) -> Outcome:
    """Run a step in a job folder, as a process group that ends at the time limit."""
    argv = [sys.executable, "-m", "steps", name, *options, f"--in={folder}", f"--out={folder}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CLIPMILL_LOG": "json"}
    log, began = folder / f"{name}.log", time.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
            env=environment, cwd=folder, start_new_session=True,
        )  # fmt: skip
    late = threading.Event()

    def end() -> None:
        late.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(limit_s, end)
    timer.start()
    _, status, used = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    lines = log.read_text(errors="replace").splitlines()
    return Outcome(
        step=name,
        code=None if late.is_set() else process.returncode,
        wall_s=time.monotonic() - began,
        cpu_s=used.ru_utime + used.ru_stime,
        peak_bytes=used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        said=_message(lines[-1]) if lines else "",
    )


def _message(line: str) -> str:
    """What a line of a step's log says."""
    try:
        event = json.loads(line)
    except ValueError:
        return line
    return str(event.get("message", event.get("event")))
