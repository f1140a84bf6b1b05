"""Runs of tasks: one per task, or one per id of a fan-out, and their traces in the job folder."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.dag import Task
from steps.contract.errors import INTERRUPTED_EXIT_CODE, HostFault, OverLimit, Transient
from steps.contract.folders import forget_earlier, runs_of, take_back
from steps.contract.receipt import (
    Failure,
    Receipt,
    RunRecord,
    receipt_path,
    record_path,
)


@dataclass(frozen=True)
class TaskRun:
    """One run of a task.

    Attributes:
        task: the task in the Dag.
        name: the task's name, followed by the id in a fan-out.
        own: params that only this run has, as pairs.
        attempt: how often it was tried before.
        not_before: the earliest start, on the monotonic clock, in seconds.
        checked: whether it was looked at and is not finished.
    """

    task: Task = field(compare=False)
    name: str
    own: tuple[tuple[str, str], ...] = ()
    attempt: int = 0
    not_before: float = 0.0
    checked: bool = False

    def again(self, not_before: float) -> TaskRun:
        """The next attempt."""
        return replace(self, attempt=self.attempt + 1, not_before=not_before)


def task_runs(task: Task, folder: Path) -> list[TaskRun]:
    """The runs of a task: one, or one for each id that an earlier task wrote."""
    ids: list[str] = []
    if task.fan_out is not None:
        ids = json.loads((folder / task.fan_out.ids.resolve()).read_bytes())
    return [TaskRun(task, name, tuple(sorted(own.items()))) for name, own in task.runs(ids)]


def remove_stale(task: Task, runs: list[TaskRun], folder: Path) -> None:
    """Remove what an earlier plan of the same job made for ids that the plan no longer has."""
    if task.fan_out is None:
        return
    names = {run.name for run in runs}
    for name in sorted(runs_of(folder, task.name) - names):
        for output in take_back(folder, name):
            (folder / output).unlink(missing_ok=True)
        forget_earlier(folder, name)
        (folder / record_path(name)).unlink(missing_ok=True)


def was_cached(run: TaskRun, folder: Path) -> bool:
    """Whether a run's outputs came from the cache."""
    path = folder / record_path(run.name)
    return path.is_file() and RunRecord.from_file(path).cache_hit


def failure_of(run: TaskRun, code: int | None, folder: Path) -> Failure:
    """Why a run failed: its receipt says so, unless the process was lost or took too long."""
    if code is None:
        return Failure(
            exit_code=OverLimit.exit_code,
            error="Timeout",
            message=f"took longer than {run.task.step.timeout_s} s and was stopped",
        )
    path = folder / receipt_path(run.name)
    receipt = Receipt.from_file(path) if path.is_file() else None
    if receipt is not None and receipt.failure is not None and code == receipt.failure.exit_code:
        return receipt.failure
    if code < 0 or code == INTERRUPTED_EXIT_CODE:
        name = signal.Signals(-code).name if code < 0 else signal.SIGTERM.name
        hint = ": the machine may be short of memory" if -code == signal.SIGKILL else ""
        return Failure(
            exit_code=Transient.exit_code, error="Lost", message=f"was killed by {name}{hint}"
        )
    log = folder / "logs" / f"{run.name}.log"
    if code == HostFault.exit_code:  # on a full disk, not even the receipt could be written
        message = f"this machine has no space, memory or permission left for it: see {log}"
        return Failure(exit_code=code, error=HostFault.__name__, message=message)
    return Failure(exit_code=code, error="Bug", message=f"ended with code {code}: see {log}")
