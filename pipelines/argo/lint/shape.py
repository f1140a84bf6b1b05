"""Templates: each is one thing, and has only the fields of that thing."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.argo.lint.problem import Json, Problem, templates
from pipelines.argo.lint.tasks import tasks_of

GROUPS = {"dag", "steps"}
LEAVES = {"container", "containerSet", "data", "http", "plugin", "resource", "script", "suspend"}
OF_GROUPS = {"parallelism"}
OF_LEAVES = {"activeDeadlineSeconds", "timeout"}


def check_shape(document: Json) -> Iterator[Problem]:
    """Templates of no kind or of two, and fields that a template of its kind may not have."""
    for template in templates(document):
        where = f"templates.{template['name']}"
        kinds = sorted((GROUPS | LEAVES) & set(template))
        if len(kinds) != 1:
            found = " and ".join(kinds) or "nothing"
            yield Problem(where, f"runs {found}: a template is one of container, dag and the like")
        elif foreign := sorted((OF_LEAVES if kinds[0] in GROUPS else OF_GROUPS) & set(template)):
            yield Problem(where, f"{foreign[0]} is not for a template that is a {kinds[0]}")
        if "dag" in template and not tasks_of(template):
            yield Problem(where, "has no task")
        yield from _check_outputs(template, where)


def _check_outputs(template: Json, where: str) -> Iterator[Problem]:
    for item in template.get("outputs", {}).get("parameters") or []:
        place = f"{where}.outputs.{item['name']}"
        source = item.get("valueFrom", {})
        if "value" in item and source:
            yield Problem(place, "has a value and takes one from elsewhere")
        elif "value" not in item and not any(source.values()):
            yield Problem(place, "says not where its value comes from")
        elif source and "container" in template and not source.get("path"):
            yield Problem(place, "has to come from a path: a container gives nothing else")
