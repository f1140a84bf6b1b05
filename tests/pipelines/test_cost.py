"""clipmill cost and compare, on jobs that publish committed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from steps.contract.receipt import RunRecord
from steps.model.run import Run
from tests.pipelines.clipmill import Said
from tests.steps.publish.receipts import Job, plan, whole_job
from tests.steps.publish.test_publish import publish

Call = Callable[..., Said]


def record(task: str, **changes: object) -> RunRecord:
    plain = RunRecord(
        task=task, started="2026-01-01T00:00:00+00:00", wall_ms=1_800_000, cpu_ms=3_600_000,
        peak_memory_bytes=64 << 20, host="kitchen", attempt=0, cache_hit=False, exit_code=0,
    )  # fmt: skip
    return plain.model_copy(update=changes)


@pytest.fixture
def job(tmp_path: Path) -> Path:
    assert publish(whole_job(tmp_path / "job")) == 0
    tasks = (
        record("detect", gpu="L4"),
        record("render-clip_01", cache_hit=True),
        record("render-clip_02", peak_memory_bytes=128 << 20),
    )
    run = Run(job="job", executor="local", tasks=tasks)
    (tmp_path / "job/run.json").write_bytes(run.canonical_bytes())
    return tmp_path / "job"


def test_the_price_is_that_of_cores_and_gpus(job: Path, called: Call) -> None:
    """Three hours of cores at 0.10, and half an hour of a GPU at 0.60."""
    said = called("cost", job, "--core-hour", "0.1", "--gpu-hour", "0.6", "--json")
    report = json.loads(said.out)
    assert report["price"] == pytest.approx(0.6)
    detect, render = report["steps"]
    assert (detect["gpu_ms"], detect["price"]) == (1_800_000, pytest.approx(0.4))
    assert (render["runs"], render["cached"], render["peak_memory_bytes"]) == (2, 1, 128 << 20)


def test_without_prices_there_is_no_price(job: Path, called: Call) -> None:
    said = called("cost", job)
    assert "2 (1 from the cache)" in said.out
    assert "10800.0 s of processor cores, 1800.0 s of GPUs" in said.out
    assert "price" not in said.out
    bad = called("cost", job, "--core-hour", "-1")
    assert bad.code == 80
    assert "--core-hour -1.0 is not a price" in bad.err


def test_a_job_without_a_record(job: Path, called: Call) -> None:
    (job / "run.json").unlink()
    said = called("cost", job)
    assert said.code == 80
    assert "has no run.json: nothing says what it took" in said.err


def test_compare_pairs_clips_of_the_same_time(job: Path, tmp_path: Path, called: Call) -> None:
    other = Job(tmp_path / "other", plan((1_000, 21_000), (60_000, 80_000)))
    for clip in other.clips.clips:
        other.render(clip.id)
    assert publish(other) == 0
    report = json.loads(called("compare", job, tmp_path / "other", "--json").out)
    assert report["outcomes"] == ["complete", "complete"]
    assert report["sources"] == ["5" * 64] * 2
    pairs = [tuple(text[:20] for text in pair) for pair in report["clips"]]
    assert pairs == [
        ("00:00:00 to 00:00:20", "00:00:01 to 00:00:21"),
        ("00:00:20 to 00:00:45", ""),
        ("00:00:50 to 00:01:20", "00:01:00 to 00:01:20"),
    ]
    assert "clips.json" in report["files"]
    said = called("compare", job, job)
    assert said.out.splitlines()[-1] == "all files are the same"
