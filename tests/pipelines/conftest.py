"""`called`: a command in this process, `talk_job`: one finished job for all who need one."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.__main__ import main
from steps.model import artifacts
from tests.media.fixtures import Film, start_of
from tests.pipelines.clipmill import TALK, Said, clipmill, surroundings


@dataclass(frozen=True)
class TalkJob:
    """A finished job: read its folder, never write to it.

    Attributes:
        source: the first eleven seconds of the sample, which have two passages to choose from.
        folder: the job's.
        cache: of its steps; another job of the same source and options takes all from it.
        report: the file of what it said with `--json`.
    """

    source: Path
    folder: Path
    cache: Path
    report: Path

    def copied(self, into: Path) -> None:
        """Write the job to a folder of that name, as a run leaves it that stopped at its end.

        The same command goes on there and takes the finished steps as they are.
        """
        shutil.copytree(self.folder, into, dirs_exist_ok=True)
        (into / artifacts.MANIFEST.path).unlink()


@pytest.fixture(scope="session")
def talk_job(tmp_path_factory: pytest.TempPathFactory, sample: Film) -> TalkJob:
    """Return the job with the options `TALK`, made once for all workers."""
    root = tmp_path_factory.getbasetemp()
    shared = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "talk-job"
    shared.mkdir(exist_ok=True)
    job = TalkJob(
        shared / "talk.mp4", shared / "jobs" / "talk", shared / "cache", shared / "report.json"
    )
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not job.report.exists():
            start_of(sample[0], 11, job.source)
            options = (*TALK, "--out", job.folder.parent, "--cache", job.cache, "--json")
            said = clipmill("run", job.source, *options, home=shared)
            assert said.code == 0, said.err
            job.report.write_text(said.out)
    return job


@pytest.fixture
def called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Return a function: arguments -> what the command said, with `tmp_path` as its home."""
    for name, value in surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Said:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Said(code, *capfd.readouterr())

    return call
