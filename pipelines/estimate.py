"""What a job will take, from measured rates: processor time, time, memory, price. Pure.

The processor time of a step is a sum: for each run, for each second of the source or of its clips,
and for each million pixels of picture in those seconds. `rates.toml` has the figures of each step
and of each engine beyond its step; `make bench ARGS=rates` measures them again.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.dag import Dag, Task
from pipelines.prices import Prices
from pipelines.workload import Workload
from steps.contract.engines import Needs

RATES_FILE = Path(__file__).with_name("rates.toml")


@dataclass(frozen=True)
class Rate:
    """What a step takes, or what an engine adds to it, in processor seconds.

    Attributes:
        run: of each run.
        source_s: of a second of the source.
        source_mpx: of a million pixels of the source's picture, over the whole source.
        clip_s: of a second of the clips.
        clip_mpx: of a million pixels of the source's picture, over the clips.
        cores: processor seconds in a second, when nothing else runs.
        memory_mib: the most that its processes had.
    """

    run: float = 0.0
    source_s: float = 0.0
    source_mpx: float = 0.0
    clip_s: float = 0.0
    clip_mpx: float = 0.0
    cores: float = 1.0
    memory_mib: int = 0

    def cpu_s(self, work: Workload, runs: int) -> float:
        """Processor seconds of all runs of a step."""
        source = self.source_s + self.source_mpx * work.mpx_per_s
        clips = self.clip_s + self.clip_mpx * work.mpx_per_s
        return self.run * runs + source * work.source_s + clips * work.clip_s


@dataclass(frozen=True)
class Rates:
    """The table.

    Attributes:
        machine: where it was measured.
        length_share: where in the allowed lengths chosen clips are: 0 for the shortest.
        rates: by step, and by step and engine: `detect`, `detect.centerface`.
    """

    machine: str
    length_share: float
    rates: Mapping[str, Rate]


@cache
def measured_rates() -> Rates:
    """The table that the package carries."""
    table = tomllib.loads(RATES_FILE.read_text(encoding="utf-8"))
    return Rates(
        table["machine"],
        table["length_share"],
        {name: Rate(**row) for name, row in table["rates"].items()},
    )


@dataclass(frozen=True)
class StepEstimate:
    """What one step will take.

    Attributes:
        engines: by the param that chooses them.
        runs: as many as clips, for a step that runs once for each.
        wall_s: until its last run ends.
        cpu_s_per_source_minute: added for each minute of a source of unknown length.
        memory_mib: of one run.
        unmeasured: engines that the table has no rate for; their time is missing.
    """

    step: str
    engines: Mapping[str, str]
    runs: int
    wall_s: float
    cpu_s: float
    cpu_s_per_source_minute: float
    gpu_s: float
    memory_mib: int
    price: float
    unmeasured: tuple[str, ...] = ()


@dataclass(frozen=True)
class Estimate:
    """What a whole job will take.

    Attributes:
        wall_s: by the longest way through the DAG, and at least the processor time over the cores.
        memory_mib: of the largest run.
        machine: where the rates were measured.
    """

    workload: Workload
    steps: tuple[StepEstimate, ...]
    wall_s: float
    machine: str

    @property
    def memory_mib(self) -> int:
        """Of the largest run."""
        return max(one.memory_mib for one in self.steps)

    def total(self, name: str) -> float:
        """The sum of a figure over the steps."""
        return sum(float(getattr(one, name)) for one in self.steps)

    def as_json(self, prices: Prices) -> str:
        """For a Workflow's annotation: one line without spaces."""
        return json.dumps(self.as_dict(prices), separators=(",", ":"))

    def as_dict(self, prices: Prices) -> dict[str, Any]:
        """For `--json` and for a Workflow's annotation; rounded, without what is not known."""
        unknown = not self.workload.is_known
        return {
            "source_s": None if unknown else round(self.workload.source_s, 1),
            "clips": self.workload.clips,
            "clips_s": round(self.workload.clip_s, 1),
            **_figures(self, prices, unknown),
            "measured_on": self.machine,
            "steps": [
                {
                    "step": one.step,
                    "engines": dict(one.engines),
                    "runs": one.runs,
                    **_figures(one, prices, unknown),
                    "unmeasured": list(one.unmeasured),
                }
                for one in self.steps
            ],
        }


def _figures(one: Estimate | StepEstimate, prices: Prices, unknown: bool) -> dict[str, Any]:
    def of(name: str) -> float:
        return one.total(name) if isinstance(one, Estimate) else float(getattr(one, name))

    minute = of("cpu_s_per_source_minute")
    return {
        "wall_s": round(one.wall_s, 1),
        "cpu_s": round(of("cpu_s"), 1),
        "gpu_s": round(of("gpu_s"), 1),
        **({"cpu_s_per_source_minute": round(minute, 1)} if unknown else {}),
        "memory_mib": one.memory_mib,
        **({"price": round(of("price"), 6)} if prices.known else {}),
    }


def estimate(
    dag: Dag,
    values: Mapping[str, str],
    needs: Mapping[str, Needs],
    workload: Workload,
    cores: int | None,
    prices: Prices,
    table: Rates,
) -> Estimate:
    """What a job will take.

    Args:
        dag: what it runs.
        values: the job's params.
        needs: of each task with the job's params.
        workload: the source and the clips.
        cores: that all steps share; None for a cluster, where each run has those that it asks for.
        prices: of an hour.
        table: the rates.
    """
    steps = tuple(
        _step(task, needs[task.name], _share(dag, task, values, workload), cores, prices, table)
        for task in dag.tasks
    )
    walls = {one.step: one.wall_s for one in steps}
    shared = sum(one.cpu_s for one in steps) / cores if cores else 0.0
    return Estimate(workload, steps, max(_longest(dag, walls), shared), table.machine)


def _share(dag: Dag, task: Task, values: Mapping[str, str], workload: Workload) -> Workload:
    """What a step works on: a fan-out has each clip in every aspect."""
    copies = dag.expected_runs(task, {**values, "clips": "1"}) if task.fan_out else 1
    clips, clip_s = workload.clips * copies, workload.clip_s * copies
    return replace(workload, clips=clips, clip_s=clip_s)


def _step(
    task: Task, needs: Needs, workload: Workload, cores: int | None, prices: Prices, table: Rates
) -> StepEstimate:
    own = table.rates.get(task.name, Rate())
    names = {param: engine.name for param, engine in needs.engines.items()}
    keys = {name: f"{task.name}.{name}" for name in names.values()}
    added = [table.rates[key] for key in keys.values() if key in table.rates]
    runs = workload.clips if task.fan_out else 1
    cpu_s = sum(rate.cpu_s(workload, runs) for rate in (own, *added))
    per_minute = sum(rate.cpu_s(workload.minute, 0) for rate in (own, *added))
    width = min(own.cores, cores or needs.resources.cpu) * runs
    wall_s = cpu_s / min(width, cores or width)
    gpu_s = wall_s if needs.resources.gpu else 0.0
    return StepEstimate(
        step=task.name,
        engines=names,
        runs=runs,
        wall_s=wall_s,
        cpu_s=cpu_s,
        cpu_s_per_source_minute=0.0 if workload.is_known else per_minute,
        gpu_s=gpu_s,
        memory_mib=max(rate.memory_mib for rate in (own, *added)),
        price=prices.of(cpu_s, gpu_s),
        unmeasured=tuple(name for name, key in keys.items() if key not in table.rates),
    )


def _longest(dag: Dag, seconds: Mapping[str, float]) -> float:
    """The longest way through a Dag whose tasks take so long."""
    ends: dict[str, float] = {}
    for task in dag.tasks:
        before = max((ends[name] for name in dag.edges[task.name]), default=0.0)
        ends[task.name] = before + seconds[task.name]
    return max(ends.values())
