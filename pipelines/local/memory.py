"""How much memory this machine, or the container that this runs in, has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

CONTAINER_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Of cgroups version 2, which has `max` for no limit, and of version 1."""


def total_bytes() -> int | None:
    """The memory that steps may use together; None where the system does not say."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None
    return min([total, *_container_limits()])


def _container_limits() -> Iterator[int]:
    for place in CONTAINER_LIMITS:
        if place.is_file() and (text := place.read_text().strip()).isdecimal():
            yield int(text)
