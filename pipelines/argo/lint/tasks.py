"""Tasks: their templates, what they wait for, what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.argo.lint.problem import Json, Problem, templates

_TERM = re.compile(r"([A-Za-z][\w-]*)(?:\.([A-Za-z]+))?")
ENDS = {"Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded",
        "AllFailed"}  # fmt: skip


def terms(depends: str) -> list[tuple[str, str]]:
    """The `(task, end)` pairs of a `depends` expression."""
    return _TERM.findall(depends)


def ancestors_of(tasks: list[Json], name: str) -> set[str]:
    """Names of all tasks that end before one starts; holds the name itself in a circle."""
    waits = {task["name"]: {term for term, _ in terms(task.get("depends", ""))} for task in tasks}
    found: set[str] = set()
    ahead = set(waits.get(name, ()))
    while ahead:
        task = ahead.pop()
        if task not in found:
            found.add(task)
            ahead |= waits.get(task, set())
    return found


def outputs_of(document: Json, task: Json) -> list[str]:
    """`parameters.NAME` and `artifacts.NAME` of a task's template."""
    template = template_of(document, task) or {}
    return [
        f"{kind}.{item['name']}"
        for kind in ("parameters", "artifacts")
        for item in template.get("outputs", {}).get(kind) or []
    ]


def template_of(document: Json, task: Json) -> Json | None:
    """The template that a task runs, if there is one."""
    named = (item for item in templates(document) if item.get("name") == task.get("template"))
    return next(named, None)


def check_tasks(document: Json) -> Iterator[Problem]:
    """Names that do not exist, circles, arguments that do not fit, templates twice or unused."""
    spec = document.get("spec", {})
    names = [item.get("name") for item in templates(document)]
    for twice in sorted({str(name) for name in names if names.count(name) > 1}):
        yield Problem(f"templates.{twice}", "two templates have this name")
    roots = {"entrypoint": spec.get("entrypoint"), "onExit": spec.get("onExit")}
    for field, name in roots.items():
        if name is not None and name not in names:
            yield Problem(f"spec.{field}", f"no template is called {name}")
    run = {task.get("template") for item in templates(document) for task in _tasks(item)}
    for name in names:
        if name not in run and name not in roots.values():
            yield Problem(f"templates.{name}", "nothing runs it")
    for template in templates(document):
        for task in _tasks(template):
            yield from _check_task(document, template, task)


def _check_task(document: Json, template: Json, task: Json) -> Iterator[Problem]:
    where = f"templates.{template['name']}.{task['name']}"
    names = [other["name"] for other in _tasks(template)]
    if names.count(task["name"]) > 1:
        yield Problem(where, "two tasks have this name")
    for name, end in terms(task.get("depends", "")):
        if name not in names:
            yield Problem(where, f"depends on {name}, which is no task")
        if end and end not in ENDS:
            yield Problem(where, f"depends on {name}.{end}, which is no end of a task")
    if task["name"] in ancestors_of(_tasks(template), task["name"]):
        yield Problem(where, "depends on itself, in a circle")
    target = template_of(document, task)
    if target is None:
        yield Problem(where, f"no template is called {task.get('template')}")
        return
    given = {item["name"] for item in task.get("arguments", {}).get("parameters") or []}
    wanted = target.get("inputs", {}).get("parameters") or []
    for item in wanted:
        if item["name"] not in given and not {"value", "default", "valueFrom"} & set(item):
            yield Problem(where, f"does not give the parameter {item['name']}")
    for name in sorted(given - {item["name"] for item in wanted}):
        yield Problem(where, f"gives {name}, which {target['name']} does not take")


def _tasks(template: Json) -> list[Json]:
    return list(template.get("dag", {}).get("tasks") or [])
