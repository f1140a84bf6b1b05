"""The rates that estimates use: measured on whole jobs, and written to the package's table.

`make bench ARGS=rates` runs three jobs (the sample; the sample several times in a row; the sample
enlarged to 1080p), and transcribe without each of its engines. `python -m tests.bench.rates JOB...`
takes finished jobs as they are; the first also serves for the engines of transcribe. Only
processor time is fitted, so another load on the machine matters little. The cores that a step uses
are the most of any run, so measure them on an idle machine. The bar: the estimate of each job is
within 30 % of what it took.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from pipelines.dag import clips_dag
from pipelines.environments.choice import planned
from pipelines.estimate import RATES_FILE, Rate, Rates, estimate
from pipelines.prices import Prices
from pipelines.workload import Workload, pixel_rate, workload
from steps.catalogue import NAMES, load_step
from steps.contract.cores import usable_cores
from steps.contract.receipt import RunRecord, record_path
from steps.model import artifacts
from steps.model.clips import LENGTHS_MS, Clips
from steps.model.manifest import Manifest
from steps.model.run import Run
from steps.model.source import SourceMeta
from tests.bench.figure import Figure
from tests.bench.machine import machine
from tests.bench.plot import plot
from tests.bench.source import SAMPLE, enlarged, long_film

ROUNDS = 5
PLOT = Path(__file__).parents[2] / "docs" / "cost.svg"
MOST_OFF = 0.3
MAIN = {"transcribe": "asr", "moderate": "classifier", "detect": "detector"}
"""The param whose engine does what a step takes; other engines have rows of their own, or none."""
VARIANTS = {"aligner": "whisper", "diarizer": "off", "sounds": "off"}
"""What transcribe is given to leave out the engine of each param."""
FREE = ("transcribe.whisper", "detect.mouth", "detect.largest", "highlight.counts")
"""Engines whose time cannot be told from that of their step."""
PER_SOURCE = ("download", "transcribe", "moderate", "highlight")
LENGTHS = (LENGTHS_MS["short"][0], LENGTHS_MS["medium"][1])
"""The lengths that a job without `--lengths` allows."""


@dataclass(frozen=True)
class Sample:
    """A finished job: what it worked on, and the records of its runs by step."""

    work: Workload
    params: Mapping[str, str]
    runs: Mapping[str, Sequence[RunRecord]]
    engines: Mapping[str, Mapping[str, str]]
    lengths_ms: Sequence[int]

    def cpu_s(self, step: str) -> float:
        """Of all runs of a step."""
        return sum(run.cpu_ms for run in self.runs[step]) / 1000

    @classmethod
    def of(cls, job: Path) -> Sample:
        """The job in a folder; a step that came from the cache says nothing."""
        meta = SourceMeta.from_file(job / artifacts.SOURCE_META.path)
        clips = Clips.from_file(job / artifacts.CLIPS.path).clips
        runs: dict[str, list[RunRecord]] = {}
        for run in Run.from_file(job / artifacts.RUN.path).tasks:
            if run.cache_hit:
                raise SystemExit(f"{job}: {run.task} came from the cache: run it with --no-cache")
            runs.setdefault(run.task.partition("-")[0], []).append(run)
        tasks = Manifest.from_file(job / artifacts.MANIFEST.path).tasks
        lengths = [clip.duration_ms for clip in clips]
        video = meta.video
        work = Workload(
            meta.duration_ms / 1000,
            len(clips),
            sum(lengths) / 1000,
            pixel_rate(video.size, video.rate),
        )
        engines = {task.step: {one.param: one.name for one in task.engines} for task in tasks}
        given = {name: text for task in tasks for name, text in task.params.items()}
        params = {name: text for name, text in given.items() if name in clips_dag().params}
        return cls(work, params, runs, engines, lengths)


def measure() -> list[Figure]:
    """Run the jobs, write the table, and compare each job with its estimate."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        films = (long_film(folder, ROUNDS), SAMPLE, enlarged(folder))
        return measured([finished(film, folder / f"job{i}") for i, film in enumerate(films)])


def measured(jobs: Sequence[Path]) -> list[Figure]:
    """Write the table from finished jobs; the figures say how far the estimates are off."""
    samples = [Sample.of(job) for job in jobs]
    found = table(samples, _transcribe_engines(jobs[0]))
    write(found)
    PLOT.write_text(drawn(found, samples), encoding="utf-8")
    return [
        off(f"{one.work.source_s:.0f} s, {one.work.clips} clips", one, found) for one in samples
    ]


def off(name: str, one: Sample, found: Rates) -> Figure:
    """How far the estimate of a job's processor time is from what it took."""
    values = {**one.params, "source": name}
    wanted = _estimated(values, round(one.work.source_s * 1000), one.work.mpx_per_s, found)
    took = sum(one.cpu_s(step) for step in one.runs)
    share = abs(wanted / took - 1)
    return Figure(f"{name}: {wanted:.0f} for {took:.0f} CPU s", share, "off", most=MOST_OFF)


def drawn(found: Rates, samples: Sequence[Sample]) -> str:
    """The plot of the docs: cost against the length of the source and the number of clips."""

    def cost(minutes: float, clips: int) -> float:
        values = {"source": "https://example.com/talk.mp4", "clips": str(clips)}
        return _estimated(values, round(minutes * 60_000), samples[0].work.mpx_per_s, found) / 60

    dots = [
        (one.work.source_s / 60, sum(map(one.cpu_s, one.runs)) / 60, one.work.clips)
        for one in samples
    ]
    return plot(cost, dots, found.machine)


def _estimated(
    values: Mapping[str, str], duration_ms: int, mpx_per_s: float, found: Rates
) -> float:
    """Processor seconds of a job, by the rates."""
    dag = clips_dag()
    params = {task.name: dag.example_params(task, values) for task in dag.tasks}
    needs = {task.name: task.step.needs(params[task.name], planned) for task in dag.tasks}
    work = workload(params["highlight"], duration_ms, found.length_share, mpx_per_s)
    return estimate(dag, values, needs, work, usable_cores(), Prices(), found).total("cpu_s")


def table(samples: Sequence[Sample], engines: Mapping[str, Rate]) -> Rates:
    """The rates of every step, and of the engines that these jobs had."""
    rates: dict[str, Rate] = {}
    for step in NAMES:
        used = samples[0].engines.get(step, {})
        added = [engines[f"{step}.{name}"] for name in used.values() if f"{step}.{name}" in engines]
        fitted = _fitted(step, samples, added)
        main = f"{step}.{used[MAIN[step]]}" if step in MAIN else step
        rates[step] = replace(
            Rate(run=fitted.run), cores=fitted.cores, memory_mib=fitted.memory_mib
        )
        rates[main] = replace(fitted, run=0.0) if main != step else fitted
        others = {f"{step}.{name}" for name in used.values()} - {main}
        rates |= {name: engines.get(name, Rate()) for name in sorted(others)}
    rates |= {name: Rate() for name in FREE if name not in rates}
    low, high = LENGTHS
    lengths = [length for one in samples for length in one.lengths_ms]
    share = sum((length - low) / (high - low) for length in lengths) / len(lengths)
    return Rates(machine(), round(max(0.0, share), 2), rates)


def _fitted(step: str, samples: Sequence[Sample], added: Sequence[Rate]) -> Rate:
    """The rate that fits all jobs best; none of its parts is negative."""
    names = (
        ["run", "source_s", "source_mpx"] if step in PER_SOURCE else ["run", "clip_s", "clip_mpx"]
    )
    per_clip = load_step(step).is_per_clip
    wanted = [one.cpu_s(step) - sum(rate.cpu_s(one.work, 1) for rate in added) for one in samples]
    while True:
        units = [Rate(**{name: 1.0}) for name in names]
        counts = [one.work.clips if per_clip else 1 for one in samples]
        amounts = [
            [unit.cpu_s(one.work, runs) for unit in units]
            for one, runs in zip(samples, counts, strict=True)
        ]
        parts, *_ = np.linalg.lstsq(np.array(amounts), np.array(wanted), rcond=None)
        worst = int(np.argmin(parts))
        if parts[worst] >= 0 or len(names) == 1:
            break
        del names[worst]
    runs = [run for one in samples for run in one.runs[step]]
    return Rate(
        **{name: _short(max(0.0, float(part))) for name, part in zip(names, parts, strict=True)},
        cores=round(max(1.0, *(run.cpu_ms / max(1, run.wall_ms) for run in runs)), 2),
        memory_mib=max(run.peak_memory_bytes for run in runs) >> 20,
    )


def _short(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}")


def _transcribe_engines(job: Path) -> dict[str, Rate]:
    """What each engine beside the recogniser adds to transcribe, for a second of the source."""
    sample = Sample.of(job)
    whole = transcribed(job)
    rates = {}
    for param, without in VARIANTS.items():
        engine = sample.engines["transcribe"][param]
        less = whole - transcribed(job, f"--{param}={without}")
        rates[f"transcribe.{engine}"] = Rate(source_s=_short(max(0.0, less) / sample.work.source_s))
    return rates


def transcribed(job: Path, *options: str) -> float:
    """Processor seconds of the step, the least of two runs."""
    return min(_transcribed(job, *options) for _ in range(2))


def _transcribed(job: Path, *options: str) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        argv = [sys.executable, "-m", "steps", "transcribe", "--in", str(job), "--out", name]
        subprocess.run([*argv, *options], check=True, capture_output=True)
        return RunRecord.from_file(Path(name) / record_path("transcribe")).cpu_ms / 1000


def finished(film: Path, folder: Path, *options: str) -> Path:
    """A job that ran alone, step after step, and took nothing from a cache."""
    argv = [sys.executable, "-m", "pipelines", "run", str(film), "--workers", "1", "--no-cache"]
    where = ["--out", str(folder), "--job-id", "job", "--quiet"]
    subprocess.run([*argv, *where, *options], check=True)
    return folder / "job"


def write(found: Rates) -> None:
    """Write the package's table."""
    lines = [
        "# Made by `make bench ARGS=rates`: processor seconds; see estimate.py.",
        f"machine = {json.dumps(found.machine)}",
        f"length_share = {found.length_share}",
    ]
    for name, rate in found.rates.items():
        default = asdict(Rate())
        parts = {part: value for part, value in asdict(rate).items() if value != default[part]}
        lines += ["", f"[rates.{json.dumps(name)}]", *(f"{k} = {v}" for k, v in parts.items())]
    RATES_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for figure in measured([Path(job) for job in sys.argv[1:]]):
        print(f"{figure.name}: {figure.value:.2f} ({figure.bar})")
