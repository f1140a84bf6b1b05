"""The error tree, and the exit code of each leaf.

```
StepError                1   a bug, until a leaf says otherwise
├── Transient           75   a passing fault: the same command may work in a minute
├── BadInput            80   the user gave something that cannot be used
├── UnsupportedMedia    81   a real file, of a kind that is not handled
├── OverLimit           82   too long, too large, too slow, no room left
├── Refused             83   an upstream said no, and will say no again
├── BrokenContract      84   an input or output is not what its step declared
└── Blocked             85   the policy forbids going on
```

Codes 64 and 65 belong to Argo's own executor and are never used. Argo and the local executor retry
75 and lost processes, never 80 and above.
"""

from __future__ import annotations

import errno
from typing import ClassVar

INTERRUPTED_EXIT_CODE = 130

UNUSABLE_PATH = (
    errno.ENOENT,
    errno.EEXIST,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
)


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
    """Past a stated bound: duration, size, pixels, time, disk."""

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


LEAVES: tuple[type[StepError], ...] = (
    Transient,
    BadInput,
    UnsupportedMedia,
    OverLimit,
    Refused,
    BrokenContract,
    Blocked,
)


def one_line(text: str, limit: int = 400) -> str:
    """The text with every run of white space as one space, at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def from_os_error(error: OSError) -> StepError:
    """The leaf for an operating system's refusal: a full disk, a missing permission."""
    where = error.filename or "the output folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OverLimit(f"no space left on the disk of {where}: free some, then run again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return BadInput(f"no permission to use {where}: choose another folder, or mend its rights")
    if error.errno == errno.EFBIG:
        return OverLimit(f"{where} would be larger than this system allows: see `ulimit -f`")
    if error.errno in UNUSABLE_PATH:
        return BadInput(f"cannot use {where}: {error.strerror}")
    return Transient(f"the system refused {where}: {error.strerror or error}")
