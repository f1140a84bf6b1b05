"""A Dag as a WorkflowTemplate; `render` gives its text, the same for the same Dag."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hera.workflows import DAG, Parameter, WorkflowTemplate
from hera.workflows import Task as ArgoTask
from pydantic.fields import FieldInfo

from pipelines.argo.containers import step_template
from pipelines.argo.lifecycle import exit_template, settings
from pipelines.argo.names import (
    APP_LABELS,
    CLIPS_TEMPLATE,
    DETECT_TEMPLATE,
    ENTRYPOINT,
    EXIT_STEP,
    TITLE_ANNOTATION,
    VERSION_LABEL,
    kebab,
)
from pipelines.dag import Dag, FanOut, Task, ancestors, clips_dag, detect_dag
from steps.contract.engines import OFF
from steps.contract.errors import BrokenContract
from steps.contract.params import bounds, choices, text
from steps.model.weights import MODELS

DESCRIPTION = "workflows.argoproj.io/description"
HEADER = "# Made by `clipmill render`: change the DAG or the steps, then run `make golden`.\n"

ENGINES_FILE = "engines.json"
MODELS_FILE = "models.json"

TEMPLATES: dict[str, tuple[Callable[[], Dag], str]] = {
    CLIPS_TEMPLATE: (clips_dag, "Long video in, vertical clips out"),
    DETECT_TEMPLATE: (detect_dag, "Shots, faces and speakers of a whole video"),
}
"""The WorkflowTemplates by name: their Dag, and their title in the Argo UI."""

CLUSTER_PARAMETERS = (
    Parameter(
        name="prefix", value="jobs", description="Folder in the bucket that holds the job's folder."
    ),
    Parameter(
        name="cache",
        value="",
        description="s3:// prefix of finished runs to reuse; empty for none.",
    ),
    Parameter(
        name="owner", value="", description="Who asked for the job, as a label; may be empty."
    ),
    Parameter(
        name="callback",
        value="",
        description="https:// address that gets a signed event when the job ends; may be empty.",
    ),
)
"""What only a job on a cluster needs, after the job's own params."""

ANY_END = ("Succeeded", "Skipped", "Failed", "Errored")
"""The ends of a fan-out after which later tasks go on; Omitted is not one of them."""


def image_name(step: str) -> str:
    """The image of a step, unless a chart or a registry renames it."""
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
        annotations={TITLE_ANNOTATION: title, DESCRIPTION: " -> ".join(t.name for t in dag.tasks)},
        entrypoint=ENTRYPOINT,
        arguments=[*(_parameter(*item) for item in dag.params.items()), *CLUSTER_PARAMETERS],
        templates=[main, *steps, exit_template(image(EXIT_STEP))],
        **settings(name),
    )


def render(name: str, image: Callable[[str], str] = image_name) -> str:
    """The YAML text of one of `TEMPLATES`."""
    make_dag, title = TEMPLATES[name]
    return HEADER + workflow_template(name, make_dag(), title, image).to_yaml(width=10_000)


def engine_facts(dag: Dag) -> dict[str, Any]:
    """What each engine of a Dag asks of a cluster, by the parameter that chooses it.

    The chart applies them: it gives each step with that parameter the image and the resources of
    the engine that the values choose.
    """
    return {
        kebab(name): {
            "steps": [other.name for other in dag.tasks if name in other.step.engines],
            "off": OFF in marked.choices,
            "engines": {
                engine.name: {
                    "environment": engine.environment,
                    "gpus": engine.resources.gpu,
                    "cpu": engine.resources.cpu,
                    "memoryMiB": engine.resources.memory_mib,
                }
                for engine in marked.engines
            },
        }
        for task in dag.tasks
        for name, marked in task.step.engines.items()
    }


def model_steps() -> list[str]:
    """The steps that use models: the chart gives them a volume or a bucket of models."""
    return sorted({step for model in MODELS.values() for step in model.steps})


def write_templates(folder: Path) -> list[Path]:
    """Write every template to `folder/NAME.yaml`, and the facts of the engines beside them.

    Returns:
        The paths; the chart carries the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.yaml": render(name) for name in TEMPLATES}
    texts[ENGINES_FILE] = json.dumps(engine_facts(clips_dag()), indent=2) + "\n"
    texts[MODELS_FILE] = json.dumps(model_steps()) + "\n"
    for name, text_of_file in texts.items():
        (folder / name).write_text(text_of_file)
    return [folder / name for name in texts]


def _parameter(name: str, info: FieldInfo) -> Parameter:
    """A param of the job; one without a default has no value, so Argo asks for it."""
    allowed = bounds(info)
    hint = f" [{allowed}]" if allowed and not choices(info) else ""
    about = f"{info.description}{hint}"
    enum: list[Any] | None = list(choices(info)) or None
    if info.is_required():  # Hera would write an explicit None as the text "null"
        return Parameter(name=kebab(name), enum=enum, description=about)
    return Parameter(name=kebab(name), enum=enum, description=about, value=text(info.default))


def _task(dag: Dag, task: Task) -> ArgoTask:
    waits = _depends(dag, task.name)
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


def _depends(dag: Dag, name: str) -> str | None:
    """The `depends` expression of a task; None for a task that waits for nothing."""
    edges = dag.edges[name]
    direct = (  # a graph reads better without the edges that a longer path implies
        edge for edge in edges if not any(edge in ancestors(dag.edges, other) for other in edges)
    )
    parts = [
        f"({' || '.join(f'{edge}.{end}' for end in ANY_END)})"
        if dag.task(edge).may_fail
        else f"{edge}.Succeeded"
        for edge in direct
    ]
    return " && ".join(parts) or None
