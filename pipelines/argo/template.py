"""A Dag as a WorkflowTemplate: `render` gives its text, the same for the same Dag."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from hera.workflows import DAG, Parameter, WorkflowTemplate
from hera.workflows import Task as ArgoTask

from pipelines.argo.containers import step_template
from pipelines.argo.graph import depends
from pipelines.argo.lifecycle import exit_template, settings
from pipelines.argo.names import APP_LABELS, ENTRYPOINT, EXIT_STEP, VERSION_LABEL, kebab
from pipelines.argo.parameters import job_parameters
from pipelines.dag import Dag, FanOut, Task, clips_dag, detect_dag
from steps.contract.errors import BrokenContract

TITLE = "workflows.argoproj.io/title"
DESCRIPTION = "workflows.argoproj.io/description"
HEADER = "# Made by `clipmill render`: change the DAG or the steps, then run `make golden`.\n"

TEMPLATES: dict[str, tuple[Callable[[], Dag], str]] = {
    "clipmill": (clips_dag, "Long video in, vertical clips out"),
    "clipmill-detect": (detect_dag, "Shots, faces and who speaks, in a whole video"),
}
"""The WorkflowTemplates by name: their Dag, and their title in the Argo UI."""


def image_name(step: str) -> str:
    """The image of a step, before a chart or a registry names it otherwise."""
    return f"clipmill-{step}:{version('clipmill')}"


def workflow_template(
    name: str, dag: Dag, title: str, image: Callable[[str], str] = image_name
) -> WorkflowTemplate:
    """The Hera object for a Dag."""
    steps = [step_template(task, image(task.name)) for task in dag.tasks]
    main = DAG(name=ENTRYPOINT, fail_fast=False, tasks=[_task(dag, task) for task in dag.tasks])
    return WorkflowTemplate(
        name=name,
        labels={**APP_LABELS, VERSION_LABEL: version("clipmill")},
        annotations={TITLE: title, DESCRIPTION: " -> ".join(task.name for task in dag.tasks)},
        entrypoint=ENTRYPOINT,
        arguments=job_parameters(dag),
        templates=[main, *steps, exit_template(image(EXIT_STEP))],
        **settings(name),
    )


def render(name: str, image: Callable[[str], str] = image_name) -> str:
    """The YAML text of one of `TEMPLATES`."""
    make_dag, title = TEMPLATES[name]
    return HEADER + workflow_template(name, make_dag(), title, image).to_yaml(width=10_000)


def _task(dag: Dag, task: Task) -> ArgoTask:
    waits = depends(dag, task.name)
    if task.fan_out is None:
        return ArgoTask(name=task.name, template=task.name, depends=waits)
    return ArgoTask(
        name=task.name,
        template=task.name,
        depends=waits,
        with_param=_ids_tag(dag, task.fan_out),
        arguments=[Parameter(name=kebab(task.fan_out.param), value="{{item}}")],
    )


def _ids_tag(dag: Dag, fan_out: FanOut) -> str:
    writer = dag.writer(fan_out.ids)
    if writer is None:
        raise BrokenContract(f"no task of {dag.name} writes {fan_out.ids.path}")
    return f"{{{{tasks.{writer.name}.outputs.parameters.{kebab(fan_out.ids.name)}}}}}"
