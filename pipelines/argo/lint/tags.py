"""Every `{{tag}}` and expression names something that exists where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.argo.lint.expressions import is_expression, names_in
from pipelines.argo.lint.problem import Json, Problem, templates, texts
from pipelines.argo.lint.tasks import ancestors_of, is_fan_out, outputs_of, tasks_of

TAG = re.compile(r"\{\{(=?)(.*?)\}\}", re.DOTALL)

ANYWHERE = {
    "workflow.name",
    "workflow.namespace",
    "workflow.uid",
    "workflow.mainEntrypoint",
    "workflow.serviceAccountName",
    "workflow.creationTimestamp",
}
EXIT_ONLY = {"workflow.status", "workflow.failures"}
IN_POD = {"pod.name", "node.name"}
IN_METRICS = {"duration", "status", "exitCode", "resourcesDuration", "resourcesDuration.cpu",
              "resourcesDuration.memory"}  # fmt: skip
IN_RETRY = {
    "retries",
    *(f"lastRetry.{name}" for name in ("exitCode", "status", "duration", "message")),
}
OF_TASK = {"status", "exitCode", "startedAt", "finishedAt", "id", "ip"}
UNFINISHED = "look for a missing operand, bracket or quote"


def used(text: str) -> set[str]:
    """The variables of all tags in a text."""
    found: set[str] = set()
    for expression, body in TAG.findall(text):
        found |= names_in(body) if expression else {body.strip()}
    return found


def check_tags(document: Json) -> Iterator[Problem]:
    """Variables that nothing defines, or that only an exit hook knows."""
    spec = document.get("spec", {})
    job = ANYWHERE | {
        f"workflow.parameters.{item['name']}"
        for item in spec.get("arguments", {}).get("parameters") or []
    }
    on_exit = _exit_templates(spec)
    for template in templates(document):
        name = template.get("name", "")
        known = job | IN_POD | _inputs(template) | (EXIT_ONLY if name in on_exit else set())
        if "retryStrategy" in template:
            known = known | {"retries"}
        yield from _check_template(document, template, known)
    rest = {key: value for key, value in spec.items() if key not in ("templates", "metrics")}
    yield from _unknown(rest, "spec", job)
    yield from _unknown(
        spec.get("metrics", {}),
        "spec.metrics",
        job | EXIT_ONLY | IN_METRICS | {"workflow.duration"},
    )
    for label, source in (spec.get("workflowMetadata", {}).get("labelsFrom") or {}).items():
        where = f"spec.workflowMetadata.labelsFrom.{label}"
        yield from _check_expression(source.get("expression", ""), where, job)


def _check_template(document: Json, template: Json, known: set[str]) -> Iterator[Problem]:
    where = f"templates.{template.get('name')}"
    tasks = tasks_of(template)
    for task in tasks:
        own = known | ({"item"} if is_fan_out(task) else set())
        before = ancestors_of(tasks, task["name"])
        yield from _unknown(
            task, f"{where}.{task['name']}", own | _task_variables(document, tasks, before)
        )
    metrics = template.get("metrics", {})
    yield from _unknown(metrics, f"{where}.metrics", known | IN_METRICS)
    if expression := template.get("retryStrategy", {}).get("expression"):
        yield from _check_expression(expression, f"{where}.retryStrategy", IN_RETRY)
    rest = {key: item for key, item in template.items() if key not in ("dag", "metrics")}
    yield from _unknown(rest, where, known)


def _check_expression(expression: str, where: str, known: set[str]) -> Iterator[Problem]:
    if not is_expression(expression):
        yield Problem(where, f"{expression:.60} is no expression: {UNFINISHED}")
    for missing in sorted(names_in(expression) - known):
        yield Problem(where, f"no {missing} here")


def _unknown(value: Any, where: str, known: set[str]) -> Iterator[Problem]:
    for place, text in texts(value, where):
        for name in sorted(used(text) - known):
            hint = ": only an exit hook knows it" if name in EXIT_ONLY else ""
            yield Problem(place, f"nothing defines {{{{{name}}}}} here{hint}")
        if text.count("{{") != text.count("}}") and TAG.search(text) is None:
            yield Problem(place, "a tag is not closed")
        for expression, body in TAG.findall(text):
            if expression and not is_expression(body):
                yield Problem(place, f"{{{{={body}}}}} is no expression: {UNFINISHED}")


def _exit_templates(spec: Json) -> set[str]:
    hook = (spec.get("hooks") or {}).get("exit", {}).get("template")
    return {name for name in (spec.get("onExit"), hook) if name}


def _inputs(template: Json) -> set[str]:
    inputs = template.get("inputs", {})
    return {f"inputs.parameters.{item['name']}" for item in inputs.get("parameters") or []} | {
        f"inputs.artifacts.{item['name']}.path" for item in inputs.get("artifacts") or []
    }


def _task_variables(document: Json, tasks: list[Json], before: set[str]) -> set[str]:
    found: set[str] = set()
    for task in tasks:
        if task["name"] not in before:
            continue
        stem = f"tasks.{task['name']}"
        found |= {f"{stem}.{fact}" for fact in OF_TASK}
        found |= {f"{stem}.outputs.{output}" for output in outputs_of(document, task)}
    return found
