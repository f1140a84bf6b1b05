"""clipmill cost: what a job took; clipmill compare: two jobs side by side."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rich.text import Text

from pipelines.cli.command import Command, Options
from pipelines.prices import Prices, add_price_options, prices_of
from pipelines.tables import console, table
from steps.contract.errors import BadInput
from steps.model import artifacts
from steps.model.timing import clock

if TYPE_CHECKING:
    from steps.contract.receipt import RunRecord
    from steps.model.clips import Clips
    from steps.model.manifest import Manifest
    from steps.model.run import Run

SAME_SHARE = 2
"""Clips of two jobs are the same one if they share more than one in so many of their time."""


@dataclass(frozen=True)
class StepCost:
    """What a step took, over all of its runs.

    Attributes:
        price: in the currency of the options, of its processor and GPU time.
    """

    step: str
    runs: int
    cached: int
    wall_ms: int
    cpu_ms: int
    gpu_ms: int
    peak_memory_bytes: int
    price: float


def costs(run: Run, prices: Prices) -> list[StepCost]:
    """The costs of a job by step, in the order of the steps' starts."""
    by_step: dict[str, list[RunRecord]] = {}
    for record in run.tasks:
        by_step.setdefault(record.task.partition("-")[0], []).append(record)
    return [
        StepCost(
            step=step,
            runs=len(records),
            cached=sum(one.cache_hit for one in records),
            wall_ms=sum(one.wall_ms for one in records),
            cpu_ms=(cpu := sum(one.cpu_ms for one in records)),
            gpu_ms=(gpu := sum(one.gpu_ms for one in records)),
            peak_memory_bytes=max(one.peak_memory_bytes for one in records),
            price=prices.of(cpu / 1000, gpu / 1000),
        )
        for step, records in by_step.items()
    ]


def _add_cost_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="folder or s3:// prefix of the job")
    add_price_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _cost(options: Options) -> int:
    prices = prices_of(options)
    _, _, run = _read(options.job)
    if run is None:
        raise BadInput(f"{options.job} has no {artifacts.RUN.path}: nothing says what it took")
    found = costs(run, prices)
    price = sum(one.price for one in found)
    if options.json:
        report = {"job": options.job, "steps": [asdict(one) for one in found], "price": price}
        sys.stdout.write(json.dumps(report) + "\n")
        return 0
    priced = prices.known
    rows = table("step", "runs", "time", "cpu", "gpu", "memory", *(("price",) if priced else ()))
    for one in found:
        cached = f" ({one.cached} from the cache)" if one.cached else ""
        rows.add_row(
            one.step,
            f"{one.runs}{cached}",
            *(f"{value / 1000:.1f} s" for value in (one.wall_ms, one.cpu_ms, one.gpu_ms)),
            f"{one.peak_memory_bytes / (1 << 20):.0f} MiB",
            *((f"{one.price:.4f}",) if priced else ()),
        )
    screen = console()
    screen.print(rows)
    cores, gpus = (sum(getattr(one, name) for one in found) for name in ("cpu_ms", "gpu_ms"))
    total = f"{cores / 1000:.1f} s of processor cores, {gpus / 1000:.1f} s of GPUs"
    screen.print(f"{total}{f', price {price:.4f}' if priced else ''}", soft_wrap=True)
    return 0


def _add_compare_options(parser: argparse.ArgumentParser) -> None:
    for name in ("job", "other"):
        parser.add_argument(name, metavar="JOB", help="folder or s3:// prefix of a job")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _compare(options: Options) -> int:
    places = (options.job, options.other)
    (one, plan, run), (two, other, other_run) = (_read(place) for place in places)
    report: dict[str, Any] = {
        "jobs": places,
        "sources": (one.source_sha256, two.source_sha256),
        "outcomes": (one.outcome, two.outcome),
        "params": _differing(_params(one), _params(two)),
        "engines": _differing(_engines(one), _engines(two)),
        "files": _differing(_files(one), _files(two)),
        "clips": _pairs(plan, other),
        "cpu_ms": tuple(
            sum(task.cpu_ms for task in it.tasks) if it else 0 for it in (run, other_run)
        ),
    }
    if options.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return 0
    screen, rows = console(), table("", *places)
    rows.add_row("source", *(digest[:12] for digest in report["sources"]))
    rows.add_row("outcome", *report["outcomes"])
    rows.add_row("cpu", *(f"{value / 1000:.1f} s" for value in report["cpu_ms"]))
    for what in ("params", "engines"):
        for name, values in report[what].items():
            rows.add_row(name, *(Text(value or "-") for value in values))
    for pair in report["clips"]:
        rows.add_row("clip", *(Text(text or "-") for text in pair))
    screen.print(rows)
    different = len(report["files"])
    screen.print(f"{different} files differ" if different else "all files are the same")
    return 0


def _pairs(plan: Clips, other: Clips) -> list[tuple[str, str]]:
    """The clips of both jobs in order of time, side by side where they show the same."""
    left = list(other.clips)
    pairs = []
    for clip in plan.clips:
        same = next(
            (it for it in left if it.overlap_ms(clip) * SAME_SHARE > clip.duration_ms), None
        )
        if same:
            left.remove(same)
        pairs.append((clip.in_ms, _line(clip), _line(same) if same else ""))
    pairs += [(clip.in_ms, "", _line(clip)) for clip in left]
    return [(one, two) for _, one, two in sorted(pairs)]


def _line(clip: Any) -> str:
    times = f"{clock(clip.in_ms)[:8]} to {clock(clip.out_ms)[:8]}"
    return f"{times}, {clip.score}: {clip.title}"


def _params(manifest: Manifest) -> dict[str, str]:
    return {
        f"{task.step} {name}": value
        for task in manifest.tasks
        for name, value in task.params.items()
        if name != "clip"
    }


def _engines(manifest: Manifest) -> dict[str, str]:
    return {
        f"{task.step} {engine.param} engine": engine.name
        for task in manifest.tasks
        for engine in task.engines
    }


def _files(manifest: Manifest) -> dict[str, str]:
    return {item.path: item.sha256 for item in manifest.artifacts}


def _differing(one: dict[str, str], two: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name: (one.get(name, ""), two.get(name, ""))
        for name in sorted({*one, *two})
        if one.get(name, "") != two.get(name, "")
    }


def _read(place: str) -> tuple[Manifest, Clips, Run | None]:
    """The manifest, the clips and the run record of a job.

    Raises:
        BadInput: the place has no finished job.
    """
    from steps.model.clips import Clips
    from steps.model.run import Run
    from steps.storage.jobs import finished_job
    from steps.storage.store import bytes_if_any

    store, manifest = finished_job(place)
    plan = Clips.from_bytes(store.read_bytes(artifacts.CLIPS.path), artifacts.CLIPS.path)
    record = bytes_if_any(store, artifacts.RUN.path)
    run = None if record is None else Run.from_bytes(record, artifacts.RUN.path)
    return manifest, plan, run


COMMANDS = (
    Command("cost", "Show what a job took: time, memory, GPU, price.", _add_cost_options, _cost),
    Command("compare", "Show how two jobs differ.", _add_compare_options, _compare),
)
