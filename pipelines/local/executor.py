"""Walk a Dag with subprocesses: edges, fan-out, retries, time limits, partial success."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.commands import step_arguments
from pipelines.dag import Dag, Task
from pipelines.local.events import Listener
from pipelines.local.instances import Instance, expand, failure_of, remove_stale, was_cached
from pipelines.local.interrupts import held_interrupts
from pipelines.local.process import StepProcess, end_all
from steps.contract.errors import HostFault, StepError, Transient
from steps.contract.receipt import Failure

POLL_S = 0.05
BACKOFF_S = 1.0
"""The wait before the first retry; it doubles with each."""
STEPS_COMMAND = (sys.executable, "-m", "steps")


class TaskFailed(StepError):
    """A task failed for good, and with it the job; carries the task's own exit code."""

    def __init__(self, instance: str, failure: Failure) -> None:
        super().__init__(f"{instance}: {failure.message}")
        self.instance = instance
        self.failure = failure
        self.exit_code = failure.exit_code  # type: ignore[misc]  # of this one failure


@dataclass(frozen=True)
class Settings:
    """How a Dag is walked.

    Attributes:
        folder: the job folder; inputs and outputs alike.
        job: the job's id.
        cache: URI of finished runs, or empty.
        workers: processes at once.
        show_logs: whether the steps' logs go to our stderr instead of to files.
        command: what starts a step.
        claim: file descriptor of the claim on the folder, for the steps to hold too.
    """

    folder: Path
    job: str
    cache: str
    workers: int
    show_logs: bool = False
    command: tuple[str, ...] = STEPS_COMMAND
    claim: int | None = None


@dataclass
class _Walk:
    """The state of one walk."""

    dag: Dag
    values: Mapping[str, str]
    settings: Settings
    listener: Listener
    scratch: Path
    expanded: dict[str, list[Instance]] = field(default_factory=dict)
    waiting: list[Instance] = field(default_factory=list)
    running: dict[Instance, StepProcess] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)


def run_dag(dag: Dag, values: Mapping[str, str], settings: Settings, listener: Listener) -> None:
    """Run every task of a Dag.

    Args:
        dag: what to run.
        values: the job's params, as texts.
        settings: where and how.
        listener: told what happens.

    Raises:
        TaskFailed: a task failed for good; what runs beside it was ended, what is done is kept.
        BadInput: a param is bad; nothing was started.
        KeyboardInterrupt: a signal said to end; every step was ended first.
    """
    dag.check_params(values)
    with tempfile.TemporaryDirectory(prefix="clipmill-") as scratch:
        walk = _Walk(dag, values, settings, listener, Path(scratch))
        listener.expected(len(dag.tasks))
        try:
            with held_interrupts() as check:
                while len(walk.ended) < len(dag.tasks):
                    check()
                    if not _advance(walk):
                        time.sleep(POLL_S)
        finally:
            end_all(list(walk.running.values()))


def _advance(walk: _Walk) -> bool:
    """One look at everything; returns whether anything changed."""
    changed = False
    for task in walk.dag.tasks:
        ready = all(needed in walk.ended for needed in walk.dag.edges[task.name])
        if ready and task.name not in walk.expanded:
            _expand(walk, task)
            changed = True
    now = time.monotonic()
    for instance in [item for item in walk.waiting if item.not_before <= now]:
        if len(walk.running) < walk.settings.workers:
            walk.waiting.remove(instance)
            _start(walk, instance)
            changed = True
    for instance, process in list(walk.running.items()):
        changed |= _look(walk, instance, process)
    return changed


def _expand(walk: _Walk, task: Task) -> None:
    instances = expand(walk.dag, task, walk.settings.folder)
    remove_stale(task, instances, walk.settings.folder)
    walk.expanded[task.name] = instances
    walk.waiting += instances
    total = sum(len(walk.expanded.get(other.name, [other])) for other in walk.dag.tasks)
    walk.listener.expected(total)
    if not instances:
        walk.ended.add(task.name)


def _start(walk: _Walk, instance: Instance) -> None:
    settings, step = walk.settings, instance.task.step
    params = walk.dag.task_params(instance.task, walk.values, dict(instance.own))
    folder = str(settings.folder)
    arguments = step_arguments(
        step,
        params.texts(),
        inputs=folder,
        outputs=folder,
        cache=settings.cache,
        job=settings.job,
        attempt=str(instance.attempt),
    )
    walk.running[instance] = StepProcess.start(
        [*settings.command, *arguments],
        log=settings.folder / "logs" / f"{instance.name}.log",
        progress=walk.scratch / instance.name,
        timeout_s=step.timeout_s,
        show_log=settings.show_logs,
        claim=settings.claim,
    )
    walk.listener.started(instance.name)


def _look(walk: _Walk, instance: Instance, process: StepProcess) -> bool:
    code = process.code
    if code is None and not process.overdue:
        percent = process.percent
        if percent > walk.seen.get(instance.name, -1):
            walk.seen[instance.name] = percent
            walk.listener.progressed(instance.name, percent)
        return False
    del walk.running[instance]
    end_all([process])
    if code == 0:
        walk.listener.finished(instance.name, cached=was_cached(instance, walk.settings.folder))
        _end(walk, instance)
        return True
    failure = failure_of(instance, code, walk.settings.folder)
    if failure.exit_code == Transient.exit_code and instance.attempt < instance.task.step.retries:
        wait_s = BACKOFF_S * 2**instance.attempt
        walk.waiting.append(instance.again(time.monotonic() + wait_s))
        walk.listener.retried(instance.name, failure, wait_s)
        return True
    walk.listener.failed(instance.name, failure)
    if not instance.task.may_fail or failure.exit_code == HostFault.exit_code:
        raise TaskFailed(instance.name, failure)
    _end(walk, instance)
    return True


def _end(walk: _Walk, instance: Instance) -> None:
    task = instance.task.name
    left = [item for item in (*walk.waiting, *walk.running) if item.task.name == task]
    if not left:
        walk.ended.add(task)
