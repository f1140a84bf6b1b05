"""Which stages run, how far a job is, what failed and why: all read from its workflow's nodes.

Argo makes one node for the DAG, one for each task that has retries, and one pod node for each try.
A node's name is its path: `JOB.render(0:clip_02)(1)` is the second try of the task `render` for
`clip_02`; the exit hook's is `JOB.onExit(0)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hera.workflows import models as m

from pipelines.argo.names import EXIT_STEP
from steps.model.argo_nodes import exit_code, task_name, without_try

WHOLE = 1000
"""Shares are in thousandths, so that every client computes the same percent."""

ENDED = ("Succeeded", "Failed", "Error", "Skipped", "Omitted")
_DONE = ("Succeeded", "Skipped")
BROKEN = ("Failed", "Error")
_EXIT = re.compile(r"^(?:main: )?Error \(exit code \d+\)(?:: (.*))?$", re.DOTALL)


@dataclass(frozen=True)
class FailedTask:
    """A task that failed for good.

    Attributes:
        task: as the receipts name it: `cut`, `render-clip_02`.
        exit_code: of the step; None when its pod was lost.
        message: the step's own reason when it gave one, else the message of Kubernetes.
    """

    task: str
    exit_code: int | None
    message: str


def time_of(moment: m.Time | None) -> str:
    """RFC 3339 in UTC, or empty."""
    return moment.root.isoformat().replace("+00:00", "Z") if moment else ""


def ratio(progress: str | None, whole: int) -> int:
    """Argo's `N/M` as a part of `whole`; 0 when it is empty."""
    done, _, total = (progress or "").partition("/")
    if not (done.isdigit() and total.isdigit() and int(total)):
        return 0
    return whole * int(done) // int(total)


def stages(nodes: Iterable[m.NodeStatus]) -> tuple[str, ...]:
    """The steps that have a pod now, each once, the longest running first."""
    pods = [node for node in _by_time(nodes) if node.type == "Pod"]
    return tuple(dict.fromkeys(_step(node) for node in pods if node.phase not in ENDED))


def percent(nodes: Iterable[m.NodeStatus], job: str, tasks: Iterable[str]) -> int | None:
    """How far a job is, 0 to 100: every task of its DAG counts the same, a running one in part.

    Argo's own `status.progress` counts the pods that exist so far, so it falls whenever a task
    starts, and a failed try stays in it.

    Returns:
        None where the tasks are not known.
    """
    names = tuple(tasks)
    if not names:
        return None
    known = list(nodes)
    by_name = {node.name: node for node in known}
    shares = []
    for task in names:
        path = f"{job}.{task}"
        whole = by_name.get(path)
        if whole is not None and whole.phase in _DONE:
            shares.append(WHOLE)
        else:
            shares.append(
                _share(node for node in known if (node.name or "").startswith(f"{path}("))
            )
    return 100 * sum(shares) // (WHOLE * len(shares))


def failure(nodes: Iterable[m.NodeStatus], job: str) -> FailedTask | None:
    """The task that failed for good and ended the job: the last one, by its last try.

    Tries that a later try made good do not count. The exit hook counts only when nothing else
    failed.
    """
    found = _by_time(nodes)
    by_hook = any(node.name == job and node.phase == "Succeeded" for node in found)
    known = [node for node in found if _of_hook(node, job) is by_hook]
    lost = [node for node in known if node.phase in BROKEN and _is_task(node)]
    if not lost:
        return None
    whole = sorted(lost, key=lambda node: time_of(node.finished_at))[-1]
    tries = [node for node in known if node.type == "Pod"]
    last = [node for node in tries if without_try(node.name or "") == whole.name]
    return _failure(last[-1] if last else whole)


def _failure(node: m.NodeStatus) -> FailedTask:
    message = node.message or "no reason is known"
    code = exit_code(message)
    if own := _EXIT.match(message):
        message = own[1] or message
    return FailedTask(task_name(node.display_name or ""), code, message)


def _of_hook(node: m.NodeStatus, job: str) -> bool:
    return (node.name or "").startswith(f"{job}.onExit")


def _is_task(node: m.NodeStatus) -> bool:
    """Whether it is a whole task, not one try of it."""
    a_try = node.node_flag and node.node_flag.retried
    return node.type == "Retry" or (node.type == "Pod" and not a_try)


def _share(pods: Iterable[m.NodeStatus]) -> int:
    """The mean progress of each item's last try, in thousandths."""
    last = {
        without_try(node.name or ""): _progress(node)
        for node in _by_time(pods)
        if node.type == "Pod"
    }
    return sum(last.values()) // len(last) if last else 0


def _progress(node: m.NodeStatus) -> int:
    return WHOLE if node.phase == "Succeeded" else ratio(node.progress, WHOLE)


def _by_time(nodes: Iterable[m.NodeStatus]) -> list[m.NodeStatus]:
    return sorted(nodes, key=lambda node: (time_of(node.started_at), node.name or ""))


def _step(node: m.NodeStatus) -> str:
    return node.template_name or EXIT_STEP
