"""A step as an Argo template: one container with no rights beyond its work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hera.workflows import Artifact, Container, Env, Parameter
from hera.workflows import Resources as Requests
from hera.workflows import models as m

from pipelines.argo import metrics
from pipelines.argo.metrics import Metric
from pipelines.argo.names import (
    JOB_FOLDER,
    JOB_ID,
    POOL_LABEL,
    SCRATCH_FOLDER,
    STEP_LABEL,
    kebab,
    workflow_parameter,
)
from pipelines.argo.ports import input_artifacts, item_tag, output_artifacts, output_parameters
from pipelines.argo.retry import memory_patch, retry_strategy
from pipelines.dag import Task, step_arguments
from steps.contract.engines import Resources
from steps.contract.step import Step

COMMAND = ["python", "-m", "steps"]
ATTEMPT = "{{retries}}"
TERMINATION_MESSAGE = "/dev/termination-log"
"""A failed step writes its reason here, and Argo shows it as the message of the node."""

PROGRESS = {"workflows.argoproj.io/progress": "0/100"}

LOCKED_DOWN = m.SecurityContext(
    allow_privilege_escalation=False,
    read_only_root_filesystem=True,
    capabilities=m.Capabilities(drop=["ALL"]),
)
VOLUMES = [
    m.Volume(name="job", empty_dir=m.EmptyDirVolumeSource()),
    m.Volume(name="scratch", empty_dir=m.EmptyDirVolumeSource()),
]
MOUNTS = [
    m.VolumeMount(name="job", mount_path=JOB_FOLDER),
    m.VolumeMount(name="scratch", mount_path=SCRATCH_FOLDER),
]


def environment() -> list[Env | m.EnvVar]:
    """The environment of every step; the chart adds endpoints and secrets."""
    node = m.EnvVarSource(field_ref=m.ObjectFieldSelector(field_path="spec.nodeName"))
    return [
        Env(name="CLIPMILL_LOG", value="json"),
        Env(name="CLIPMILL_REASON_FILE", value=TERMINATION_MESSAGE),
        Env(name="HOME", value=SCRATCH_FOLDER),
        m.EnvVar(name="NODE_NAME", value_from=node),
    ]


def requests(resources: Resources) -> Requests:
    """Requests for cores and memory, and a limit of memory; the chart's GPU profile adds GPUs."""
    memory = f"{resources.memory_mib}Mi"
    return Requests(cpu_request=resources.cpu, memory_request=memory, memory_limit=memory)


def arguments(task: Task) -> list[str]:
    """The argv of a task, with tags for the values of the job."""
    own = {task.fan_out.param: str(item_tag(task))} if task.fan_out else {}
    values = {
        name: {**task.fixed, **own}.get(name, workflow_parameter(name))
        for name in task.step.params.model_fields
    }
    return step_arguments(
        task.step,
        values,
        inputs=JOB_FOLDER,
        outputs=JOB_FOLDER,
        cache=workflow_parameter("cache"),
        job=JOB_ID,
        attempt=ATTEMPT,
    )


def step_template(task: Task, image: str) -> Container:
    """The template that runs the step of a task."""
    fan_out = [Parameter(name=kebab(task.fan_out.param))] if task.fan_out else []
    return container(
        task.step,
        image,
        arguments(task),
        inputs=[*fan_out, *input_artifacts(task)],
        outputs=[*output_parameters(task), *output_artifacts(task)],
        measured=metrics.of_step(task),
    )


def container(
    step: Step[Any],
    image: str,
    args: list[str],
    *,
    inputs: Sequence[Parameter | Artifact],
    outputs: Sequence[Parameter | Artifact],
    measured: Sequence[Metric],
) -> Container:
    """A template of one container, for tasks and for the exit hook."""
    return Container(
        name=step.name,
        image=image,
        command=COMMAND,
        args=args,
        inputs=list(inputs),
        outputs=list(outputs),
        env=environment(),
        labels={STEP_LABEL: step.name, POOL_LABEL: step.resources.pool},
        annotations=PROGRESS,
        resources=requests(step.resources),
        security_context=LOCKED_DOWN,
        volume_mounts=MOUNTS,
        active_deadline_seconds=step.timeout_s,
        retry_strategy=retry_strategy(step.retries),
        pod_spec_patch=memory_patch(step.resources),
        metrics=list(measured),
    )
