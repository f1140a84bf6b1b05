"""All checks of a document, in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipelines.argo.lint.argv import check_argv
from pipelines.argo.lint.keys import check_keys
from pipelines.argo.lint.limits import check_limits
from pipelines.argo.lint.problem import Json, Problem
from pipelines.argo.lint.schema import check_schema
from pipelines.argo.lint.tags import check_tags
from pipelines.argo.lint.tasks import check_tasks

CHECKS: tuple[Callable[[Json], Iterator[Problem]], ...] = (
    check_tasks,
    check_tags,
    check_keys,
    check_argv,
    check_limits,
)


def lint(document: Json) -> list[Problem]:
    """What is wrong with a WorkflowTemplate; nothing, when it may be installed.

    The structure comes first: the other checks run on a document that is what it says it is.
    """
    structure = sorted(check_schema(document))
    if structure:
        return structure
    return sorted({problem for check in CHECKS for problem in check(document)})
