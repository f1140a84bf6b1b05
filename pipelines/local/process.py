"""One running step: a subprocess in a process group of its own, its log and its progress."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.contract.logs import FORMAT_VARIABLE
from steps.contract.progress import PROGRESS_VARIABLE, read_percent

GRACE_S = 10.0
"""After a polite signal, how long a step may take to end its children and clean up."""


@dataclass
class StepProcess:
    """A step that runs.

    Attributes:
        process: its leader.
        progress: the file in which it states its percent.
        deadline: of the monotonic clock, in seconds.
    """

    process: subprocess.Popen[bytes]
    progress: Path
    deadline: float

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        log: Path,
        progress: Path,
        timeout_s: float,
        *,
        show_log: bool,
        claim: int | None,
    ) -> StepProcess:
        """Start a step; its log goes to a file, or to our own stderr when it shall be seen."""
        log.parent.mkdir(parents=True, exist_ok=True)
        progress.unlink(missing_ok=True)
        environment = {**os.environ, PROGRESS_VARIABLE: str(progress)}
        if not show_log:
            environment[FORMAT_VARIABLE] = "json"
        with log.open("ab") as stream:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=None if show_log else stream,
                env=environment,
                start_new_session=True,
                pass_fds=() if claim is None else (claim,),
            )
        return cls(process, progress, time.monotonic() + timeout_s)

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self.process.poll()

    @property
    def percent(self) -> int:
        """How far it says it is."""
        return read_percent(self.progress)

    @property
    def overdue(self) -> bool:
        """Whether it has run for longer than it may."""
        return time.monotonic() > self.deadline


def end_all(processes: Sequence[StepProcess]) -> None:
    """End steps with all their children: politely first, and for certain after `GRACE_S`."""
    for running in processes:
        _signal(running, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    try:
        for running in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.process.wait(max(0.0, deadline - time.monotonic()))
    finally:  # after a second interrupt at once
        for running in processes:
            _signal(running, signal.SIGKILL)  # children that outlived their leader, too
            running.process.wait()


def _signal(running: StepProcess, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(running.process.pid, number)
