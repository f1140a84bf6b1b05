"""All checks of a document, in one list; and the parts that no check reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pipelines.argo.lint.artifacts import check_artifacts
from pipelines.argo.lint.document import (
    Json,
    Problem,
    as_kubernetes_reads,
    is_elsewhere,
    tasks,
    templates,
)
from pipelines.argo.lint.policy import check_commands, check_limits, check_pods
from pipelines.argo.lint.references import check_tags, check_tasks
from pipelines.argo.lint.schema import check_kinds, check_schema
from pipelines.argo.lint.values import check_names, check_values

Check = Callable[[Json], Iterator[Problem]]

FORM: tuple[tuple[Check, ...], ...] = ((check_schema,), (check_names,))
CONTENT: tuple[Check, ...] = (
    check_kinds,
    check_tasks,
    check_tags,
    check_values,
    check_artifacts,
    check_commands,
    check_pods,
    check_limits,
)


def lint(document: Any) -> list[Problem]:
    """What is wrong with a WorkflowTemplate; an empty list when it may be installed.

    Each stage of checks runs only on a document in which the stages before it found nothing. What
    `unchecked` lists is not part of it.
    """
    if not isinstance(document, dict):
        return [Problem("document", f"is a {type(document).__name__}, not a Kubernetes object")]
    read: Json = as_kubernetes_reads(document)
    stages = FORM if _runs_elsewhere(read) else (*FORM, CONTENT)
    for stage in stages:
        if problems := {problem for check in stage for problem in check(read)}:
            return sorted(problems)
    return []


def unchecked(document: Json) -> list[Problem]:
    """The parts that these checks do not read, of a document in which `lint` finds nothing."""
    read: Json = as_kubernetes_reads(document)
    if where := _runs_elsewhere(read):
        return [Problem(where, "not checked: only a WorkflowTemplate is")]
    found: list[Problem] = []
    for template in templates(read):
        where = f"templates.{template['name']}"
        if "steps" in template:
            found.append(Problem(where, "not checked: only dag templates are, not steps"))
        found += [
            Problem(f"{where}.{task['name']}", "not checked: its template is not in this list")
            for task in tasks(template)
            if is_elsewhere(task)
        ]
    return found


def _runs_elsewhere(document: Json) -> str:
    """The field that holds or names what the object runs, in place of `spec.templates`."""
    if document.get("kind") == "CronWorkflow":
        return "spec.workflowSpec"
    spec = document.get("spec")
    referred = isinstance(spec, dict) and "workflowTemplateRef" in spec
    return "spec.workflowTemplateRef" if referred else ""
