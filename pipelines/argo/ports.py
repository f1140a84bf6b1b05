"""Ports as Argo artifacts: the same path in the pod, on disk and under the job's prefix."""

from __future__ import annotations

from hera.workflows import NoneArchiveStrategy, Parameter, S3Artifact
from hera.workflows import models as m

from pipelines.argo.names import JOB_FOLDER, JOB_PREFIX, kebab
from pipelines.dag import Task
from steps.contract import Port
from steps.contract.ports import FURTHER_ASPECT
from steps.contract.receipt import receipt_path, record_path

RUN_PARAMETER = "run"
NO_RECORD = '{"wall_ms":0}'
"""Stands for the record of a run that left none."""


def item_tag(task: Task) -> str | None:
    """The tag of the id in the template of a fan-out; None for other tasks."""
    if task.fan_out is None:
        return None
    return f"{{{{inputs.parameters.{kebab(task.fan_out.param)}}}}}"


def clip_tag(task: Task) -> str:
    """The expression that takes the clip's id out of the id of its rendition."""
    return f"{{{{=sprig.regexReplaceAll('{FURTHER_ASPECT}', {_item(task)}, '')}}}}"


def aspect_tag(task: Task) -> str:
    """The expression that makes `/4x5` of `clip_01_4x5`, and nothing of `clip_01`."""
    return f"{{{{=sprig.replace('_', '/', sprig.regexFind('{FURTHER_ASPECT}', {_item(task)}))}}}}"


def input_artifacts(task: Task) -> list[S3Artifact]:
    """The artifacts that Argo puts into a pod before its step starts.

    The key of a folder has no `/` at its end: Argo first asks for exactly that key, and some stores
    (SeaweedFS, or a bucket where a console made the folder) have an empty object of that name.
    """
    artifacts = [_artifact(port, task) for port in task.step.reads]
    for artifact in artifacts:
        artifact.key = str(artifact.key).rstrip("/")
    return artifacts


def output_artifacts(task: Task, *, notes: bool = True) -> list[S3Artifact]:
    """The artifacts that Argo keeps of a pod: its outputs, and as `notes` its receipt and record.

    Argo also keeps the outputs of a failed step, so the notes say why it failed. A lost pod leaves
    none.
    """
    about = (
        Port("receipt", receipt_path(_run_of(task)), "what the task did", optional=True),
        Port("record", record_path(_run_of(task)), "when and where it ran", optional=True),
    )
    ports = (*task.step.writes, *about) if notes else task.step.writes
    return [_artifact(port, task) for port in ports]


def _run_of(task: Task) -> str:
    """The name of a task's run; of a fan-out, with the tag of the id."""
    item = item_tag(task)
    return f"{task.name}-{item}" if item else task.name


def output_parameters(task: Task) -> list[Parameter]:
    """The record of the run, for metrics, and the lists of ids that later tasks fan out over."""
    record = m.ValueFrom(path=f"{JOB_FOLDER}/{record_path(_run_of(task))}", default=NO_RECORD)
    return [
        Parameter(name=RUN_PARAMETER, value_from=record),
        *_lists(task),
    ]


def _lists(task: Task) -> list[Parameter]:
    """The lists of ids; `[]` when the step wrote none."""
    return [
        Parameter(
            name=kebab(port.name),
            value_from=m.ValueFrom(path=f"{JOB_FOLDER}/{port.path}", default="[]"),
        )
        for port in task.step.writes
        if port.parameter
    ]


def _item(task: Task) -> str:
    """The id in an expression, which knows no names with dashes."""
    return f"inputs.parameters['{kebab(task.fan_out.param)}']" if task.fan_out else "''"


def _artifact(port: Port, task: Task) -> S3Artifact:
    item = item_tag(task)
    path = port.filled(item, clip_tag(task), aspect_tag(task)) if item else port.path
    return S3Artifact(
        name=kebab(port.name),
        path=f"{JOB_FOLDER}/{path}".rstrip("/"),
        key=f"{JOB_PREFIX}/{path}",
        archive=NoneArchiveStrategy(),
        optional=True if port.optional or port.is_folder else None,
    )
