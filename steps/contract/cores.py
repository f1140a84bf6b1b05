"""How many cores this process may use."""

from __future__ import annotations

import os


def usable_cores(most: int = 0) -> int:
    """The cores that the system lets this process have, at most `most` unless that is 0."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return min(cores, most) if most else cores
