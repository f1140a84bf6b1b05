"""What a process does before its slow imports: watch its parent, and take Ctrl-C calmly.

A child ends with its parent, however the parent ends. The parent gives each child the read end of a
pipe and keeps the write end; nobody writes. When the parent is gone, even by SIGKILL, the pipe
closes, and the child's whole process group ends: the step and every ffmpeg that it started.

Only the standard library is imported here.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PARENT_VARIABLE = "CLIPMILL_PARENT_FD"
"""The number of the inherited read end; set by the parent, absent when nobody watches."""


def end_with_parent() -> None:
    """Kill this process group as soon as the parent is gone; call it first of all.

    On Linux the kernel does it, without waiting for a long call into C to return. Elsewhere a
    thread waits at the pipe.
    """
    descriptor = os.environ.pop(PARENT_VARIABLE, "")  # the children of a step must not read it
    if not descriptor:
        return
    if hasattr(fcntl, "F_SETSIG"):
        _signal_on_close(int(descriptor))
        if select.select([int(descriptor)], [], [], 0)[0]:  # it closed before the kernel watched
            _end()
    else:
        threading.Thread(target=_wait_for_close, args=(int(descriptor),), daemon=True).start()


@contextmanager
def quiet_interrupts() -> Iterator[None]:
    """Let Ctrl-C end the process without a traceback while modules are imported."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _signal_on_close(descriptor: int) -> None:
    """Let the kernel send SIGKILL to the group when the pipe changes: see fcntl(2), F_SETSIG."""
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)


def _wait_for_close(descriptor: int) -> None:
    os.read(descriptor, 1)
    _end()


def _end() -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)
