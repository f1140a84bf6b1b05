"""The step as a command: run.json is written, and nothing it meets fails the job."""

import base64
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import pytest

from steps.contract.command import main
from steps.contract.receipt import RunRecord
from steps.model.run import Run
from steps.notify import STEP
from steps.notify.delivery import Courier
from steps.notify.work import SECRET_VARIABLE
from steps.storage.addresses import ALLOW_VARIABLE
from steps.storage.cache import open_cache
from tests.steps.notify.receiver import receiver

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


def record(task: str, started: str, attempt: int = 0) -> RunRecord:
    return RunRecord(
        task=task, started=started, wall_ms=1, cpu_ms=1, peak_memory_bytes=1, host="n",
        attempt=attempt, cache_hit=False, exit_code=0,
    )  # fmt: skip


Done = subprocess.CompletedProcess[str]


def notify(folder: Path, *params: str, **environment: str) -> Done:
    """The step in this process; its exit code and what it wrote to stderr."""
    words, written = [f"--out={folder}", "--job-id=talk-1", *params], StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(written):
        for name, value in environment.items():
            patch.setenv(name, value)
        code = main(STEP, words, open_cache)
    return Done(words, code, stderr=written.getvalue())


def notify_apart(folder: Path, *params: str, **environment: str) -> Done:
    """The step in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "steps", "notify", f"--out={folder}", "--job-id=talk-1", *params],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


def said(done: Done, event: str) -> dict[str, object]:
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    return next(line for line in lines if line["event"] == event)


@pytest.fixture
def job(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    for item in (record("cut", "2026-01-01T00:00:02"), record("download", "2026-01-01T00:00:01")):
        (tmp_path / "runs" / f"{item.task}.json").write_bytes(item.canonical_bytes())
    return tmp_path


def test_run_json_holds_every_record_in_order(job: Path) -> None:
    done = notify(job)
    assert done.returncode == 0, done.stderr
    run = Run.from_file(job / "run.json")
    assert (run.job, run.executor) == ("talk-1", "argo")
    assert [item.task for item in run.tasks] == ["download", "cut"]
    assert said(done, "ended")["outcome"] == "complete"


def test_nothing_there_and_nothing_readable_is_no_failure(tmp_path: Path) -> None:
    assert notify(tmp_path).returncode == 0
    for name in ("runs/cut.json", "receipts/cut.json", "manifest.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{")
    done = notify(tmp_path, "--status=Failed", "--failures=nonsense")
    assert done.returncode == 0, done.stderr
    assert said(done, "ended")["outcome"] == "failed"
    assert done.stderr.count("left out") == 3


def test_the_callback_is_told(job: Path) -> None:
    with receiver(200) as there:
        done = notify_apart(
            job, f"--callback={there.address}", "--status=Failed", "--owner=ann",
            CLIPMILL_WEBHOOK_SECRET=SECRET, **{ALLOW_VARIABLE: "1"},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert said(done, "told")["tries"] == 1
    body = json.loads(there.messages[0][1])
    assert (body["type"], body["data"]["owner"]) == ("job.failed", "ann")
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    ("secret", "code", "reason"),
    [("", 200, "is not set"), ("whsec_x", 200, "not base64"), (SECRET, 404, "404")],
)
def test_a_callback_that_cannot_be_told_is_no_failure(
    job: Path, secret: str, code: int, reason: str
) -> None:
    with receiver(code) as there:
        done = notify(
            job, f"--callback={there.address}",
            CLIPMILL_WEBHOOK_SECRET=secret, **{ALLOW_VARIABLE: "1"},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert reason in str(said(done, "not told")["reason"])
    assert len(there.messages) == (code == 404)
    assert (job / "run.json").is_file()


@pytest.mark.parametrize(
    ("callback", "reason"),
    [
        ("nonsense", "--callback: 'nonsense' is not a web address"),
        ("https://", "--callback: 'https://' is not a web address"),
        ("https://exa mple.com/", "there is no host"),
        (f"https://example.com/{'a' * 3000}\x01", "is not a valid web address"),
    ],
)
def test_no_callback_fails_a_job_that_has_ended(job: Path, callback: str, reason: str) -> None:
    done = notify(
        job, f"--callback={callback}", f"--owner={'o' * 300}", CLIPMILL_WEBHOOK_SECRET=SECRET
    )
    assert done.returncode == 0, done.stderr
    line = said(done, "not told")
    assert line["level"] == "error"
    assert reason in str(line["reason"])
    assert (job / "run.json").is_file()


def test_no_fault_of_telling_fails_a_job_that_has_ended(
    job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> int:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(Courier, "deliver", bug)
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    words = [f"--out={job}", "--job-id=talk-1", "--callback=https://example.com/"]
    assert main(STEP, words, open_cache) == 0
    assert (job / "run.json").is_file()
