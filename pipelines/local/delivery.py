"""Where a local job works, and how it reaches a bucket."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from steps.contract.folders import write_atomically
from steps.contract.receipt import RECORDS_FOLDER, RunRecord
from steps.model import artifacts
from steps.model.run import Run, merge_records
from steps.storage import open_store


def default_cache() -> str:
    """The user's own cache of finished steps."""
    return str(platformdirs.user_cache_path("clipmill") / "steps")


def is_bucket(out: str) -> bool:
    """Whether `--out` is no folder."""
    return "://" in out and not out.startswith("file://")


def work_folder(out: str, job_id: str) -> Path:
    """The job's folder, made, with the manifest of an earlier run taken away: it is not done.

    Of a job that goes to a bucket it is in the user's cache.

    Raises:
        StepError: `out` is no place for jobs, or a bucket that cannot be reached.
    """
    place = open_store(out)
    if is_bucket(out):
        place.head(f"{job_id}/{artifacts.MANIFEST.path}")
    root = (
        platformdirs.user_cache_path("clipmill") / "jobs"
        if is_bucket(out)
        else Path(out.removeprefix("file://")).expanduser()
    )
    folder = root.absolute() / job_id
    folder.mkdir(parents=True, exist_ok=True)
    for port in (artifacts.MANIFEST, artifacts.RUN):
        (folder / port.path).unlink(missing_ok=True)
    return folder


def deliver(folder: Path, job_id: str, out: str) -> tuple[Run, str]:
    """Write run.json, and copy the job to its bucket when it has one.

    Returns:
        The merged run records, and where the job is: a path as the user would write it, or a URI.
    """
    records = sorted((folder / RECORDS_FOLDER).glob("*.json"))
    run = merge_records(job_id, "local", [RunRecord.from_file(path) for path in records])
    write_atomically(folder / artifacts.RUN.path, run.canonical_bytes())
    if not is_bucket(out):
        return run, f"{out.rstrip('/')}/{job_id}"
    from steps.storage.jobs import upload_job

    where = f"{out.rstrip('/')}/{job_id}"
    upload_job(folder, open_store(where))
    return run, where
