"""How a job ended, out of the workflow's status, the manifest and the receipts."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from steps.contract.errors import one_line
from steps.contract.receipt import Receipt
from steps.model.argo_nodes import exit_code, is_try, task_name
from steps.model.manifest import Manifest
from steps.notify.event import EventClip, EventFailure, JobEnd

_STOPPED = re.compile(r"(stopped|workflow shutdown) with strategy", re.IGNORECASE)
UNKNOWN_EXIT_CODE = -1


@dataclass(frozen=True, order=True)
class FailedNode:
    """A failed node of the workflow.

    Attributes:
        finished: RFC 3339, or empty.
        task: the task's name.
        attempt: whether it is one try; else the task as a whole, which failed for good.
        message: one line, may be empty.
    """

    finished: str
    task: str
    attempt: bool
    message: str

    @property
    def exit_code(self) -> int:
        """Of the step's process; -1 when the pod was lost before it ended."""
        code = exit_code(self.message)
        return UNKNOWN_EXIT_CODE if code is None else code


def parse_failures(text: str) -> list[FailedNode]:
    """The workflow's failed nodes, first to last.

    Argo quotes the JSON of `workflow.failures` as Go does, whose escapes are Python's and not all
    JSON's, and gives `null` for none. Text that is neither is no list: then nothing is known.
    """
    try:
        found = json.loads(ast.literal_eval(text) if text.startswith('"') else text or "[]")
    except (SyntaxError, TypeError, ValueError):
        return []
    nodes = [node for node in found if isinstance(node, Mapping)] if isinstance(found, list) else []
    return sorted(
        FailedNode(
            finished=str(node.get("finishedAt") or ""),
            task=task_name(str(node.get("displayName") or "")),
            attempt=is_try(str(node.get("displayName") or "")),
            message=one_line(str(node.get("message") or "")),
        )
        for node in nodes
    )


def job_end(
    *,
    job: str,
    owner: str,
    prefix: str,
    status: str,
    failures: Iterable[FailedNode],
    manifest: Manifest | None,
    receipts: Iterable[Receipt],
) -> JobEnd:
    """Put together how a job ended; a receipt's own words count more than Argo's."""
    nodes = [node for node in failures if node.task != f"{job}.onExit"]
    failed = failed_tasks(job, nodes, receipts)
    nothing = JobEnd(
        job=job,
        owner=owner,
        prefix=f"{prefix}/{job}",
        outcome="complete",
        reason="",
        manifest_sha256="",
        clips=(),
        failures=failed,
    )
    if status == "Succeeded":
        return nothing if manifest is None else nothing.model_copy(update=_made(manifest))
    stopped = any(_STOPPED.search(node.message) for node in nodes)
    ending = failed[-1] if failed else None  # of several the last, which ended the job
    return nothing.model_copy(
        update={
            "outcome": "cancelled" if stopped else "failed",
            "reason": f"{ending.task}: {ending.message}" if ending else _last_words(nodes, stopped),
        }
    )


def mark_of(job: str, uid: str, failures: Iterable[FailedNode]) -> str:
    """What sets this end of a job apart from one before a retry: the run, and when it failed."""
    whole = next((node for node in failures if node.task == job), None)
    return f"{uid} {whole.finished}" if whole else uid


def failed_tasks(
    job: str, nodes: list[FailedNode], receipts: Iterable[Receipt]
) -> tuple[EventFailure, ...]:
    """The tasks that failed for good, in the order of their last try.

    Left out are the workflow itself, a fan-out as a whole, a try that a later one made good, and
    what was stopped on request. A whole says only that it is not tried again, so the last try
    says why.
    """
    said = {receipt.task: receipt.failure for receipt in receipts if receipt.failure}
    tries = {node.task: node for node in nodes if node.attempt}
    wholes = [node for node in nodes if not node.attempt and node.task != job]
    last = sorted(
        tries.get(whole.task, whole)
        for whole in wholes
        if not any(other.task.startswith(f"{whole.task}-") for other in wholes)
    )
    found = []
    for node in last:
        own = said.get(node.task)
        if _STOPPED.search(node.message):
            continue
        found.append(
            EventFailure(
                task=node.task,
                exit_code=own.exit_code if own else node.exit_code,
                error=own.error if own else "Lost" if node.exit_code < 0 else "Failed",
                message=own.message if own else node.message,
            )
        )
    return tuple(found)


def _made(manifest: Manifest) -> dict[str, object]:
    return {
        "outcome": manifest.outcome,
        "reason": manifest.reason,
        "manifest_sha256": manifest.sha256(),
        "clips": tuple(
            EventClip(id=clip.id, title=clip.title, files=clip.files) for clip in manifest.clips
        ),
    }


def _last_words(nodes: list[FailedNode], stopped: bool) -> str:
    if stopped:
        return "stopped on request"
    return next((node.message for node in nodes if node.message), "no reason is known")
