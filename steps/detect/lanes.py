"""Several clips at once, each in a thread: decoders and networks leave Python alone meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

Alive = Callable[[], None]
"""To be called often: it ends work whose result nobody waits for any more."""

MOST_LANES = 4
"""Each holds what it has seen of a clip: two of the sample's took 430 MiB in all."""


def in_lanes(work: Callable[[T, Alive], R], items: Sequence[T], lanes: int) -> list[R]:
    """The results in the items' order; the same as without threads, if `work` shares nothing.

    Raises:
        Exception: what `work` raises for the first item that fails; the others end at once, as
            they do when a signal ends the process.
    """
    stop = Event()

    def alive() -> None:
        if stop.is_set():
            raise InterruptedError("another clip failed, or the step was ended")

    pool = ThreadPoolExecutor(max(1, min(lanes, len(items))))
    try:
        return list(pool.map(lambda item: work(item, alive), items))
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
