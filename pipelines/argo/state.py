"""A job's state, as a person and a backend want it, from a workflow's status."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from hera.workflows import models as m

from pipelines.argo.names import OWNER_LABEL
from steps.contract.errors import one_line

State = Literal["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]

_ENDED: dict[str, State] = {"Succeeded": "SUCCEEDED", "Failed": "FAILED", "Error": "FAILED"}


@dataclass(frozen=True)
class JobState:
    """Where a job is.

    Attributes:
        job: its id.
        state: `QUEUED` waits for a place, `RUNNING` works; the others are ends.
        stage: the tasks that run now, joined by `, `.
        percent: 0 to 100, over all tasks that are known so far.
        message: why it waits or why it failed; one line, may be empty.
        owner: who asked for it; may be empty.
        source: what it was made from.
        started: RFC 3339, or empty.
        finished: RFC 3339, or empty.
    """

    job: str
    state: State
    stage: str
    percent: int
    message: str
    owner: str
    source: str
    started: str
    finished: str

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state not in ("QUEUED", "RUNNING")

    def as_dict(self) -> dict[str, Any]:
        """The fields, for JSON."""
        return asdict(self)


def job_state(workflow: m.Workflow) -> JobState:
    """The state of a workflow; one that the controller has not seen yet is queued."""
    status = workflow.status or m.WorkflowStatus()
    phase = status.phase or ""
    shutdown = (workflow.spec.shutdown if workflow.spec else None) or ""
    if phase in _ENDED:
        state: State = "CANCELLED" if shutdown and phase != "Succeeded" else _ENDED[phase]
    else:
        state = "RUNNING" if phase == "Running" else "QUEUED"
    labels = workflow.metadata.labels or {}
    return JobState(
        job=workflow.metadata.name or "",
        state=state,
        stage=", ".join(_running(status)) if state == "RUNNING" else "",
        percent=100 if state == "SUCCEEDED" else _percent(status.progress or ""),
        message=one_line(_message(status, state)),
        owner=labels.get(OWNER_LABEL, ""),
        source=_parameter(workflow, "source"),
        started=_time(status.started_at),
        finished=_time(status.finished_at),
    )


def _pods(status: m.WorkflowStatus) -> list[m.NodeStatus]:
    nodes = (status.nodes or {}).values()
    pods = (node for node in nodes if node.type == "Pod")
    return sorted(pods, key=lambda node: (_time(node.started_at), node.display_name or ""))


def _running(status: m.WorkflowStatus) -> list[str]:
    return [_task(node) for node in _pods(status) if node.phase in ("Running", "Pending")]


def _task(node: m.NodeStatus) -> str:
    """The task's name: a pod's own, without the number of its retry."""
    name = node.display_name or ""
    return name.rpartition("(")[0] or name


def _message(status: m.WorkflowStatus, state: State) -> str:
    """What failed first and how; else what the controller says of the whole."""
    if state == "FAILED":
        for node in _pods(status):
            if node.phase in ("Failed", "Error") and (node.message or ""):
                return f"{_task(node)}: {node.message}"
    return status.message or ""


def _percent(progress: str) -> int:
    done, _, total = progress.partition("/")
    return 100 * int(done) // int(total) if done.isdigit() and total.isdigit() and int(total) else 0


def _parameter(workflow: m.Workflow, name: str) -> str:
    arguments = workflow.spec.arguments if workflow.spec else None
    found = (arguments.parameters if arguments else None) or []
    return next((str(item.value) for item in found if item.name == name and item.value), "")


def _time(moment: m.Time | None) -> str:
    return moment.root.isoformat().replace("+00:00", "Z") if moment else ""
