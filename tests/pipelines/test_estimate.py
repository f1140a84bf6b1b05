"""What a job is expected to take: amounts, rates, the way through the DAG, prices."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.dag import clips_dag, detect_dag
from pipelines.environments.choice import planned
from pipelines.estimate import Estimate, Rate, Rates, estimate, measured_rates
from pipelines.prices import Prices
from pipelines.workload import Workload, workload
from steps.catalogue import NAMES, load_step
from steps.contract.errors import BadInput
from steps.highlight import HighlightParams

FLAT = {name: Rate(run=1.0) for name in NAMES}


def job(work: Workload, rates: dict[str, Rate], cores: int | None = 2, **values: str) -> Estimate:
    dag = clips_dag()
    given = {"source": "https://example.com/talk.mp4", **values}
    needs = {
        task.name: task.step.needs(dag.example_params(task, given), planned) for task in dag.tasks
    }
    return estimate(dag, given, needs, work, cores, Prices(0.36, 3.6), Rates("here", 0.5, rates))


def amounts(duration_ms: int, **params: Any) -> tuple[int, float]:
    found = workload(HighlightParams(**params), duration_ms, 0.5, 27.0)
    return found.clips, found.clip_s


@pytest.mark.parametrize(
    ("params", "duration_ms", "clips", "clip_s"),
    [
        ({}, 3_600_000, 3, 3 * 37.5),
        ({"clips": 5, "lengths": "20"}, 3_600_000, 5, 100.0),
        ({}, 80_000, 3, 60.0),
        ({}, 20_000, 1, 15.0),
        ({"at": "1:30-2:00,5:00-5:45"}, 3_600_000, 2, 75.0),
        ({"at": "0-end"}, 600_000, 1, 600.0),
        ({"range": "0-40"}, 3_600_000, 2, 30.0),
        ({"exclude": "1:00-end"}, 3_600_000, 3, 45.0),
        ({"exclude": "2:00:00-3:00:00"}, 3_600_000, 3, 3 * 37.5),
        ({}, 0, 3, 3 * 37.5),
        ({"at": "10-40,60-end"}, 0, 2, 30.0),
    ],
)
def test_the_clips_that_a_job_will_have(
    params: dict[str, Any], duration_ms: int, clips: int, clip_s: float
) -> None:
    assert amounts(duration_ms, **params) == (clips, pytest.approx(clip_s))


def test_times_after_the_end_are_refused() -> None:
    with pytest.raises(BadInput, match="starts after the source's end"):
        amounts(60_000, at="2:00-2:30")


def test_a_step_takes_the_sum_of_its_parts() -> None:
    rate = Rate(run=1.0, source_s=0.1, source_mpx=0.01, clip_s=2.0, clip_mpx=0.05)
    assert rate.cpu_s(Workload(100.0, 3, 60.0, mpx_per_s=10.0), 3) == pytest.approx(
        3 + 100 * (0.1 + 0.1) + 60 * (2.0 + 0.5)
    )


def test_runs_side_by_side_share_the_cores_of_a_laptop_and_not_of_a_cluster() -> None:
    rates = {**FLAT, "render": Rate(clip_s=1.0, cores=2.0)}
    work = Workload(600.0, 3, 60.0)
    here, there = job(work, rates), job(work, rates, cores=None)
    assert [one.steps[NAMES.index("render")].wall_s for one in (here, there)] == [
        pytest.approx(30.0),
        pytest.approx(60.0 / 3 / min(2, load_step("render").resources.cpu)),
    ]
    assert here.wall_s == pytest.approx(30 + len(NAMES) - 2)  # moderate runs beside transcribe
    assert here.total("cpu_s") == 60 + len(NAMES) - 1


def test_each_aspect_is_rendered() -> None:
    made = job(
        Workload(600.0, 2, 40.0), {**FLAT, "render": Rate(run=1.0, clip_s=1.0)}, aspect="9:16,1:1"
    )
    render = made.steps[NAMES.index("render")]
    assert (render.runs, render.cpu_s) == (4, pytest.approx(84.0))


def test_an_engine_adds_its_rate_and_one_without_is_named() -> None:
    rates = {**FLAT, "transcribe.faster-whisper": Rate(source_s=0.1, memory_mib=500)}
    made = job(Workload(100.0, 1, 20.0), rates, diarizer="off", sounds="off", aligner="whisper")
    step = made.steps[NAMES.index("transcribe")]
    assert (step.cpu_s, step.memory_mib) == (pytest.approx(11.0), 500)
    assert step.unmeasured == ("whisper",)
    assert made.memory_mib == 500


def test_a_source_of_unknown_length_is_priced_by_the_minute() -> None:
    rates = {**FLAT, "download": Rate(run=1.0, source_s=0.5)}
    made = job(Workload(0.0, 2, 40.0), rates).as_dict(Prices(0.36))
    assert (made["source_s"], made["cpu_s_per_source_minute"]) == (None, 30.0)
    assert made["price"] == pytest.approx(0.36 * (len(NAMES) + 1) / 3600, abs=1e-6)
    assert "price" not in job(Workload(9.0, 2, 40.0), rates).as_dict(Prices())


def test_the_table_has_every_step_and_every_engine_of_the_default_install() -> None:
    table = measured_rates()
    assert set(NAMES) <= set(table.rates)
    for dag in (clips_dag(), detect_dag()):
        given = {"source": "https://example.com/talk.mp4"}
        for task in dag.tasks:
            needs = task.step.needs(dag.example_params(task, given), planned)
            for engine in needs.engines.values():
                if not engine.environment:
                    assert f"{task.name}.{engine.name}" in table.rates
    made = estimate(
        clips_dag(),
        given,
        {
            task.name: task.step.needs(clips_dag().example_params(task, given), planned)
            for task in clips_dag().tasks
        },
        Workload(89.2, 3, 60.0, 27.6),
        2,
        Prices(),
        table,
    )
    assert json.loads(made.as_json(Prices()))["measured_on"] == table.machine
    assert all(one.cpu_s > 0 and one.memory_mib > 0 for one in made.steps)
