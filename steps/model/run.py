"""run.json: who ran what, when, where and for how long: what may differ between two runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from steps.contract import Document
from steps.contract.receipt import RunRecord


class Run(Document):
    """The last run of every task of a job, in order of their start.

    Attributes:
        job: the job's id.
        executor: `local` or `argo`.
        tasks: one record each; `attempt` counts the tries before the one that is recorded.
    """

    kind: Literal["clipmill/run@1"] = "clipmill/run@1"
    job: str
    executor: Literal["local", "argo"]
    tasks: tuple[RunRecord, ...]


def merge_records(
    job: str, executor: Literal["local", "argo"], records: Iterable[RunRecord]
) -> Run:
    """Join the records of a job's tasks; of two records of a task, the later one counts."""
    latest: dict[str, RunRecord] = {}
    for record in sorted(records, key=lambda item: item.started):
        latest[record.task] = record
    ordered = sorted(latest.values(), key=lambda item: (item.started, item.task))
    return Run(job=job, executor=executor, tasks=tuple(ordered))
