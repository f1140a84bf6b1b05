"""What `--dry-run` shows: the steps of a job, their engines, and what they will take."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from pipelines.dag import Dag
from pipelines.estimate import Estimate, estimate, measured_rates
from pipelines.job import Job
from pipelines.prices import Prices
from pipelines.tables import console, table
from pipelines.workload import USUAL_MPX_PER_S, USUAL_RATE, pixel_rate, workload
from steps.contract.cores import usable_cores
from steps.contract.engines import Needs
from steps.contract.params import Params
from steps.contract.weights import Weights
from steps.storage.locator import parse


@dataclass(frozen=True)
class Plan:
    """A job before it starts.

    Attributes:
        lacks: why an engine cannot be used here yet, with the remedy, once each.
        missing: models that are not on this machine.
    """

    job: Job
    estimate: Estimate
    lacks: tuple[str, ...] = ()
    missing: tuple[Weights, ...] = ()


def estimate_of(dag: Dag, job: Job, prices: Prices, *, on_cluster: bool = False) -> Estimate:
    """What a job will take. It opens a local source to learn its length, and writes nothing.

    Args:
        dag: what the job runs.
        job: its params are checked.
        prices: of an hour.
        on_cluster: each run has cores of its own.

    Raises:
        BadInput: a span is outside the source.
        UnsupportedMedia, OverLimit: the source cannot be used.
    """
    params = _params(dag, job)
    cores = None if on_cluster else usable_cores()
    return _estimate(dag, job, params, _needs(dag, params), prices, cores)


def plan_of(dag: Dag, job: Job, prices: Prices) -> Plan:
    """The plan of a job here, with what is missing for it; raises as `estimate_of` does."""
    from pipelines.environments.choice import lack_of, packages_seen

    params = _params(dag, job)
    needs = _needs(dag, params)
    made = _estimate(dag, job, params, needs, prices, usable_cores())
    missing: dict[str, Weights] = {}
    for need in needs.values():
        with packages_seen(need.environment):
            missing |= {one.name: one for one in need.weights if not one.is_here}
    lacks = {
        f"{engine.name}: {reason}": None
        for name, need in needs.items()
        for engine in need.engines.values()
        if (reason := lack_of(engine, params[name])) and not _is_told(reason, missing)
    }
    return Plan(job, made, tuple(lacks), tuple(missing.values()))


def _estimate(
    dag: Dag,
    job: Job,
    params: Mapping[str, Params],
    needs: Mapping[str, Needs],
    prices: Prices,
    cores: int | None,
) -> Estimate:
    rates = measured_rates()
    duration_ms, mpx_per_s = _looked_at(job)
    work = workload(params["highlight"], duration_ms, rates.length_share, mpx_per_s)  # type: ignore[arg-type]  # of that step
    return estimate(dag, job.values, needs, work, cores, prices, rates)


def _params(dag: Dag, job: Job) -> dict[str, Params]:
    return {task.name: dag.example_params(task, job.values) for task in dag.tasks}


def _needs(dag: Dag, params: Mapping[str, Params]) -> dict[str, Needs]:
    from pipelines.environments.choice import planned

    return {task.name: task.step.needs(params[task.name], planned) for task in dag.tasks}


def _is_told(reason: str, missing: Mapping[str, Weights]) -> bool:
    """Whether an engine lacks a model only: models are listed with their sizes."""
    return any(f"models fetch {name}" in reason for name in missing)


def _looked_at(job: Job) -> tuple[int, float]:
    """The length of the source, 0 where nobody can know yet, and the pixels of a second of it."""
    from steps.media.probe import probe

    place = parse(job.values["source"])
    if place.kind != "file":
        return 0, USUAL_MPX_PER_S
    media = probe(place.path)
    video = media.best_video
    if video is None:
        return media.duration_ms, 0.0
    return media.duration_ms, pixel_rate(video.size, video.rate or USUAL_RATE)


def as_dict(plan: Plan, prices: Prices) -> dict[str, Any]:
    """The plan as one object, for `--json`."""
    return {
        "job": plan.job.id,
        "source": plan.job.values["source"],
        **plan.estimate.as_dict(prices),
        "lacks": list(plan.lacks),
        "fetch": [
            {
                "model": one.name,
                "size_bytes": one.size_bytes,
                "command": f"clipmill models fetch {one.name}",
            }
            for one in plan.missing
        ],
    }


def show(plan: Plan, prices: Prices, *, as_json: bool) -> None:
    """Print the plan on stdout."""
    if as_json:
        sys.stdout.write(json.dumps(as_dict(plan, prices), ensure_ascii=False) + "\n")
        return
    known = plan.estimate.workload.is_known
    minute = () if known else ("cpu a source minute",)
    price = ("price",) if prices.known else ()
    rows = table("step", "engines", "runs", "time", "cpu", *minute, "memory", *price)
    for one in plan.estimate.steps:
        unmeasured = [f"{name} (no rate)" for name in one.unmeasured]
        names = [name for name in one.engines.values() if name not in one.unmeasured]
        rows.add_row(
            one.step,
            Text(", ".join([*names, *unmeasured])),
            str(one.runs),
            _seconds(one.wall_s),
            _seconds(one.cpu_s),
            *(() if known else (_seconds(one.cpu_s_per_source_minute),)),
            f"{one.memory_mib} MiB",
            *((f"{one.price:.4f}",) if prices.known else ()),
        )
    screen = console()
    screen.print(rows)
    for line in (*_totals(plan.estimate, prices), *_needed(plan)):
        screen.print(Text(line), soft_wrap=True)


def _totals(made: Estimate, prices: Prices) -> list[str]:
    work, cpu_s = made.workload, made.total("cpu_s")
    price = f", price {made.total('price'):.4f}" if prices.known else ""
    clips = f"{work.clips} clip{'' if work.clips == 1 else 's'} of {_seconds(work.clip_s)} together"
    total = f"about {_seconds(made.wall_s)}, {_seconds(cpu_s)} of processor cores{price}"
    if not work.is_known:
        more = made.total("cpu_s_per_source_minute")
        at = f" and {prices.of(more, 0):.4f}" if prices.known else ""
        total += f"; and {_seconds(more)} of processor cores{at} for each minute of the source"
    length = (
        f"source of {_seconds(work.source_s)}"
        if work.is_known
        else "the length of the source is not known before it is fetched"
    )
    lines = [f"{length}; {clips}", f"{total} (rates measured on {made.machine})"]
    if any(one.unmeasured for one in made.steps):
        lines.append("an engine without a rate is not in these figures")
    return lines


def _needed(plan: Plan) -> list[str]:
    lines = list(plan.lacks)
    for one in plan.missing:
        text = f"{one.size_bytes / 1e6:.0f} MB" if one.size_bytes else "size unknown"
        lines.append(f"missing model {one.name} ({text}): run `clipmill models fetch {one.name}`")
    return [*lines, f"nothing was started; the job would be {plan.job.id}"]


def _seconds(seconds: float) -> str:
    """`4.2 s`, `95 s`, `12 min`."""
    if seconds < 600:
        return f"{seconds:.1f} s" if seconds < 100 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
