"""Where a local job works, and how it reaches a bucket."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from urllib.parse import unquote

import platformdirs

from pipelines.dag import Dag
from steps.contract.errors import StepError, from_os_error
from steps.model import artifacts
from steps.storage import NotFound, Store, open_store
from steps.storage.cache import open_cache
from steps.storage.jobs import upload_job

CACHE_BYTES = 20 * 10**9
"""The most that the user's own cache may hold; a long source takes a few GB."""


def bound_cache(uri: str) -> None:
    """Forget the oldest runs of the user's own cache past its bound; a given one is its owner's."""
    if uri == default_cache():
        with contextlib.suppress(StepError):
            open_cache(uri).prune(CACHE_BYTES)


def default_cache() -> str:
    """The user's own cache of finished steps."""
    return str(platformdirs.user_cache_path("clipmill") / "steps")


def usable_cache(given: str) -> str | None:
    """The cache to use: the given one, else the user's own; None where that cannot be written.

    Raises:
        StepError: the given one is no place for files, or cannot be reached or written.
    """
    uri = given or default_cache()
    place = open_store(uri)
    try:
        if is_bucket(uri):
            _reach(place)
        else:
            folder = Path(unquote(uri.removeprefix("file://"))).expanduser()
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        if given:
            raise from_os_error(error) from error
        return None
    return uri


def is_bucket(out: str) -> bool:
    """Whether `--out` is no folder."""
    return "://" in out and not out.startswith("file://")


def work_folder(out: str, job_id: str) -> Path:
    """The job's folder, made; of a job that goes to a bucket it is in the user's cache.

    Raises:
        StepError: `out` is no place for jobs, or a bucket that cannot be reached.
    """
    place = open_store(out)
    if is_bucket(out):
        _reach(place)
    root = (
        platformdirs.user_cache_path("clipmill") / "jobs"
        if is_bucket(out)
        else Path(out.removeprefix("file://")).expanduser()
    )
    folder = root.absolute() / job_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def deliver(dag: Dag, folder: Path, job_id: str, out: str) -> str:
    """Copy the job to its bucket when it has one: all that its manifest names, or its last outputs.

    Returns:
        Where the job is: a path as the user would write it, or a URI.
    """
    where = f"{out.rstrip('/')}/{job_id}"
    if not is_bucket(out):
        return where
    store = open_store(where)
    if dag.writer(artifacts.MANIFEST):
        upload_job(folder, store)
    else:
        for port in dag.tasks[-1].step.writes:
            for path in port.files(folder):
                store.put_file(folder / path, str(path))
    return where


def _reach(bucket: Store) -> None:
    """Raise where a bucket is not there or may not be read; a missing object alone says nothing."""
    with contextlib.suppress(NotFound):
        bucket.read_bytes(artifacts.MANIFEST.path)
