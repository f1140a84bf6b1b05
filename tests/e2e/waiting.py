"""Waiting for a state, never for a time."""

import time
from collections.abc import Callable
from typing import Any

POLL_S = 1.0


def until(what: str, question: Callable[[], Any], within_s: float) -> Any:
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + within_s
    while not (answer := question()):
        assert time.monotonic() < deadline, f"{what}: not within {within_s:.0f} s"
        time.sleep(POLL_S)
    return answer
