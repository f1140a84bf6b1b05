"""A run that is killed outright: nothing of it stays alive, and the same command goes on.

Only Linux shows here what stays alive; elsewhere the tests prove that the command goes on.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from pipelines.local.folder import locked
from steps.contract.receipt import RECORDS_FOLDER, file_sha256, receipt_path
from tests.pipelines.clipmill import TALK, clipmill, surroundings
from tests.pipelines.conftest import TalkJob
from tests.pipelines.starter import CLIPMILL, MARK, TINY, Starter, starter
from tests.pipelines.test_local import ROOT, until
from tests.pipelines.tiny.walk import run

pytestmark = pytest.mark.slow

BOUND_S = 2.0
"""How long a process of the run may outlive the kill on an idle machine."""

TINY_RUNS = ("first", "side", "many-b", "last")
REAL_RUNS = (
    "download", "moderate", "transcribe", "highlight", "cut", "detect", "reframe", "caption",
    "render-clip_01", "publish",
)  # fmt: skip


def processes(runs: Starter, run_id: int) -> set[int]:
    """A run and all that it started: those whose environment has the starter's mark."""
    found = {run_id} if running(run_id) else set()
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARK}={runs.mark}".encode() in place.read_bytes():
                found.add(int(place.parent.name))
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return found - {runs.pid}


def running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def reached(sign: Path, receipt: Path, since_ns: int) -> bool:
    """Whether a step left its sign after a moment, or its receipt before it."""
    return receipt.exists() or (sign.exists() and sign.stat().st_mtime_ns > since_ns)


def killed_when(
    runs: Starter, words: tuple[str | Path, ...], moment: Callable[[], bool], **environment: str
) -> bool:
    """Start a run, kill it at a moment, and prove that all its processes end within the bound.

    Returns whether it was still running.
    """
    process = runs.run(*words, **environment)
    until(lambda: moment() or not running(process))
    was_running = running(process)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    since = time.monotonic()
    left = processes(runs, process)
    while left and time.monotonic() - since < 60:
        time.sleep(0.02)
        left = processes(runs, process)
    assert left == set()
    assert time.monotonic() - since < BOUND_S * max(1, os.getloadavg()[0])
    return was_running


def digests(folder: Path) -> dict[str, str]:
    """Every file of a job but those that may differ between two runs."""
    own = (".lock", "run.json")
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name not in own
        and path.relative_to(folder).parts[0] not in (RECORDS_FOLDER, "logs")
    }


def test_a_tiny_job_goes_on_after_three_kills_in_every_step(tmp_path: Path) -> None:
    run(tmp_path / "whole", cache=str(tmp_path / "other"))
    job, pids = tmp_path / "job", tmp_path / "pids"
    job.mkdir()
    words = (job, str(tmp_path / "cache"), "ok")
    with starter(TINY, ROOT) as runs:
        for name in TINY_RUNS:
            receipt = job / receipt_path(name)
            for sign in (job / "logs" / f"{name}.log", pids, receipt):
                pause = {"TINY_PAUSE": name, "TINY_PIDS": str(pids)} if sign == pids else {}
                moment = partial(reached, sign, receipt, time.time_ns())
                alive = killed_when(runs, words, moment, **pause)
                assert alive or name == TINY_RUNS[-1]  # its end may be the job's end
                with locked(job):  # the next run is not refused
                    pass
    run(job, cache=str(tmp_path / "cache"))
    assert digests(job) == digests(tmp_path / "whole")


def test_a_real_job_goes_on_after_three_kills_in_every_step(
    tmp_path: Path, talk_job: TalkJob
) -> None:
    """And its files have the same bytes as those of a run that nothing disturbed."""
    job = tmp_path / "jobs" / "talk"
    words = ("run", talk_job.source, *TALK, "--out", job.parent)
    own = {**surroundings(tmp_path), "PYTHONPATH": str(ROOT)}
    with starter(CLIPMILL, tmp_path, **own) as runs:
        for name in REAL_RUNS:
            receipt = job / receipt_path(name)
            for sign in (job / "logs" / f"{name}.log", job / f".partial-{name}" / "out", receipt):
                moment = partial(reached, sign, receipt, time.time_ns())
                alive = killed_when(runs, words, moment)
                assert alive or name == "publish"  # its end may be the job's end
    done = clipmill(*words, "--quiet", home=tmp_path)
    assert (done.code, done.out) == (0, ""), done.err
    assert digests(job) == digests(talk_job.folder)
