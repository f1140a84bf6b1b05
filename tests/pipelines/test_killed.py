"""A run that is killed outright: nothing of it stays alive, and the same command goes on.

Only Linux shows here what stays alive; elsewhere the tests prove that the command goes on.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from pipelines.local.folder import locked
from steps.contract.receipt import RECORDS_FOLDER, file_sha256, receipt_path
from tests.pipelines.clipmill import TALK, clipmill, command
from tests.pipelines.conftest import TalkJob
from tests.pipelines.test_local import ROOT, until
from tests.pipelines.tiny.walk import run, walking

pytestmark = pytest.mark.slow

MARK = "CLIPMILL_TEST_MARK"
BOUND_S = 2.0
"""How long a process of the run may outlive the kill on an idle machine."""

TINY_RUNS = ("first", "side", "many-b", "last")
REAL_RUNS = (
    "download", "moderate", "transcribe", "highlight", "cut", "detect", "reframe", "caption",
    "render-clip_01", "publish",
)  # fmt: skip


def processes(mark: str) -> list[int]:
    """All processes whose environment has the mark; one that has ended has no environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARK}={mark}".encode() in place.read_bytes():
                found.append(int(place.parent.name))
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return found


def reached(sign: Path, receipt: Path, since_ns: int) -> bool:
    """Whether a step left its sign after a moment, or its receipt before it."""
    return receipt.exists() or (sign.exists() and sign.stat().st_mtime_ns > since_ns)


def killed_when(argv: list[str], moment: Callable[[], bool], cwd: Path, **environment: str) -> bool:
    """Start a run, kill it at a moment, and prove that all its processes end within the bound.

    Returns whether it was still running.
    """
    mark = uuid4().hex
    process = subprocess.Popen(
        argv,
        cwd=cwd,
        env={**os.environ, **environment, MARK: mark},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: moment() or process.poll() is not None)
    alive = process.poll() is None
    process.kill()
    since = time.monotonic()
    process.wait()
    left = processes(mark)
    while left and time.monotonic() - since < 60:
        time.sleep(0.02)
        left = processes(mark)
    assert left == []
    assert time.monotonic() - since < BOUND_S * max(1, os.getloadavg()[0])
    return alive


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
    argv = walking(job, str(tmp_path / "cache"))
    for name in TINY_RUNS:
        receipt = job / receipt_path(name)
        for sign in (job / "logs" / f"{name}.log", pids, receipt):
            pause = {"TINY_PAUSE": name, "TINY_PIDS": str(pids)} if sign == pids else {}
            moment = partial(reached, sign, receipt, time.time_ns())
            alive = killed_when(argv, moment, ROOT, **pause)
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
    argv = command(*words)
    own = {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for name in REAL_RUNS:
        receipt = job / receipt_path(name)
        for sign in (job / "logs" / f"{name}.log", job / f".partial-{name}" / "out", receipt):
            moment = partial(reached, sign, receipt, time.time_ns())
            alive = killed_when(argv, moment, tmp_path, **own)
            assert alive or name == "publish"  # its end may be the job's end
    done = clipmill(*words, "--quiet", home=tmp_path)
    assert (done.code, done.out) == (0, ""), done.err
    assert digests(job) == digests(talk_job.folder)
