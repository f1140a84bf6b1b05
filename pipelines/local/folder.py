"""A job's folder: one run at a time in it, and what of an earlier run stays there."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steps.contract.errors import BadInput
from steps.contract.folders import write_atomically
from steps.contract.receipt import RECORDS_FOLDER, RunRecord
from steps.model import artifacts
from steps.model.run import Run, merge_records

LOCK = ".lock"
LOCK_WAIT_S = 2.0
"""How long to wait for a lock: the steps of a killed run need a moment to end."""


@contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Hold a job folder for this process; the system releases it however the process ends.

    Yields:
        A file descriptor. Processes that inherit it hold the folder too, so the steps of a killed
        run never meet those of the next.

    Raises:
        BadInput: another process holds the folder.
    """
    with (folder / LOCK).open("a") as lock:
        deadline = time.monotonic() + LOCK_WAIT_S
        while not _lock(lock.fileno()):
            if time.monotonic() > deadline:
                raise BadInput(
                    f"another run is working in {folder}: wait for it, or give another --job-id"
                )
            time.sleep(0.05)
        yield lock.fileno()


def take_back_manifest(folder: Path) -> None:
    """Take the manifest of an earlier run away: from now on the job is not done."""
    for port in (artifacts.MANIFEST, artifacts.RUN):
        (folder / port.path).unlink(missing_ok=True)


def write_run(folder: Path, job_id: str) -> Run:
    """Merge the records of a job's tasks into run.json."""
    records = sorted((folder / RECORDS_FOLDER).glob("*.json"))
    run = merge_records(job_id, "local", [RunRecord.from_file(path) for path in records])
    write_atomically(folder / artifacts.RUN.path, run.canonical_bytes())
    return run


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
