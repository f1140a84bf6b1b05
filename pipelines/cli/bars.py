"""Progress on stderr: bars on a terminal, a line per event elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

from pipelines.local.events import Listener
from steps.contract.receipt import Failure


class Lines(Listener):
    """A line for every start and end, for logs and pipes."""

    def started(self, instance: str) -> None:
        """`render-clip_01: started`."""
        _say(f"{instance}: started")

    def finished(self, instance: str, *, cached: bool) -> None:
        """`render-clip_01: done`, or from the cache."""
        _say(f"{instance}: {'from the cache' if cached else 'done'}")

    def retried(self, instance: str, failure: Failure, in_s: float) -> None:
        """What went wrong, and when it is tried again."""
        _say(f"{instance}: {failure.message}; again in {in_s:.0f} s")

    def failed(self, instance: str, failure: Failure) -> None:
        """That it failed; why is said at the end."""
        _say(f"{instance}: failed")


class Bars(Listener):
    """A bar for each running task and one for all; use it as a context."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<18}"),
            BarColumn(bar_width=32),
            TaskProgressColumn(),
            Elapsed(),
            console=Console(stderr=True),
            transient=True,
        )
        self._all = self._progress.add_task("all", total=1)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal clean."""
        self._progress.stop()

    def expected(self, instances: int) -> None:
        """The length of the bar for all."""
        self._progress.update(self._all, total=instances)

    def started(self, instance: str) -> None:
        """A new bar, or that of an earlier attempt from its start."""
        if instance in self._tasks:
            self._progress.reset(self._tasks[instance], total=100)
        else:
            self._tasks[instance] = self._progress.add_task(instance, total=100)

    def progressed(self, instance: str, percent: int) -> None:
        """Move a bar."""
        self._progress.update(self._tasks[instance], completed=percent)

    def finished(self, instance: str, *, cached: bool) -> None:
        """A line that stays, instead of the bar."""
        self._close(instance, "[dim]from the cache[/dim]" if cached else "[green]done[/green]")

    def retried(self, instance: str, failure: Failure, in_s: float) -> None:
        """A line that says why."""
        self._progress.print(f"{instance}: {failure.message}; again in {in_s:.0f} s", markup=False)

    def failed(self, instance: str, failure: Failure) -> None:
        """A line that stays, instead of the bar; why is said at the end."""
        self._close(instance, "[red]failed[/red]")

    def _close(self, instance: str, word: str) -> None:
        task = self._tasks.pop(instance)
        seconds = self._progress.tasks[self._progress.task_ids.index(task)].elapsed or 0.0
        self._progress.remove_task(task)
        self._progress.advance(self._all)
        self._progress.print(f"{instance:<18} {word} [dim]{seconds:.1f} s[/dim]")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
