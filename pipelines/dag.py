"""The DAG as data: tasks over steps, with edges that follow from the artifacts they exchange."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic.fields import FieldInfo

from steps.catalogue import NAMES, load_step
from steps.contract import Port, Step
from steps.contract.errors import BadInput
from steps.contract.params import Params, flag
from steps.model import artifacts


@dataclass(frozen=True)
class FanOut:
    """One run of a task for each id of a list.

    Attributes:
        ids: the parameter port that holds the JSON list of ids.
        param: the step's param that receives one id.
    """

    ids: Port
    param: str


@dataclass(frozen=True)
class Task:
    """One use of a step in a DAG.

    Attributes:
        step: its declaration; a task is called as its step is.
        fan_out: run once per id, side by side.
        may_fail: later tasks go on with what the others of the fan-out made.
        fixed: params that this DAG decides, so that a job has no such option.
    """

    step: Step[Any]
    fan_out: FanOut | None = None
    may_fail: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The step's name."""
        return self.step.name

    @property
    def inputs(self) -> tuple[Port, ...]:
        """All ports that must be there before it starts, the fan-out's list among them."""
        return (*self.step.reads, self.fan_out.ids) if self.fan_out else self.step.reads

    def instances(self, ids: list[str]) -> list[tuple[str, dict[str, str]]]:
        """Name and own params of each run: one, or one for each id."""
        if self.fan_out is None:
            return [(self.name, {})]
        return [(f"{self.name}-{item}", {self.fan_out.param: item}) for item in ids]


@dataclass(frozen=True)
class Dag:
    """Tasks in an order in which each reads only what earlier ones wrote."""

    name: str
    tasks: tuple[Task, ...]

    def task(self, name: str) -> Task:
        """The task of that name."""
        return next(task for task in self.tasks if task.name == name)

    def writer(self, port: Port) -> Task | None:
        """The task that writes a port: the very path, else a folder that holds it."""
        exact = [
            task for task in self.tasks if any(port.path == out.path for out in task.step.writes)
        ]
        holding = (
            task
            for task in self.tasks
            if any(out.is_folder and port.path.startswith(out.path) for out in task.step.writes)
        )
        return exact[0] if exact else next(holding, None)

    @cached_property
    def edges(self) -> dict[str, tuple[str, ...]]:
        """For each task, in order, the tasks that it waits for.

        Whoever reads the receipts waits for every other task, since each writes one.
        """
        found: dict[str, tuple[str, ...]] = {}
        for task in self.tasks:
            if any(port.path == artifacts.RECEIPTS.path for port in task.inputs):
                needed = {other.name for other in self.tasks if other is not task}
            else:
                writers = (self.writer(port) for port in task.inputs)
                needed = {writer.name for writer in writers if writer is not None}
            found[task.name] = tuple(other.name for other in self.tasks if other.name in needed)
        return found

    @cached_property
    def params(self) -> dict[str, FieldInfo]:
        """The job's params: those of all steps, but the ones that the DAG itself fills in."""
        found: dict[str, FieldInfo] = {}
        for task in self.tasks:
            own = {*task.fixed, task.fan_out.param} if task.fan_out else set(task.fixed)
            for name, info in task.step.params.model_fields.items():
                if name not in own:
                    found.setdefault(name, info)
        return found

    def task_params(
        self,
        task: Task,
        values: Mapping[str, str],
        own: Mapping[str, str] | None = None,
    ) -> Params:
        """A task's checked params, out of the job's and of its own.

        Raises:
            BadInput: a value is missing or out of bounds.
        """
        chosen = {name: values[name] for name in task.step.params.model_fields if name in values}
        params: Params = task.step.params.parse({**chosen, **task.fixed, **(own or {})})
        return params

    def check_params(self, values: Mapping[str, str]) -> None:
        """Refuse unknown or bad job params before anything runs.

        Raises:
            BadInput: the line names the option.
        """
        for name in values:
            if name not in self.params:
                raise BadInput(f"{flag(name)} is no option of {self.name}")
        for task in self.tasks:
            own = {task.fan_out.param: "clip_01"} if task.fan_out else {}
            self.task_params(task, values, own)


def ancestors(edges: Mapping[str, Iterable[str]], name: str) -> set[str]:
    """All tasks that must end before one may start; holds the task itself in a circle."""
    found: set[str] = set()
    ahead = list(edges.get(name, ()))
    while ahead:
        task = ahead.pop()
        if task not in found:
            found.add(task)
            ahead += edges.get(task, ())
    return found


PER_CLIP = FanOut(ids=artifacts.CLIP_IDS, param="clip")


def clips_dag() -> Dag:
    """The main pipeline: a long video in, vertical clips out."""
    tasks = (
        Task(step, PER_CLIP, may_fail=True) if step.is_per_clip else Task(step)
        for step in map(load_step, NAMES)
    )
    return Dag("clips", tuple(tasks))


WHOLE = {"at": "0-end", "clips": "1", "lengths": "short", "min_gap_ms": "0"}
"""Params of highlight that make one clip of the whole source."""


def detect_dag() -> Dag:
    """Detection alone, over the whole source: shots, faces and who speaks."""
    return Dag(
        "detect",
        (
            Task(load_step("download")),
            Task(load_step("highlight"), fixed=WHOLE),
            Task(load_step("cut")),
            Task(load_step("detect")),
        ),
    )
