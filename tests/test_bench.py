"""What the benches compute: rates from runs, the plot, the history."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pipelines.estimate import Rate
from pipelines.workload import Workload
from steps.contract.receipt import RunRecord
from tests.bench.figure import Figure
from tests.bench.history import read, remember
from tests.bench.plot import plot
from tests.bench.rates import Sample, _fitted
from tests.bench.tables import benchmarks


def sample(work: Workload, rate: Rate, step: str) -> Sample:
    record = RunRecord(
        task=step, started="2026-01-01T00:00:00.000+00:00", wall_ms=1000, attempt=0, exit_code=0,
        cpu_ms=round(1000 * rate.cpu_s(work, 1)), peak_memory_bytes=300 << 20, host="h",
        cache_hit=False,
    )  # fmt: skip
    return Sample(work, {}, {step: [record]}, {}, [20_000])


@pytest.mark.parametrize(
    ("step", "rate"),
    [
        ("moderate", Rate(run=1.5, source_s=0.02, source_mpx=0.0004)),
        ("detect", Rate(run=2.0, clip_s=0.5, clip_mpx=0.002)),
        ("cut", Rate(clip_s=0.1)),
    ],
)
def test_the_fit_finds_the_rates_that_made_the_runs(step: str, rate: Rate) -> None:
    works = (
        Workload(90.0, 3, 60.0, 27.0),
        Workload(1200.0, 3, 120.0, 27.0),
        Workload(90.0, 1, 18.0, 62.0),
    )
    found = _fitted(step, [sample(work, rate, step) for work in works], [])
    for part in ("run", "source_s", "source_mpx", "clip_s", "clip_mpx"):
        assert getattr(found, part) == pytest.approx(getattr(rate, part), rel=0.05, abs=2e-5)
    assert found.memory_mib == 300


def test_the_plot_has_a_line_for_each_number_of_clips_and_a_dot_for_each_job() -> None:
    drawn = plot(lambda minutes, clips: minutes / 5 + clips, [(20.0, 7.0, 3), (90.0, 9.0, 1)], "m")
    root = ET.fromstring(drawn)
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"1 clip", "3 clips", "10 clips", "0", "60"} <= set(texts)
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 1


def test_the_history_keeps_every_run(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    for value in (1.0, 2.0):
        remember({"asr": [Figure("speed", value, "x")]}, history)
    first, second = read(history)
    assert (first["benches"], second["benches"]) != (second["benches"], first["benches"])
    assert "cores" in str(first["machine"])


def test_the_page_has_the_latest_run_of_each_bench(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    for value in (1.0, 23.456):
        figures = [
            Figure("step, a base: word error rate", value, "%"),
            Figure("step, a base: words in music", 0, "a minute"),
            Figure("bare base: word error rate", 2.0, "%"),
        ]
        remember({"words": figures}, history)
    page = benchmarks(history)
    assert "| | word error rate, % | words in music, a minute |\n|---|---:|---:|\n" in page
    assert "| step, a base | 23.46 | 0 |\n| bare base | 2 |  |\n" in page
    assert "Not measured yet." in page
