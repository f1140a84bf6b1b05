"""One running step: a subprocess in a process group of its own, its log and its progress."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from steps.contract.context import PROGRESS_VARIABLE, read_percent
from steps.contract.logs import FORMAT_VARIABLE
from steps.startup import KERNEL_CAN_WATCH, PARENT_VARIABLE, heeded, watch_before_exec

GRACE_S = 10.0
"""How long a step may take after SIGTERM to end its children and clean up."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class StepProcess:
    """A running step.

    Attributes:
        process: the leader of the step's process group.
        progress: the file in which the step writes its percent.
        deadline: on the monotonic clock, in seconds.
        lifeline: the write end of a pipe; when it closes, the step ends (see `steps.startup`).
    """

    process: subprocess.Popen[bytes]
    progress: Path
    deadline: float
    lifeline: int

    @classmethod
    def start(
        cls,
        argv: Sequence[str],
        variables: Mapping[str, str],
        log: Path,
        progress: Path,
        timeout_s: float,
        *,
        show_log: bool,
        lock: int | None,
    ) -> StepProcess:
        """Start a step.

        Args:
            argv: the command.
            variables: added to this process's environment.
            log: the file that gets the step's log, unless `show_log` sends it to our stderr.
            progress: where the step writes its percent.
            timeout_s: how long it may run.
            show_log: whether the log goes to our stderr.
            lock: the descriptor of the job folder's lock, for the step to hold too.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        progress.unlink(missing_ok=True)
        watched, lifeline = os.pipe()
        environment = {
            **os.environ,
            **variables,
            PROGRESS_VARIABLE: str(progress),
            PARENT_VARIABLE: str(watched),
        }
        if not show_log:
            environment[FORMAT_VARIABLE] = "json"
        try:
            with log.open("ab") as stream:
                process = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=stream,
                    stderr=None if show_log else stream,
                    env=environment,
                    start_new_session=True,
                    pass_fds=(watched,) if lock is None else (watched, lock),
                    preexec_fn=partial(watch_before_exec, watched, lifeline)
                    if KERNEL_CAN_WATCH
                    else None,
                )
        except BaseException:
            os.close(lifeline)
            raise
        finally:
            os.close(watched)
        return cls(process, progress, time.monotonic() + timeout_s, lifeline)

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while the step runs."""
        return self.process.poll()

    @property
    def percent(self) -> int:
        """How far the step says it is."""
        return read_percent(self.progress)

    @property
    def overdue(self) -> bool:
        """Whether the step has run for longer than it may."""
        return time.monotonic() > self.deadline


def end_all(processes: Sequence[StepProcess]) -> None:
    """End steps with all their children: SIGTERM first, SIGKILL after `GRACE_S`."""
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
            os.close(running.lifeline)


@contextlib.contextmanager
def held_interrupts() -> Iterator[Callable[[], None]]:
    """Hold the signals that end a program, in the main thread.

    So an interrupt never falls between the start of a process and the line that notes it.

    Yields:
        A function that raises `KeyboardInterrupt` if one of the signals came meanwhile.
    """
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    before = {number: signal.signal(number, note) for number in heeded(*SIGNALS)}
    try:
        yield check
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signal(running: StepProcess, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(running.process.pid, number)
