"""The DAG as data: tasks over steps; the edges follow from the artifacts that they exchange."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from pydantic.fields import FieldInfo

from steps.catalogue import NAMES, load_step
from steps.contract import Port, Step
from steps.contract.errors import BadInput
from steps.contract.params import Params, flag
from steps.model import artifacts

MAIN_PARAMS = (
    "source", "clips", "lengths", "at", "range", "platform", "style", "language", "captions",
    "layout",
)  # fmt: skip
"""The params that matter most, in the order of the help, of Argo's form and of the docs."""


@dataclass(frozen=True)
class FanOut:
    """One run of a task for each id of a list.

    Attributes:
        ids: the parameter port that holds the JSON list of ids.
        param: the step's param that receives one id.
        counts: the job's params whose product says how many ids to expect: a number, or names with
            commas between them.
    """

    ids: Port
    param: str
    counts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One use of a step in a DAG.

    Attributes:
        step: the step's declaration; a task has the name of its step.
        fan_out: run once per id, side by side.
        may_fail: later tasks go on with what the other runs of the fan-out made.
        fixed: params that this DAG decides, so a job has no such option.
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
        """All ports that must exist before it starts, with the fan-out's list."""
        return (*self.step.reads, self.fan_out.ids) if self.fan_out else self.step.reads

    @property
    def filled_in(self) -> set[str]:
        """The params that the DAG gives the step: fixed ones, and the fan-out's id."""
        return {*self.fixed, self.fan_out.param} if self.fan_out else set(self.fixed)

    def runs(self, ids: list[str]) -> list[tuple[str, dict[str, str]]]:
        """The name and the own params of each run: one, or one for each id."""
        if self.fan_out is None:
            return [(self.name, {})]
        return [(f"{self.name}-{item}", {self.fan_out.param: item}) for item in ids]


@dataclass(frozen=True)
class Dag:
    """Tasks in an order in which each reads only what earlier ones wrote.

    Attributes:
        name: what the chart and messages call it.
        tasks: the tasks.
        defaults: of params whose default is another one here than in their steps.
    """

    name: str
    tasks: tuple[Task, ...]
    defaults: Mapping[str, str] = field(default_factory=dict)

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

        A task that reads the receipts waits for every other task, since each writes one.
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
        """The job's params: `MAIN_PARAMS` first, then the others in the order of the steps.

        Params that the DAG itself fills in are not among them.
        """
        return {name: info for group in self.param_groups.values() for name, info in group.items()}

    @cached_property
    def param_groups(self) -> dict[str, dict[str, FieldInfo]]:
        """The job's params by the first step that has them; the main ones are under ""."""
        groups: dict[str, dict[str, FieldInfo]] = {"": {}}
        known: dict[str, FieldInfo] = {}
        for task in self.tasks:
            own = groups.setdefault(task.name, {})
            for name, info in task.step.params.model_fields.items():
                if name not in task.filled_in and name not in known:
                    known[name] = own[name] = self.with_default(name, info)
        groups[""] = {name: known[name] for name in MAIN_PARAMS if name in known}
        return {
            step: {name: info for name, info in group.items() if not step or name not in groups[""]}
            for step, group in groups.items()
        }

    def with_default(self, name: str, info: FieldInfo) -> FieldInfo:
        """A step's param, with the default that it has in this DAG."""
        if name not in self.defaults:
            return info
        changed = copy(info)
        changed.default = self.defaults[name]
        return changed

    def expected_runs(self, task: Task, values: Mapping[str, str]) -> int:
        """How many runs a task probably has, before an earlier task has written its ids."""
        counts = task.fan_out.counts if task.fan_out else ()
        given = (str(values.get(name, self.params[name].default)) for name in counts)
        return prod(int(text) if text.isdigit() else 1 + text.count(",") for text in given)

    def task_params(
        self,
        task: Task,
        values: Mapping[str, str],
        own: Mapping[str, str] | None = None,
    ) -> Params:
        """A task's checked params, from the job's params and its own.

        Raises:
            BadInput: a value is missing or out of bounds.
        """
        given = {**self.defaults, **values}
        chosen = {name: given[name] for name in task.step.params.model_fields if name in given}
        params: Params = task.step.params.parse({**chosen, **task.fixed, **(own or {})})
        return params

    def check_params(self, values: Mapping[str, str]) -> None:
        """Refuse unknown or bad job params before anything runs.

        Raises:
            BadInput: a param is unknown, missing or out of bounds; the line names the option.
        """
        for name in values:
            if name not in self.params:
                raise BadInput(f"{self.name} has no option {flag(name)}: see --help")
        for task in self.tasks:
            self.example_params(task, values)

    def example_params(self, task: Task, values: Mapping[str, str]) -> Params:
        """A task's checked params, with any id for a fan-out; raises as `task_params` does."""
        own = {task.fan_out.param: "clip_01"} if task.fan_out else {}
        return self.task_params(task, values, own)


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


PER_RENDITION = FanOut(ids=artifacts.CLIP_IDS, param="clip", counts=("clips", "aspect"))


def clips_dag() -> Dag:
    """The main pipeline: a long video in, vertical clips out."""
    tasks = (
        Task(step, PER_RENDITION, may_fail=True) if step.is_per_clip else Task(step)
        for step in map(load_step, NAMES)
    )
    return Dag("clips", tuple(tasks))


WHOLE = { "clips": "1", "lengths": "short", "min_gap_ms": "0",
    "chooser": "scorer", "llm_model": "", "llm_url": "", "answers": "", "prompt": "", "avoid": "",
    "audience": "", "text_language": "", "vision": "false", "profanity": "keep",
}  # fmt: skip
"""Params of highlight that decide nothing where `at` says what to look at, or only of its texts."""

UNMODERATED = {"moderation": "off", "classifier": "auto"}
"""Params of detect where no clip is made."""


def detect_dag() -> Dag:
    """Detection only, over the whole source or the ranges that `at` names."""
    return Dag(
        "detect",
        (
            Task(load_step("download")),
            Task(load_step("highlight"), fixed=WHOLE),
            Task(load_step("cut")),
            Task(load_step("detect"), fixed=UNMODERATED),
        ),
        defaults={"at": "0-end"},
    )


def step_arguments(
    step: Step[Any],
    values: Mapping[str, str],
    *,
    inputs: str,
    outputs: str,
    cache: str,
    job: str,
    attempt: str,
) -> list[str]:
    """The arguments of `python -m steps`, the same for a subprocess, a container and an Argo pod.

    Args:
        step: the declaration.
        values: a text for each param; on Argo, the tag that becomes one.
        inputs: the folder of inputs.
        outputs: the folder of outputs.
        cache: the URI of the cache, or empty.
        job: the job's id.
        attempt: how often the task was tried before.
    """
    return [
        step.name,
        f"--in={inputs}",
        f"--out={outputs}",
        f"--cache={cache}",
        f"--job={job}",
        f"--attempt={attempt}",
        *(f"{flag(name)}={values[name]}" for name in step.params.model_fields),
    ]
