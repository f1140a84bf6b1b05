"""Instances of tasks: one run each, and what is in the job folder about it."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.dag import Dag, Task
from steps.contract.errors import HostFault, OverLimit, Transient
from steps.contract.receipt import (
    RECEIPTS_FOLDER,
    Failure,
    Receipt,
    RunRecord,
    receipt_path,
    record_path,
)


@dataclass(frozen=True)
class Instance:
    """One run of a task.

    Attributes:
        task: of the Dag.
        name: the task's, with the id behind it in a fan-out.
        own: params of its own, as pairs.
        attempt: how often it was tried before.
        not_before: of the monotonic clock, in seconds.
    """

    task: Task = field(compare=False)
    name: str
    own: tuple[tuple[str, str], ...] = ()
    attempt: int = 0
    not_before: float = 0.0

    def again(self, not_before: float) -> Instance:
        """The next attempt."""
        return replace(self, attempt=self.attempt + 1, not_before=not_before)


def expand(dag: Dag, task: Task, folder: Path) -> list[Instance]:
    """The instances of a task: one, or one for each id that an earlier task wrote."""
    ids: list[str] = []
    if task.fan_out is not None:
        ids = json.loads((folder / task.fan_out.ids.resolve()).read_bytes())
    return [Instance(task, name, tuple(sorted(own.items()))) for name, own in task.instances(ids)]


def remove_stale(task: Task, instances: list[Instance], folder: Path) -> None:
    """Take away what an earlier plan of the same job made for ids that are gone."""
    if task.fan_out is None:
        return
    names = {item.name for item in instances}
    for path in sorted((folder / RECEIPTS_FOLDER).glob(f"{task.name}-*.json")):
        if path.stem in names:
            continue
        for output in Receipt.from_file(path).outputs:
            (folder / output.path).unlink(missing_ok=True)
        (folder / record_path(path.stem)).unlink(missing_ok=True)
        path.unlink()


def was_cached(instance: Instance, folder: Path) -> bool:
    """Whether an instance's outputs came from the cache."""
    path = folder / record_path(instance.name)
    return path.is_file() and RunRecord.from_file(path).cache_hit


def failure_of(instance: Instance, code: int | None, folder: Path) -> Failure:
    """Why an instance failed: its receipt says so, unless it was lost or took too long."""
    if code is None:
        return Failure(
            exit_code=OverLimit.exit_code,
            error="Timeout",
            message=f"took longer than {instance.task.step.timeout_s} s and was stopped",
        )
    path = folder / receipt_path(instance.name)
    receipt = Receipt.from_file(path) if path.is_file() else None
    if receipt is not None and receipt.failure is not None and code == receipt.failure.exit_code:
        return receipt.failure
    if code < 0:
        name = signal.Signals(-code).name
        hint = ": the machine may be short of memory" if -code == signal.SIGKILL else ""
        return Failure(
            exit_code=Transient.exit_code, error="Lost", message=f"was killed by {name}{hint}"
        )
    log = folder / "logs" / f"{instance.name}.log"
    if code == HostFault.exit_code:  # on a full disk, not even the receipt could be written
        message = f"this machine has no space, memory or permission left for it: see {log}"
        return Failure(exit_code=code, error=HostFault.__name__, message=message)
    return Failure(exit_code=code, error="Bug", message=f"ended with code {code}: see {log}")
