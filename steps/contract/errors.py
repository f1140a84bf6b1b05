"""The error tree, and the exit code of each leaf.

```
StepError                1   a bug, until a leaf says otherwise
├── Transient           75   a passing fault: the same command may work in a minute
├── BadInput            80   the user gave something that cannot be used
├── UnsupportedMedia    81   a real file, of a kind that is not handled
├── OverLimit           82   past a stated bound: too long, too large, too slow
├── Refused             83   an upstream said no, and will say no again
├── BrokenContract      84   an input or output is not what its step declared
├── Blocked             85   the policy forbids going on
└── HostFault           86   this machine cannot: no space, memory, permission or free file handle
```

Argo's own executor uses the codes 64 and 65, so no leaf does. Argo and the local executor retry 75
and lost processes, never 80 and above. A job may finish without a clip that failed, but not after
a HostFault: what is missing says nothing about the clip.
"""

from __future__ import annotations

import errno
import os
import re
from typing import ClassVar

from steps.contract.redaction import one_line

__all__ = [
    "INTERRUPTED_EXIT_CODE",
    "LEAVES",
    "BadInput",
    "Blocked",
    "BrokenContract",
    "HostFault",
    "OverLimit",
    "Refused",
    "StepError",
    "Transient",
    "UnsupportedMedia",
    "from_os_error",
    "host_fault",
    "host_fault_in",
    "leaf_of",
    "one_line",
]

INTERRUPTED_EXIT_CODE = 130

UNUSABLE_PATH = (
    errno.ENOENT,
    errno.EEXIST,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
)

_NO_SPACE = "no space is left on the disk of {where}: free some, then run again"
_NO_RIGHT = "no permission to use {where}: choose another folder or change its permissions"
_NO_HANDLES = "too many files are open: raise the limit (`ulimit -n`), then run again"
_NO_MEMORY = "this machine has no memory left: use one with more, or run fewer steps at once"
_HOST_FAULTS = {
    errno.ENOSPC: _NO_SPACE,
    errno.EDQUOT: "the disk quota of {where} is used up: free some space, then run again",
    errno.EFBIG: "{where} is larger than this system allows: raise `ulimit -f`, then run again",
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: "{where} is on a read-only disk: choose another folder",
    errno.EMFILE: _NO_HANDLES,
    errno.ENFILE: _NO_HANDLES,
    errno.ENOMEM: _NO_MEMORY,
}
_MEMORY_WORDS = re.compile(
    r"bad_alloc|out of memory|(?:cannot|failed to|unable to) allocate (?:\d+ bytes|memory)",
    re.IGNORECASE,
)
"""What C++ libraries (ONNX Runtime, CTranslate2, OpenCV, CUDA) raise where Python has a class."""


class StepError(Exception):
    """A failure with one line for a person: what is wrong, and what to do about it."""

    exit_code: ClassVar[int] = 1


class Transient(StepError):
    """A passing fault (a dropped connection, a busy upstream); retrying is right."""

    exit_code = 75


class BadInput(StepError):
    """The user's input cannot be used: a missing file, an unknown option, an empty source."""

    exit_code = 80


class UnsupportedMedia(StepError):
    """A real media file of a kind that clipmill does not handle."""

    exit_code = 81


class OverLimit(StepError):
    """Past a stated bound: duration, size, pixels, time."""

    exit_code = 82


class Refused(StepError):
    """An upstream refused for good: not found, private, forbidden."""

    exit_code = 83


class BrokenContract(StepError):
    """An input or an output is not what the step declared."""

    exit_code = 84


class Blocked(StepError):
    """Stopped by policy (moderation)."""

    exit_code = 85


class HostFault(StepError):
    """This machine cannot do it: no space, no memory, no permission, too many open files."""

    exit_code = 86


LEAVES: tuple[type[StepError], ...] = (
    Transient,
    BadInput,
    UnsupportedMedia,
    OverLimit,
    Refused,
    BrokenContract,
    Blocked,
    HostFault,
)


def leaf_of(exit_code: int) -> type[StepError]:
    """The leaf of an exit code; a code that is not a leaf's is a bug, `StepError` itself."""
    return next((leaf for leaf in LEAVES if leaf.exit_code == exit_code), StepError)


def host_fault(error: BaseException, where: str = "the output folder") -> HostFault | None:
    """The fault of this machine that an exception of any library reports, or None.

    Args:
        error: also a subclass with an `errno`, as PyAV's are.
        where: the path to name where the exception names none.
    """
    if isinstance(error, HostFault):
        return error
    if isinstance(error, MemoryError) or (
        not isinstance(error, StepError) and _MEMORY_WORDS.search(str(error))
    ):
        return HostFault(_NO_MEMORY)
    words = _HOST_FAULTS.get(getattr(error, "errno", None) or 0)
    named = str(getattr(error, "filename", None) or where).removeprefix("file:")
    return HostFault(words.format(where=named)) if words else None


def host_fault_in(text: str, where: str = "the output folder") -> HostFault | None:
    """The fault of this machine that a program reports in the system's own words, or None.

    "Operation not permitted" does not count: ffmpeg says so of its codecs too.
    """
    for number in _HOST_FAULTS:
        if number != errno.EPERM and os.strerror(number) in text:
            return host_fault(OSError(number, os.strerror(number)), where)
    return None


def from_os_error(error: OSError) -> StepError:
    """The leaf for an operating system's refusal."""
    if fault := host_fault(error):
        return fault
    where = error.filename or "the output folder"
    if error.errno == errno.EIO:
        return HostFault(f"the disk of {where} does not work ({error.strerror}): check it")
    if error.errno in UNUSABLE_PATH:
        return BadInput(f"cannot use {where}: {error.strerror}")
    return Transient(f"the system refused {where}: {error.strerror or error}")
