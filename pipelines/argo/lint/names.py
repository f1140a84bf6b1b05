"""Names: there, made of what Argo allows, short enough, and each given once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.argo.lint.problem import Json, Problem, templates
from pipelines.argo.lint.tasks import tasks_of

LONGEST = {"CronWorkflow": 52}
"""Of an object; a CronWorkflow's workflows have a timestamp behind the name."""
LONGEST_OTHERS = 63

_FIELD = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}")
_VALUE = re.compile(r"[-_a-zA-Z0-9]+")
_ALLOWED = {
    _FIELD: "letters, digits and -, at most 128, and no - first",
    _VALUE: "letters, digits, - and _",
}


def check_names(document: Json) -> Iterator[Problem]:
    """Of the object, its templates, their tasks, and all parameters and artifacts."""
    spec = document.get("spec", {})
    name = document.get("metadata", {}).get("name", "")
    longest = LONGEST.get(document["kind"], LONGEST_OTHERS)
    if len(name) > longest:
        yield Problem("metadata.name", f"has {len(name)} characters, {longest} are allowed")
    yield from _check_all(templates(document), "templates", "templates", _FIELD)
    yield from _check_values(spec.get("arguments", {}), "spec.arguments")
    for template in templates(document):
        where = f"templates.{template.get('name')}"
        for side in ("inputs", "outputs"):
            yield from _check_values(template.get(side, {}), f"{where}.{side}")
        tasks = tasks_of(template)
        yield from _check_all(tasks, where, "tasks", _FIELD)
        for task in tasks:
            yield from _check_values(task.get("arguments", {}), f"{where}.{task['name']}")


def _check_values(values: Json, where: str) -> Iterator[Problem]:
    for kind in ("parameters", "artifacts"):
        yield from _check_all(values.get(kind) or [], where, kind, _VALUE)


def _check_all(
    items: list[Json], where: str, kind: str, pattern: re.Pattern[str]
) -> Iterator[Problem]:
    names = [item.get("name", "") for item in items]
    for name in sorted(set(names)):
        if not name:
            yield Problem(where, f"one of the {kind} has no name")
        elif not pattern.fullmatch(name):
            yield Problem(f"{where}.{name}", f"is no name for {kind}: {_ALLOWED[pattern]}")
        if names.count(name) > 1:
            yield Problem(f"{where}.{name}", f"two {kind} have this name")
