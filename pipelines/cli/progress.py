"""Progress on stderr: bars on a terminal, one line per finished step in a pipe."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed
from rich.text import Text

from pipelines.local.executor import Listener
from pipelines.tables import console, say
from steps.contract.receipt import Failure

LEAST_SHARE = 0.05
LEAST_S = 3.0
"""Before this share of the work and these seconds, a forecast would be a guess."""


@dataclass
class Forecast:
    """How much of a job's work is done, and how long the rest takes at the speed so far.

    Work from the cache counts neither as done nor as left, since it takes no time.

    Attributes:
        costs: the expected seconds of one run, by task.
        runs: how many runs each task has.
    """

    costs: Mapping[str, float]
    runs: Mapping[str, int] = field(default_factory=dict)
    _shares: dict[str, float] = field(default_factory=dict)
    _cached: set[str] = field(default_factory=set)

    def note(self, name: str, share: float, *, cached: bool = False) -> None:
        """Note that a run has done this share of its work."""
        self._shares[name] = share
        if cached:
            self._cached.add(name)

    @property
    def share(self) -> float:
        """The share of the job's work that is done, 0 to 1."""
        total = sum(self._cost(task) * count for task, count in self.runs.items())
        total -= sum(self._cost(name) for name in self._cached)
        done = sum(
            self._cost(name) * share
            for name, share in self._shares.items()
            if name not in self._cached
        )
        return min(1.0, done / total) if total > 0 else 1.0

    def left_s(self, elapsed_s: float) -> float | None:
        """The seconds that the rest takes; None while too little is known."""
        share = self.share
        if share < LEAST_SHARE or elapsed_s < LEAST_S:
            return None
        return elapsed_s * (1 - share) / share

    def _cost(self, name: str) -> float:
        task = name if name in self.runs else name.rpartition("-")[0]
        return self.costs.get(task, 1.0)


class Lines(Listener):
    """One line for each finished step, for logs and pipes."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def started(self, name: str) -> None:
        """Note the time."""
        self._since.setdefault(name, time.monotonic())

    def finished(self, name: str, *, cached: bool) -> None:
        """`render-clip_01: 12.3 s`, with a remark if it came from the cache."""
        say(f"{name}: {self._seconds(name)}{' from the cache' if cached else ''}")

    def retried(self, name: str, failure: Failure, in_s: float) -> None:
        """What went wrong, and when the run is tried again."""
        say(f"{name}: {failure.message}; trying again in {in_s:.0f} s")

    def failed(self, name: str, failure: Failure) -> None:
        """That the run failed; the last line of the command says why."""
        say(f"{name}: failed after {self._seconds(name)}")

    def _seconds(self, name: str) -> str:
        return f"{time.monotonic() - self._since[name]:.1f} s"


class Bars(Listener):
    """A bar for each running step and one for the whole job; use it as a context.

    Args:
        costs: the expected seconds of one run, by task. Only the ratios matter: the speed of this
            machine and of this source corrects them.
    """

    def __init__(self, costs: Mapping[str, float]) -> None:
        screen = console(error=True)
        self._progress = Progress(
            TextColumn("{task.description:<15}"),
            BarColumn(bar_width=max(8, min(32, screen.width - 52))),
            TaskProgressColumn(),
            Elapsed(),
            TextColumn("{task.fields[left]}"),
            console=screen,
            transient=True,
        )
        self._forecast = Forecast(costs)
        self._all = self._progress.add_task("all", total=1.0, left="")
        self._bars: dict[str, TaskID] = {}

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
        """Leave no bar on the terminal."""
        self._progress.stop()

    def expected(self, runs: Mapping[str, int]) -> None:
        """Correct the whole job's work."""
        self._forecast.runs = dict(runs)
        self._show_all()

    def started(self, name: str) -> None:
        """Add a bar, or set the bar of an earlier attempt back to its start."""
        if name in self._bars:
            self._progress.reset(self._bars[name], total=100)
        else:
            self._bars[name] = self._progress.add_task(name, total=100, left="")

    def progressed(self, name: str, percent: int) -> None:
        """Move a bar."""
        self._progress.update(self._bars[name], completed=percent)
        self._forecast.note(name, percent / 100)
        self._show_all()

    def finished(self, name: str, *, cached: bool) -> None:
        """Print a line that stays in place of the bar."""
        self._forecast.note(name, 1.0, cached=cached)
        word = Text("from the cache", "dim") if cached else Text("done", "green")
        self._close(name, word)

    def retried(self, name: str, failure: Failure, in_s: float) -> None:
        """Print a line that says why."""
        self._progress.print(f"{name}: {failure.message}; trying again in {in_s:.0f} s")

    def failed(self, name: str, failure: Failure) -> None:
        """Print a line in place of the bar; the last line of the command says why."""
        self._forecast.note(name, 1.0)
        self._close(name, Text("failed", "red"))

    def _close(self, name: str, word: Text) -> None:
        bar = self._bars.pop(name)
        seconds = self._progress.tasks[self._progress.task_ids.index(bar)].elapsed or 0.0
        self._progress.remove_task(bar)
        self._show_all()
        self._progress.print(Text.assemble(f"{name:<15} ", word, " ", (f"{seconds:.1f} s", "dim")))

    def _show_all(self) -> None:
        elapsed = self._progress.tasks[self._progress.task_ids.index(self._all)].elapsed or 0.0
        left = self._forecast.left_s(elapsed)
        self._progress.update(
            self._all,
            completed=self._forecast.share,
            left="" if left is None else f"about {_duration(left)} left",
        )


def _duration(seconds: float) -> str:
    """`40 s`, `3 min`, `1 h 20 min`: no more precise than a forecast is."""
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
