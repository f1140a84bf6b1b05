"""Walk a Dag with subprocesses: edges, fan-out, retries, time limits, partial success."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pipelines.dag import Dag, Task, step_arguments
from pipelines.environments.choice import Place
from pipelines.local.finished import Recognition
from pipelines.local.process import StepProcess, end_all, held_interrupts
from pipelines.local.task_runs import TaskRun, failure_of, remove_stale, task_runs, was_cached
from steps.contract import Params
from steps.contract.errors import HostFault, StepError, Transient
from steps.contract.identity import CacheOpener
from steps.contract.receipt import Failure, receipt_path
from steps.storage.cache import open_cache

POLL_S = 0.05
BACKOFF_S = 1.0
"""The wait before the first retry; it doubles with each."""
STEPS_COMMAND = (sys.executable, "-P", "-m", "steps")
"""Not from the folder that the user is in: it may hold a `steps` or a `random.py` of their own."""


class Listener:
    """Gets every change, on the executor's own thread; this base class ignores all of them.

    `name` is the name of a task's run: `transcribe`, `render-clip_01`.
    """

    def expected(self, runs: Mapping[str, int]) -> None:
        """How many runs each task has, as far as is known now."""

    def started(self, name: str) -> None:
        """A run has begun."""

    def progressed(self, name: str, percent: int) -> None:
        """A running process reports how far it is."""

    def finished(self, name: str, *, cached: bool) -> None:
        """A run has its outputs."""

    def retried(self, name: str, failure: Failure, in_s: float) -> None:
        """A run met a passing fault and will be tried again."""

    def failed(self, name: str, failure: Failure) -> None:
        """A run failed for good."""


class TaskFailed(StepError):
    """A task failed for good, and the job with it; carries the task's own exit code."""

    def __init__(self, name: str, failure: Failure) -> None:
        super().__init__(f"{name}: {failure.message}")
        self.name = name
        self.failure = failure
        self.exit_code = failure.exit_code  # type: ignore[misc]  # of this one failure


@dataclass(frozen=True)
class Settings:
    """How a Dag is walked.

    Attributes:
        folder: the job folder; inputs and outputs alike.
        job: the job's id.
        cache: URI of the cache of finished runs, or empty.
        workers: how many processes run at once.
        show_logs: whether the steps' logs go to our stderr instead of to files.
        command: the beginning of every step's argv.
        places: for a task whose engine has an environment of its own, the interpreter that takes
            the place of the command's, and whether it uses a GPU.
        lock: the descriptor of the folder's lock, for the steps to hold too.
        memory_mib: what steps that run at once may need together by their declarations; 0 for any
            amount. A single step always runs.
    """

    folder: Path
    job: str
    cache: str
    workers: int
    show_logs: bool = False
    command: tuple[str, ...] = STEPS_COMMAND
    places: Mapping[str, Place] = field(default_factory=dict)
    lock: int | None = None
    memory_mib: int = 0


@dataclass
class _Walk:
    """The state of one walk."""

    dag: Dag
    values: Mapping[str, str]
    settings: Settings
    listener: Listener
    scratch: Path
    expanded: dict[str, list[TaskRun]] = field(default_factory=dict)
    waiting: list[TaskRun] = field(default_factory=list)
    checks: dict[TaskRun, Recognition] = field(default_factory=dict)
    running: dict[TaskRun, StepProcess] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)
    news: threading.Event = field(default_factory=threading.Event)
    open_cache: CacheOpener = field(default_factory=lambda: cache(open_cache))


def run_dag(dag: Dag, values: Mapping[str, str], settings: Settings, listener: Listener) -> None:
    """Run every task of a Dag.

    Args:
        dag: what to run.
        values: the job's params, as texts.
        settings: where and how.
        listener: gets every change.

    Raises:
        TaskFailed: a task failed for good; the runs beside it were ended, finished work is kept.
        BadInput: a param is bad; nothing was started.
        KeyboardInterrupt: a signal arrived; every step was ended first.
    """
    dag.check_params(values)
    with tempfile.TemporaryDirectory(prefix="clipmill-") as scratch:
        walk = _Walk(dag, values, settings, listener, Path(scratch))
        listener.expected(_counts(walk))
        try:
            with held_interrupts() as check:
                while len(walk.ended) < len(dag.tasks):
                    check()
                    if not _advance(walk):
                        walk.news.wait(POLL_S)
                        walk.news.clear()
        finally:
            end_all(list(walk.running.values()))


def _advance(walk: _Walk) -> bool:
    """Look at everything once; return whether anything changed."""
    changed = False
    for task in walk.dag.tasks:
        ready = all(needed in walk.ended for needed in walk.dag.edges[task.name])
        if ready and task.name not in walk.expanded:
            _expand(walk, task)
            changed = True
    now = time.monotonic()
    for run in [item for item in walk.waiting if item.not_before <= now]:
        if len(walk.running) + len(walk.checks) >= walk.settings.workers:
            break
        if _may_be_finished(walk, run):
            _check(walk, run)
        elif _waits(walk, run):
            continue
        else:
            _start(walk, run)
        walk.waiting.remove(run)
        changed = True
    for run, check in list(walk.checks.items()):
        changed |= _settle(walk, run, check)
    for run, process in list(walk.running.items()):
        changed |= _look(walk, run, process)
    return changed


def _waits(walk: _Walk, run: TaskRun) -> bool:
    """Whether a run needs a GPU or memory that other runs have.

    One model at a time fits on a small card.
    """
    if _needs_gpu(walk, run) and any(_needs_gpu(walk, other) for other in walk.running):
        return True
    needed = sum(one.task.step.resources.memory_mib for one in (run, *walk.running))
    return bool(walk.running) and 0 < walk.settings.memory_mib < needed


def _needs_gpu(walk: _Walk, run: TaskRun) -> bool:
    return walk.settings.places.get(run.task.name, Place()).gpu


def _expand(walk: _Walk, task: Task) -> None:
    runs = task_runs(task, walk.settings.folder)
    remove_stale(task, runs, walk.settings.folder)
    walk.expanded[task.name] = runs
    walk.waiting += runs
    walk.listener.expected(_counts(walk))
    if not runs:
        walk.ended.add(task.name)


def _counts(walk: _Walk) -> dict[str, int]:
    """How many runs each task has: exactly once its ids are known, before that as expected."""
    return {
        task.name: len(walk.expanded[task.name])
        if task.name in walk.expanded
        else walk.dag.expected_runs(task, walk.values)
        for task in walk.dag.tasks
    }


def _may_be_finished(walk: _Walk, run: TaskRun) -> bool:
    """Whether a look may spare the step; only its own interpreter knows an engine's versions."""
    settings = walk.settings
    here = bool(settings.cache) and not settings.places.get(run.task.name, Place()).python
    fresh = not run.checked and run.attempt == 0
    return here and fresh and (settings.folder / receipt_path(run.name)).is_file()


def _check(walk: _Walk, run: TaskRun) -> None:
    settings, params = walk.settings, _params(walk, run)
    place = (settings.folder, settings.cache)
    check = Recognition(run.task.step, params, *place, walk.open_cache, walk.news.set)
    walk.checks[run] = check.start()
    walk.listener.started(run.name)


def _settle(walk: _Walk, run: TaskRun, check: Recognition) -> bool:
    if not check.ended:
        return False
    del walk.checks[run]
    if check.record is None:
        walk.waiting.insert(0, replace(run, checked=True))
        return True
    check.write(walk.settings.job, show_log=walk.settings.show_logs)
    walk.listener.finished(run.name, cached=True)
    _end(walk, run)
    return True


def _params(walk: _Walk, run: TaskRun) -> Params:
    return walk.dag.task_params(run.task, walk.values, dict(run.own))


def _start(walk: _Walk, run: TaskRun) -> None:
    settings, step = walk.settings, run.task.step
    folder = str(settings.folder)
    arguments = step_arguments(
        step,
        _params(walk, run).texts(),
        inputs=folder,
        outputs=folder,
        cache=settings.cache,
        job=settings.job,
        attempt=str(run.attempt),
    )
    place = settings.places.get(run.task.name, Place())
    program, *words = settings.command
    walk.running[run] = StepProcess.start(
        [place.python or program, *words, *arguments],
        variables=place.variables,
        log=settings.folder / "logs" / f"{run.name}.log",
        progress=walk.scratch / run.name,
        timeout_s=step.timeout_s,
        show_log=settings.show_logs,
        lock=settings.lock,
    )
    if run.attempt or not run.checked:
        walk.listener.started(run.name)


def _look(walk: _Walk, run: TaskRun, process: StepProcess) -> bool:
    code = process.code
    if code is None and not process.overdue:
        percent = process.percent
        if percent > walk.seen.get(run.name, -1):
            walk.seen[run.name] = percent
            walk.listener.progressed(run.name, percent)
        return False
    del walk.running[run]
    end_all([process])
    if code == 0:
        walk.listener.finished(run.name, cached=was_cached(run, walk.settings.folder))
        _end(walk, run)
        return True
    failure = failure_of(run, code, walk.settings.folder)
    if failure.exit_code == Transient.exit_code and run.attempt < run.task.step.retries:
        wait_s = BACKOFF_S * 2**run.attempt
        walk.waiting.append(run.again(time.monotonic() + wait_s))
        walk.listener.retried(run.name, failure, wait_s)
        return True
    walk.listener.failed(run.name, failure)
    if not run.task.may_fail or failure.exit_code == HostFault.exit_code:
        raise TaskFailed(run.name, failure)
    _end(walk, run)
    return True


def _end(walk: _Walk, run: TaskRun) -> None:
    task = run.task.name
    left = [item for item in (*walk.waiting, *walk.checks, *walk.running) if item.task.name == task]
    if not left:
        walk.ended.add(task)
