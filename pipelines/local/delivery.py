"""Where a local job is made, where its cache is, and how it gets to a bucket."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import platformdirs

from pipelines.dag import Dag
from steps.contract.errors import BadInput, StepError, from_os_error
from steps.model import artifacts
from steps.storage import NotFound, Store, open_store
from steps.storage.cache import open_cache
from steps.storage.folder import FolderStore
from steps.storage.jobs import upload_job
from steps.storage.schemes import FORMS, MEMORY

CACHE_BYTES = 20 * 10**9
"""The most that the user's own cache may hold; a long source takes a few GB."""


def bound_cache(uri: str) -> None:
    """Remove the oldest runs from the user's own cache past its bound; leave others alone."""
    if uri == default_cache():
        with contextlib.suppress(StepError):
            open_cache(uri).prune(CACHE_BYTES)


def default_cache() -> str:
    """The folder of the user's own cache of finished steps."""
    return str(platformdirs.user_cache_path("clipmill") / "steps")


def usable_cache(asked: str) -> str | None:
    """The cache to use: the one asked for, else the user's own; None where that is not writable.

    Raises:
        StepError: the one asked for cannot hold files, or cannot be reached or written.
    """
    uri = asked or default_cache()
    place = _open(uri, "--cache")
    if not isinstance(place, FolderStore):
        _reach(place)
        return uri
    try:
        place.root.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place.root).close()
    except OSError as error:
        if asked:
            raise from_os_error(error) from error
        return None
    return str(place.root)


def work_folder(out: str, job_id: str) -> Path:
    """The job's folder, made; a job that goes to a bucket is made in the user's cache.

    Raises:
        StepError: `out` cannot hold jobs, or is a bucket that cannot be reached.
    """
    place = _open(out, "--out")
    if isinstance(place, FolderStore):
        root = place.root
    else:
        _reach(place)
        root = platformdirs.user_cache_path("clipmill").absolute() / "jobs"
    folder = root / job_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def deliver(dag: Dag, folder: Path, job_id: str, out: str) -> str:
    """Copy a job that goes to a bucket: all that its manifest names, or its last outputs.

    Returns:
        Where the job is: a path as the user would write it, or a URI.
    """
    where = f"{out.rstrip('/')}/{job_id}"
    if isinstance(open_store(out), FolderStore):
        return where
    store = open_store(where)
    if dag.writer(artifacts.MANIFEST):
        upload_job(folder, store)
    else:
        for port in dag.tasks[-1].step.writes:
            for path in port.files(folder):
                store.put_file(folder / path, str(path))
    return where


def _open(uri: str, option: str) -> Store:
    """The store of an option that outlives this process.

    Raises:
        BadInput: it has no form that is known, or is in memory only.
    """
    if uri.startswith(MEMORY):
        raise BadInput(f"{option} {uri} is gone when this process ends: give {FORMS}")
    return open_store(uri)


def _reach(bucket: Store) -> None:
    """Raise if a bucket does not exist or may not be read; a missing object proves nothing."""
    with contextlib.suppress(NotFound):
        bucket.read_bytes(artifacts.MANIFEST.path)
