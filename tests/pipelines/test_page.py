"""clipmill report: the page of a finished job, and of one that an earlier version made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from steps.contract.receipt import RunRecord
from steps.model.run import Run
from tests.pipelines.clipmill import Said
from tests.steps.publish.receipts import whole_job
from tests.steps.publish.test_publish import publish

Call = Callable[..., Said]
RECORD = RunRecord(
    task="cut", started="2026-01-01T00:00:00+00:00", wall_ms=2500, cpu_ms=4100,
    peak_memory_bytes=64 << 20, host="kitchen", attempt=0, cache_hit=False, exit_code=0,
)  # fmt: skip


def test_the_page_has_what_the_run_took_and_leaves_the_hashed_one_alone(
    tmp_path: Path, called: Call
) -> None:
    assert publish(whole_job(tmp_path / "job")) == 0
    before = (tmp_path / "job/report.html").read_bytes()
    run = Run(job="job", executor="local", tasks=(RECORD,))
    (tmp_path / "job/run.json").write_bytes(run.canonical_bytes())
    said = called("report", "job")
    assert (said.code, said.out) == (0, "job/report-run.html\n")
    made = (tmp_path / "job/report-run.html").read_text()
    assert "What it took" in made
    assert "2.5 s" in made
    assert "Price" not in made
    assert (tmp_path / "job/report.html").read_bytes() == before
    assert called("verify", "job").code == 0

    said = called("report", "job", "--core-hour", "36")
    assert said.code == 0
    assert "price 0.0410" in (tmp_path / "job/report-run.html").read_text()
    assert called("report", "job", "--core-hour", "-1").code == 80


def test_the_page_is_opened_where_it_is(
    tmp_path: Path, called: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert publish(whole_job(tmp_path / "a job")) == 0
    own = (tmp_path / "a job").as_uri()
    for job in ("a job", own):
        assert called("report", job, "--open").code == 0
    assert opened == [f"{own}/report-run.html"] * 2


def test_a_job_of_an_earlier_version_gets_a_page_too(tmp_path: Path, called: Call) -> None:
    """It has no report and no run record, and its measurements are elsewhere."""
    assert publish(whole_job(tmp_path / "job")) == 0
    for path in sorted((tmp_path / "job/checks").iterdir()):
        path.rename(tmp_path / f"job/clips/{path.stem}.check.json")
    (tmp_path / "job/report.html").unlink()
    assert called("report", "job").code == 0
    assert "-14.0 LUFS" in (tmp_path / "job/report-run.html").read_text()


def test_a_folder_without_a_finished_job(tmp_path: Path, called: Call) -> None:
    (tmp_path / "empty").mkdir()
    said = called("report", "empty")
    assert said.code == 80
    assert "empty has no manifest.json: the job is not done" in said.err
    assert not (tmp_path / "empty/report-run.html").exists()


@pytest.mark.parametrize(
    "command", [["report"], ["cost"], ["explain"], ["compare", "nowhere"]], ids=" ".join
)
def test_a_job_that_is_not_there(command: list[str], called: Call) -> None:
    said = called(*command, "nowhere")
    assert said.code == 80
    assert "nowhere does not exist: give the folder or the s3:// prefix of a job" in said.err
