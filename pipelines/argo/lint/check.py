"""All checks of a document, in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pipelines.argo.lint.argv import check_argv
from pipelines.argo.lint.document import as_read
from pipelines.argo.lint.keys import check_keys
from pipelines.argo.lint.limits import check_limits
from pipelines.argo.lint.names import check_names
from pipelines.argo.lint.pods import check_pods
from pipelines.argo.lint.problem import Json, Problem
from pipelines.argo.lint.schema import check_schema
from pipelines.argo.lint.shape import check_shape
from pipelines.argo.lint.tags import check_tags
from pipelines.argo.lint.tasks import check_tasks
from pipelines.argo.lint.values import check_values

STAGES: tuple[tuple[Callable[[Json], Iterator[Problem]], ...], ...] = (
    (check_schema,),
    (check_names,),
    (
        check_shape,
        check_tasks,
        check_tags,
        check_values,
        check_keys,
        check_argv,
        check_pods,
        check_limits,
    ),
)
"""Each stage's checks run on a document in which those before found nothing."""


def lint(document: Any) -> list[Problem]:
    """What is wrong with a WorkflowTemplate; nothing, when it may be installed."""
    if not isinstance(document, dict):
        return [Problem("document", f"is a {type(document).__name__}, not a Kubernetes object")]
    given = as_read(document)
    for stage in STAGES:
        if problems := {problem for check in stage for problem in check(given)}:
            return sorted(problems)
    return []
