"""Finished steps of a job are recognised: the executor starts a process for the others only."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.dag import Dag
from pipelines.environments.choice import Place
from pipelines.local.executor import Settings, TaskFailed, run_dag
from steps.contract.receipt import RunRecord, receipt_path, record_path
from tests.pipelines.tiny.catalogue import FirstParams
from tests.pipelines.tiny.dags import tiny_dag
from tests.pipelines.tiny.walk import COMMAND, Noted

RUNS = ("first", "last", "many-a", "many-b", "side")
NO_STEP_STARTS = ("false",)
"""A command in place of the steps': a run that needs a step fails."""


def walk(job: Path, command: tuple[str, ...] = NO_STEP_STARTS, **changed: object) -> Noted:
    noted = Noted()
    dag, cache = changed.pop("dag", tiny_dag()), changed.pop("cache", str(job.parent / "cache"))
    places = changed.pop("places", {})
    settings = Settings(job, "job-1", cache, 2, command=command, places=places)
    run_dag(dag, {"ids": "a,b", **changed}, settings, noted)
    return noted


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    walk(folder / "job", COMMAND)
    return folder


@pytest.fixture
def job(made: Path, tmp_path: Path) -> Path:
    """A finished job, with its cache beside it."""
    shutil.copytree(made, tmp_path / "own")
    return tmp_path / "own/job"


def results(job: Path) -> dict[str, bytes]:
    """All that does not say when and how long."""
    return {
        path.relative_to(job).as_posix(): path.read_bytes()
        for path in job.rglob("*")
        if path.is_file() and path.parent.name not in ("runs", "logs")
    }


def test_a_finished_job_starts_no_step(job: Path, made: Path) -> None:
    noted = walk(job)
    assert sorted(noted.of("started")) == sorted(noted.of("cached")) == list(RUNS)
    assert results(job) == results(made / "job")
    assert "receipts/many-b.json" in results(job)


def test_a_job_in_another_folder_takes_everything_from_the_cache(job: Path, tmp_path: Path) -> None:
    """And a finished one gets the records and logs that its steps would have left."""
    shutil.copytree(job.parent, tmp_path / "steps")
    shutil.rmtree(tmp_path / "steps/job")
    noted = walk(tmp_path / "steps/job", COMMAND, cache=str(tmp_path / "steps/cache"))
    assert sorted(noted.of("cached")) == list(RUNS)
    assert results(tmp_path / "steps/job") == results(job)
    walk(job)
    for name in RUNS:
        ours, theirs = (
            RunRecord.from_file(root / record_path(name)) for root in (job, tmp_path / "steps/job")
        )
        spent = {"started": "", "wall_ms": 0, "cpu_ms": 0, "peak_memory_bytes": 0}
        assert ours.model_copy(update=spent) == theirs.model_copy(update=spent)
        assert ours.cache_hit
        assert ours.peak_memory_bytes > 0
        lines = [
            json.loads((root / f"logs/{name}.log").read_text().splitlines()[-1])
            for root in (job, tmp_path / "steps/job")
        ]
        assert [line.pop("timestamp") for line in lines]
        assert lines[0] == lines[1]


def damaged(job: Path) -> None:
    (job / "side.txt").write_text("damaged")


def gone(job: Path) -> None:
    (job / "side.txt").unlink()


def edited(job: Path) -> None:
    path = job / "receipts/side.json"
    path.write_text(path.read_text().replace('"version":1', '"version":2'))


def without_a_receipt(job: Path) -> None:
    (job / "receipts/side.json").unlink()


def left_by_a_killed_run(job: Path) -> None:
    (job / ".partial-side").mkdir()


def out_of_the_cache(job: Path) -> None:
    for path in (job.parent / "cache/runs").rglob("*.json"):
        if json.loads(path.read_bytes())["task"] == "side":
            path.unlink()


def unreadable_in_the_cache(job: Path) -> None:
    for path in (job.parent / "cache/runs").rglob("*.json"):
        if json.loads(path.read_bytes())["task"] == "side":
            path.write_text("{}")


@pytest.mark.parametrize(
    "change",
    [
        damaged, gone, edited, without_a_receipt, left_by_a_killed_run, out_of_the_cache,
        unreadable_in_the_cache,
    ],
)  # fmt: skip
def test_a_step_starts_where_something_is_not_as_it_was(
    job: Path, change: Callable[[Path], None], capfd: pytest.CaptureFixture[str]
) -> None:
    change(job)
    with pytest.raises(TaskFailed, match="side: ended with code 1"):
        walk(job)
    assert capfd.readouterr() == ("", "")


def test_a_changed_input_is_restored_by_the_step_that_made_it(job: Path, made: Path) -> None:
    (job / "word.txt").write_text("other")
    with pytest.raises(TaskFailed, match="first: ended"):
        walk(job)
    shutil.copytree(made / "job/receipts", job / "receipts", dirs_exist_ok=True)
    noted = walk(job, COMMAND)
    assert results(job) == results(made / "job")
    assert sorted(noted.of("cached")) == list(RUNS)


def test_what_an_earlier_plan_made_is_taken_away(job: Path) -> None:
    walk(job, COMMAND, ids="b")
    assert (job / "total.txt").read_text() == "hello b"
    assert not (job / receipt_path("many-a")).exists()


def test_other_params_and_no_cache_start_the_step(job: Path) -> None:
    with pytest.raises(TaskFailed, match="side: ended"):
        walk(job, side_do="ok:other")
    with pytest.raises(TaskFailed, match="first: ended"):
        walk(job, cache="")


def test_an_engine_of_another_interpreter_starts_its_step(job: Path) -> None:
    with pytest.raises(TaskFailed, match="side: ended"):
        walk(job, places={"side": Place(python="false")})


INTERRUPTED = threading.Event()
WAITED: list[str] = []


def stuck(_params: FirstParams) -> str:
    """A fingerprint that asks a server which does not answer, when Ctrl-C comes."""
    os.kill(os.getpid(), signal.SIGINT)
    if not INTERRUPTED.wait(30):
        WAITED.append("the executor waited")
    return ""


def test_an_interrupt_does_not_wait_for_the_look(job: Path) -> None:
    first, *others = tiny_dag().tasks
    slow = replace(first, step=replace(first.step, fingerprint=f"{__name__}:stuck"))
    try:
        with pytest.raises(KeyboardInterrupt):
            walk(job, dag=Dag("tiny", (slow, *others)))
    finally:
        INTERRUPTED.set()
    assert not WAITED
