"""What a process does before its slow imports: watch its parent, and take Ctrl-C calmly.

A child ends with its parent, however the parent ends. The parent gives each child the read end of a
pipe and keeps the write end; nobody writes. When the parent is gone, even by SIGKILL, the pipe
closes, and the child's whole process group ends: the step and every ffmpeg that it started.

Only the standard library is imported here.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TextIO

PARENT_VARIABLE = "CLIPMILL_PARENT_FD"
"""The number of the inherited read end; set by the parent, absent when nobody watches."""
GC_THRESHOLD = 50_000
"""New objects between two collections of the youngest; Python's own is 700."""
KERNEL_CAN_WATCH = hasattr(fcntl, "F_SETSIG")


def watch_before_exec(watched: int, lifeline: int) -> None:
    """Between fork and exec, on Linux: let the kernel kill the group when the pipe closes.

    So neither a slow start of Python nor a long call into C delays the end: see fcntl(2), F_SETSIG.
    """
    os.close(lifeline)  # the child's own copy would keep the pipe open
    fcntl.fcntl(watched, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(watched, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(watched, fcntl.F_SETFL, fcntl.fcntl(watched, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([watched], [], [], 0)[0]:  # the parent ended before the kernel watched
        _end()


def end_with_parent() -> None:
    """Elsewhere: wait in a thread and kill this process group when the pipe closes.

    Call it first of all; it does nothing where the kernel watches or nobody does.
    """
    watched = os.environ.pop(PARENT_VARIABLE, "")  # the children of a step must not read it
    if watched and not KERNEL_CAN_WATCH:
        threading.Thread(target=_wait_for_close, args=(int(watched),), daemon=True).start()


class _OnDemand(ModuleType):
    """A module that is imported when one of its names is first used."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def light_imports() -> Iterator[None]:
    """Keep structlog from importing what a step does not use; it takes longer than structlog.

    That is rich, which draws tracebacks, and asyncio, for logging from coroutines; the libraries of
    heavy engines get both later. Keep pydantic from looking through every installed package for
    plugins. And collect garbage less often, and not at exit: imports make many objects that stay.
    Looking through them again and again took a tenth of a step's start, and a last time at its end
    a sixth.
    """
    gc.set_threshold(GC_THRESHOLD)
    atexit.register(gc.freeze)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.modules.setdefault("asyncio", _OnDemand("asyncio"))
    if "rich" in sys.modules:
        yield
        return
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["rich"]


def calm_threads() -> None:
    """Keep OpenCV to the thread that calls it, whatever cores there are.

    Its own threads wait for work in a loop: on cores that lanes and networks use already, they took
    a fifteenth of detect's processor time.
    """
    os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")


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


def discard(stream: TextIO) -> None:
    """Send nowhere what is written to a stream from now on: its reader has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def heeded(*numbers: signal.Signals) -> list[signal.Signals]:
    """The signals that may end this program: all but a hang-up that `nohup` told it to ignore."""
    told = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [number for number in numbers if not (told and number == signal.SIGHUP)]


def _wait_for_close(descriptor: int) -> None:
    os.read(descriptor, 1)
    _end()


def _end() -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)
