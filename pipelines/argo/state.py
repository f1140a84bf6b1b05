"""The state of a job, read from the status of its workflow."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from hera.workflows import models as m

from pipelines.argo.names import OWNER_LABEL
from pipelines.argo.nodes import WHOLE, failure, percent, ratio, stages, time_of
from steps.contract.errors import one_line
from steps.contract.urls import shown

State = Literal["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]

_ENDED: dict[str, State] = {"Succeeded": "SUCCEEDED", "Failed": "FAILED", "Error": "FAILED"}
CANCELLING = "is being cancelled"
CANCELLED = "stopped on request"


@dataclass(frozen=True)
class JobState:
    """Where a job is.

    Attributes:
        job: its id.
        state: `QUEUED` or `RUNNING`, else how it ended.
        stage: the steps that run now, joined by `, `.
        percent: 0 to 100, over all tasks of the job.
        message: why it waits or why it failed; one line, may be empty.
        exit_code: of the step that failed the job; None when none did, or its pod was lost.
        owner: who asked for it; may be empty.
        source: the source without password and signature.
        started: RFC 3339, or empty.
        finished: RFC 3339, or empty.
    """

    job: str
    state: State
    stage: str
    percent: int
    message: str
    exit_code: int | None
    owner: str
    source: str
    started: str
    finished: str

    @property
    def ended(self) -> bool:
        """Whether the job has ended."""
        return self.state not in ("QUEUED", "RUNNING")

    def as_dict(self) -> dict[str, Any]:
        """The fields, for JSON."""
        return asdict(self)


def job_state(workflow: m.Workflow) -> JobState:
    """The state of a workflow; it is queued until the controller has seen it."""
    status = workflow.status or m.WorkflowStatus()
    job = workflow.metadata.name or ""
    nodes = list((status.nodes or {}).values())
    state = _state(workflow)
    lost = failure(nodes, job) if state == "FAILED" else None
    message = f"{lost.task}: {lost.message}" if lost else status.message or ""
    if state == "CANCELLED":
        message = CANCELLED
    elif _shutdown(workflow) and state in ("QUEUED", "RUNNING"):
        message = CANCELLING
    done = percent(nodes, job, _tasks(workflow))
    if done is None:  # Argo's own figure counts the pods that exist so far
        done = ratio(status.progress, 100)
    labels = workflow.metadata.labels or {}
    return JobState(
        job=job,
        state=state,
        stage=", ".join(stages(nodes)) if state == "RUNNING" else "",
        percent=100 if state == "SUCCEEDED" else done,
        message=one_line(message),
        exit_code=lost.exit_code if lost else None,
        owner=labels.get(OWNER_LABEL, ""),
        source=shown(_parameter(workflow, "source")),
        started=time_of(status.started_at),
        finished=time_of(status.finished_at),
    )


def _state(workflow: m.Workflow) -> State:
    phase = (workflow.status.phase if workflow.status else None) or ""
    if phase not in _ENDED:
        return "RUNNING" if phase == "Running" else "QUEUED"
    cancelled = _shutdown(workflow) and (phase != "Succeeded" or _nothing_done(workflow))
    return "CANCELLED" if cancelled else _ENDED[phase]


def _nothing_done(workflow: m.Workflow) -> bool:
    """Whether it was terminated while it waited; Argo reports that as a success."""
    return not ratio(workflow.status.progress if workflow.status else None, WHOLE)


def _shutdown(workflow: m.Workflow) -> bool:
    """Whether somebody stopped or terminated it; a retry resets that."""
    return bool(workflow.spec and workflow.spec.shutdown)


def _tasks(workflow: m.Workflow) -> list[str]:
    """The tasks of the DAG, from the copy of the template in a running workflow."""
    stored = workflow.status.stored_workflow_template_spec if workflow.status else None
    spec = stored or workflow.spec
    entry = spec.entrypoint if spec else None
    templates = (spec.templates if spec else None) or []
    dags = [template.dag for template in templates if template.dag and template.name == entry]
    return [task.name for dag in dags for task in dag.tasks]


def _parameter(workflow: m.Workflow, name: str) -> str:
    arguments = workflow.spec.arguments if workflow.spec else None
    found = (arguments.parameters if arguments else None) or []
    return next((str(item.value) for item in found if item.name == name and item.value), "")
