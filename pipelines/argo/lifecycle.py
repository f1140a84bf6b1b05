"""The fields of a workflow around its DAG: exit hook, limits, clean-up, labels."""

from __future__ import annotations

from typing import Any

from hera.workflows import Container
from hera.workflows import models as m

from pipelines.argo import metrics
from pipelines.argo.containers import VOLUMES, container
from pipelines.argo.names import (
    APP_LABELS,
    ARTIFACTS_CONFIG,
    ARTIFACTS_KEY,
    EXECUTOR_ACCOUNT,
    EXIT_STEP,
    JOB_FOLDER,
    JOB_ID,
    JOB_LABEL,
    JOBS_LIMIT,
    LABEL_VALUE,
    LIMITS_CONFIG,
    OWNER_LABEL,
    SOURCE_LABEL,
    STEPS_ACCOUNT,
    USER_ID,
    workflow_parameter,
)
from pipelines.argo.ports import input_artifacts, output_artifacts
from pipelines.dag import Task, step_arguments
from steps.catalogue import load_step

JOB_DEADLINE_S = 6 * 3600
DAY_S = 24 * 3600
CLIPS_AT_ONCE = 10

SOURCE_NAME = (
    "sprig.trimAll('-._', sprig.trunc(63, sprig.regexReplaceAll('[^A-Za-z0-9._-]+', "
    "sprig.regexReplaceAll('^.*[/@]', sprig.regexReplaceAll('/*([?#].*)?$', "
    "workflow.parameters.source, ''), ''), '-')))"
)
"""The file name of the source as a valid label: `talk.mp4` of `https://HOST/a/talk.mp4?x=1`."""

EXIT_VALUES = {
    "job_id": JOB_ID,
    "uid": "{{workflow.uid}}",
    "status": "{{workflow.status}}",
    "failures": "{{workflow.failures}}",
}
"""Tags that only an exit hook may use, and the job's id."""


def exit_template(image: str) -> Container:
    """The template of the exit hook; it leaves no receipt, because the job has ended."""
    task = Task(load_step(EXIT_STEP))
    values = {
        name: EXIT_VALUES.get(name) or workflow_parameter(name)
        for name in task.step.params.model_fields
    }
    return container(
        task.step,
        image,
        step_arguments(
            task.step,
            values,
            inputs=JOB_FOLDER,
            outputs=JOB_FOLDER,
            cache="",
            job=JOB_ID,
            attempt="{{retries}}",
        ),
        inputs=[*input_artifacts(task)],
        outputs=output_artifacts(task, notes=False),
        measured=[],
    )


def settings(name: str) -> dict[str, Any]:
    """The fields of the workflow of this name, by their names in Hera."""
    owner = "workflow.parameters.owner"
    limit = m.ConfigMapKeySelector(name=LIMITS_CONFIG, key=JOBS_LIMIT)
    return {
        "on_exit": EXIT_STEP,  # `argo lint` does not know workflow.failures in a hook
        "service_account_name": STEPS_ACCOUNT,
        "automount_service_account_token": False,
        "executor": m.ExecutorConfig(service_account_name=EXECUTOR_ACCOUNT),
        "security_context": m.PodSecurityContext(
            run_as_non_root=True,
            run_as_user=USER_ID,
            run_as_group=USER_ID,
            fs_group=USER_ID,
            seccomp_profile=m.SeccompProfile(type="RuntimeDefault"),
        ),
        "artifact_repository_ref": m.ArtifactRepositoryRef(
            config_map=ARTIFACTS_CONFIG, key=ARTIFACTS_KEY
        ),
        "synchronization": m.Synchronization(semaphores=[m.SemaphoreRef(config_map_key_ref=limit)]),
        "parallelism": CLIPS_AT_ONCE,
        "active_deadline_seconds": JOB_DEADLINE_S,
        "ttl_strategy": m.TTLStrategy(
            seconds_after_success=7 * DAY_S, seconds_after_failure=14 * DAY_S
        ),
        "pod_gc": m.PodGC(strategy="OnPodSuccess", delete_delay_duration="10m"),
        "archive_logs": True,
        "pod_metadata": m.Metadata(labels=dict(APP_LABELS)),
        "workflow_metadata": m.WorkflowMetadata(
            labels=dict(APP_LABELS),
            labels_from={
                JOB_LABEL: m.LabelValueFrom(expression="workflow.name"),
                OWNER_LABEL: m.LabelValueFrom(
                    expression=f"{owner} matches '^{LABEL_VALUE}$' ? {owner} : ''"
                ),
                SOURCE_LABEL: m.LabelValueFrom(expression=SOURCE_NAME),
            },
        ),
        "volumes": VOLUMES,
        "metrics": metrics.of_job(name),
    }
