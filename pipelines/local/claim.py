"""One run at a time in a job folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steps.contract.errors import BadInput

LOCK = ".lock"


@contextmanager
def claimed(folder: Path) -> Iterator[int]:
    """Hold a job folder for this process; the system lets go of it however the process ends.

    Yields:
        A file descriptor; processes that inherit it hold the folder too, so that steps which
        outlive a killed executor do not meet those of the next.

    Raises:
        BadInput: another process holds it.
    """
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadInput(
                f"another run is working in {folder}: wait for it, or give another --job-id"
            ) from error
        yield lock.fileno()
