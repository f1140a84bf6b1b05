"""The names and messages of a workflow's nodes, as Argo writes them.

The display name of a node is `cut`, `render(0:clip_02)` for one item of a fan-out, and the same
with `(1)` at the end for the second try of it. The message of a failed container has its exit code.
"""

from __future__ import annotations

import re

_TRY = re.compile(r"\(\d+\)$")
_ITEM = re.compile(r"\(\d+:([^()]+)\)")
_EXIT_CODE = re.compile(r"\(exit code (\d+)\)")


def is_try(name: str) -> bool:
    """Whether a node is one try of a task, not the task as a whole."""
    return bool(_TRY.search(name))


def without_try(name: str) -> str:
    """The name of the task as a whole, for the name of any of its tries."""
    return _TRY.sub("", name)


def task_name(display_name: str) -> str:
    """The task as receipts name it: `render-clip_02` for `render(0:clip_02)(1)`."""
    name = without_try(display_name)
    item = _ITEM.search(name)
    return f"{name[: item.start()]}-{item[1]}" if item else name


def exit_code(message: str) -> int | None:
    """The exit code in the message of a failed node; None when the pod was lost."""
    found = _EXIT_CODE.search(message)
    return int(found[1]) if found else None
