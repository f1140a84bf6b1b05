"""Ports as Argo artifacts: the same path in the pod, on disk and under the job's prefix."""

from __future__ import annotations

from hera.workflows import NoneArchiveStrategy, Parameter, S3Artifact
from hera.workflows import models as m

from pipelines.argo.names import JOB_FOLDER, JOB_PREFIX, kebab
from pipelines.dag import Task
from steps.contract import Port
from steps.contract.receipt import receipt_path, record_path


def clip_tag(task: Task) -> str | None:
    """What stands for the clip's id in a fanned-out task's template."""
    if task.fan_out is None:
        return None
    return f"{{{{inputs.parameters.{kebab(task.fan_out.param)}}}}}"


def input_artifacts(task: Task) -> list[S3Artifact]:
    """What a pod is given before its step starts.

    A folder's key has no `/` at its end here: Argo asks for that very key first, and some stores
    (SeaweedFS, or any bucket where a console made the folder) have an empty object of that name.
    """
    artifacts = [_artifact(port, clip_tag(task)) for port in task.step.reads]
    for artifact in artifacts:
        artifact.key = str(artifact.key).rstrip("/")
    return artifacts


def output_artifacts(task: Task, *, notes: bool = True) -> list[S3Artifact]:
    """What is kept of a pod: its outputs, then (as `notes`) its receipt and run record.

    Argo keeps outputs of a failed step too, so those two say why it failed; a lost pod has none.
    """
    clip = clip_tag(task)
    run = f"{task.name}-{clip}" if clip else task.name
    about = (
        Port("receipt", receipt_path(run), "what the task did", optional=True),
        Port("record", record_path(run), "when and where it ran", optional=True),
    )
    ports = (*task.step.writes, *about) if notes else task.step.writes
    return [_artifact(port, clip) for port in ports]


def output_parameters(task: Task) -> list[Parameter]:
    """The lists of ids that later tasks fan out over; empty when the step wrote none."""
    return [
        Parameter(
            name=kebab(port.name),
            value_from=m.ValueFrom(path=f"{JOB_FOLDER}/{port.path}", default="[]"),
        )
        for port in task.step.writes
        if port.parameter
    ]


def _artifact(port: Port, clip: str | None) -> S3Artifact:
    path = port.path.format(clip=clip) if port.is_per_clip else port.path
    return S3Artifact(
        name=kebab(port.name),
        path=f"{JOB_FOLDER}/{path}".rstrip("/"),
        key=f"{JOB_PREFIX}/{path}",
        archive=NoneArchiveStrategy(),
        optional=True if port.optional or port.is_folder else None,
    )
