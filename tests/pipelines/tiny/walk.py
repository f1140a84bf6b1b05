"""A walk of the tiny Dag, in this process or in one of its own (`walking`)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.dag import Dag
from pipelines.local.executor import Listener, Settings, run_dag
from pipelines.local.folder import locked
from steps.contract.receipt import Failure
from tests.pipelines.tiny.dags import tiny_dag

COMMAND = (sys.executable, "-m", "tests.pipelines.tiny")


@dataclass
class Noted(Listener):
    """Keeps what the executor reports."""

    events: list[tuple[str, str]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def expected(self, runs: Mapping[str, int]) -> None:
        self.counts.append(sum(runs.values()))

    def started(self, name: str) -> None:
        self.events.append(("started", name))

    def progressed(self, name: str, percent: int) -> None:
        self.events.append((f"at {percent}", name))

    def finished(self, name: str, *, cached: bool) -> None:
        self.events.append(("cached" if cached else "finished", name))

    def retried(self, name: str, failure: Failure, in_s: float) -> None:
        self.events.append((f"retried {failure.error}", name))

    def failed(self, name: str, failure: Failure) -> None:
        self.events.append((f"failed {failure.exit_code}", name))

    def of(self, what: str) -> list[str]:
        return [name for event, name in self.events if event == what]


def run(
    folder: Path,
    dag: Dag | None = None,
    cache: str = "",
    workers: int = 2,
    lock: int | None = None,
    memory_mib: int = 0,
    command: tuple[str, ...] = COMMAND,
    **values: str,
) -> Noted:
    noted = Noted()
    settings = Settings(
        folder, "job-1", cache, workers, command=command, lock=lock, memory_mib=memory_mib
    )
    run_dag(dag or tiny_dag(), values, settings, noted)
    return noted


def walking(job: Path, cache: str = "", side_do: str = "ok") -> list[str]:
    """The argv of a walk in a process of its own, which holds the job's lock."""
    return [sys.executable, "-m", "tests.pipelines.tiny.walk", str(job), cache, side_do]


def main(words: list[str]) -> int:
    """Walk the job that the words name; see `walking`."""
    job, cache, side_do = words
    with locked(Path(job)) as held:
        run(Path(job), cache=cache, lock=held, side_do=side_do)
    return 0


if __name__ == "__main__":
    main(sys.argv[1:])
