"""Paths as people write them."""

from __future__ import annotations

import os
from pathlib import Path


def expanded(path: str) -> str:
    """The path with `~` and `~user` filled in where there is such a user, else as it is.

    `Path.expanduser` raises RuntimeError for a file called `~draft.mp4`.
    """
    return os.path.expanduser(path)  # noqa: PTH111


def absolute(path: str) -> Path:
    """The absolute path that a text names, `expanded`."""
    return Path(expanded(path)).absolute()
