"""A job's folder: one run at a time in it, and the manifest of an earlier run."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steps.contract.errors import BadInput, BrokenContract
from steps.contract.folders import write_atomically
from steps.contract.receipt import RECEIPTS_FOLDER, RECORDS_FOLDER, RunRecord, file_sha256
from steps.model import artifacts
from steps.model.manifest import Manifest
from steps.model.run import Run, merge_records

LOCK = ".lock"
ASIDE = ".finished"
"""Holds the manifest of an earlier run, with its receipts and records, while the job runs again."""
_KEPT = (RECEIPTS_FOLDER, RECORDS_FOLDER, artifacts.RUN.path, artifacts.MANIFEST.path)
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


def set_aside(folder: Path) -> None:
    """Take the manifest of a finished job away before the next run: from now on it is not done.

    What a run rewrites before it makes anything, namely receipts and records, is kept with the
    manifest, so that `bring_back` can undo a run that came to nothing. What a killed run set aside
    stays there.
    """
    if not (folder / artifacts.MANIFEST.path).is_file():
        return
    partial = folder / f"{ASIDE}.partial"
    for place in (partial, folder / ASIDE):
        shutil.rmtree(place, ignore_errors=True)
    partial.mkdir()
    for name in _KEPT:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, partial / name)
        elif (folder / name).is_file():
            shutil.copyfile(folder / name, partial / name)
    partial.rename(folder / ASIDE)
    for name in (artifacts.MANIFEST.path, artifacts.RUN.path):
        (folder / name).unlink(missing_ok=True)


def bring_back(folder: Path) -> bool:
    """Make a job finished again after a run that failed before it changed any result.

    Returns:
        Whether the job is finished again: every file is still as the earlier manifest says.
    """
    aside = folder / ASIDE
    if not (aside / artifacts.MANIFEST.path).is_file():
        return False
    try:
        manifest = Manifest.from_file(aside / artifacts.MANIFEST.path)
    except BrokenContract:  # of another version, or damaged: it proves nothing
        return False
    for artifact in manifest.artifacts:
        places = (aside / artifact.path, folder / artifact.path)
        path = next((place for place in places if place.is_file()), None)
        if path is None or path.stat().st_size != artifact.size_bytes:
            return False
        if file_sha256(path) != artifact.sha256:
            return False
    for name in _KEPT:  # the manifest last
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        if (aside / name).exists():
            (aside / name).replace(folder / name)
    forget_aside(folder)
    return True


def forget_aside(folder: Path) -> None:
    """Remove what `set_aside` kept: a newer manifest has taken its place."""
    shutil.rmtree(folder / ASIDE, ignore_errors=True)


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
