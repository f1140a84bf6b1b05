"""Folders for unfinished downloads, so that the next attempt resumes this one."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

FOLDER_VARIABLE = "CLIPMILL_PARTIAL_DIR"
"""Names the folder of unfinished downloads; without it, the user's cache folder."""


@contextmanager
def growing_folder(address: str, fallback: Path) -> Iterator[Path]:
    """A folder for what is fetched from an address, for this process only.

    The folder outlives a failure, so that the next run finds what was fetched; the caller empties
    it after a success. Where no folder can be kept, or another process fetches from the same
    address, it is `fallback`.
    """
    folder = _kept(address)
    if folder is None:
        yield fallback
        return
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield fallback
            return
        yield folder


def forget(folder: Path) -> None:
    """Remove the files of a finished download; the lock stays."""
    for path in folder.iterdir():
        if path.name != ".lock" and path.is_file():
            path.unlink()


def _kept(address: str) -> Path | None:
    named = os.environ.get(FOLDER_VARIABLE)
    root = Path(named) if named else Path(platformdirs.user_cache_path("clipmill")) / "partial"
    folder = root / hashlib.sha256(address.encode()).hexdigest()[:32]
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder if os.access(folder, os.W_OK) else None
    except OSError:
        return None
