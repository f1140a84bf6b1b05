"""Tasks: their templates, what they wait for, what they are given."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.argo.lint.expressions import TERM, is_condition
from pipelines.argo.lint.problem import Json, Problem, templates

ENDS_OF_MANY = {"AnySucceeded", "AllFailed"}
ENDS = ENDS_OF_MANY | {"Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned"}
LISTS = ("withItems", "withParam", "withSequence")


def tasks_of(template: Json) -> list[Json]:
    """The tasks of a template that is a DAG."""
    return list(template.get("dag", {}).get("tasks") or [])


def is_fan_out(task: Json) -> bool:
    """Whether it runs once for each item of a list."""
    return any(task.get(name) for name in LISTS)


def waits(task: Json) -> list[tuple[str, str]]:
    """The tasks that it waits for, each with the end that is asked for, if any is."""
    listed = [(name, "") for name in task.get("dependencies") or []]
    return [*TERM.findall(task.get("depends", "")), *listed]


def ancestors_of(tasks: list[Json], name: str) -> set[str]:
    """Names of all tasks that end before one starts; holds the name itself in a circle."""
    before = {task["name"]: {other for other, _ in waits(task)} for task in tasks}
    found: set[str] = set()
    ahead = set(before.get(name, ()))
    while ahead:
        task = ahead.pop()
        if task not in found:
            found.add(task)
            ahead |= before.get(task, set())
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
    """Names that do not exist, circles, arguments that do not fit, templates that are unused."""
    spec = document.get("spec", {})
    names = [item.get("name") for item in templates(document)]
    roots = {"entrypoint": spec.get("entrypoint"), "onExit": spec.get("onExit")}
    for name, hook in spec.get("hooks", {}).items():
        roots[f"hooks.{name}"] = hook.get("template")
        if name != "exit" and not hook.get("expression"):
            yield Problem(f"spec.hooks.{name}", "has no expression that says when it runs")
    for field, name in roots.items():
        if name is not None and name not in names:
            yield Problem(f"spec.{field}", f"no template is called {name}")
    run = {task.get("template") for item in templates(document) for task in tasks_of(item)}
    for name in names:
        if name not in run and name not in roots.values():
            yield Problem(f"templates.{name}", "nothing runs it")
    for template in templates(document):
        for task in tasks_of(template):
            yield from _check_task(document, template, task)


def _check_task(document: Json, template: Json, task: Json) -> Iterator[Problem]:
    where = f"templates.{template['name']}.{task['name']}"
    yield from _check_waits(tasks_of(template), task, where)
    lists = [name for name in LISTS if task.get(name)]
    if len(lists) > 1:
        yield Problem(where, f"has {' and '.join(lists)}: its items come from one list")
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


def _check_waits(tasks: list[Json], task: Json, where: str) -> Iterator[Problem]:
    by_name = {other["name"]: other for other in tasks}
    depends = task.get("depends", "")
    if depends and not is_condition(depends):
        yield Problem(where, f"depends on {depends}: that is no condition of tasks, &&, || and !")
    for name, end in waits(task):
        if name not in by_name:
            yield Problem(where, f"depends on {name}, which is no task")
        elif end and end not in ENDS:
            yield Problem(where, f"depends on {name}.{end}, which is no end of a task")
        elif end in ENDS_OF_MANY and not is_fan_out(by_name[name]):
            yield Problem(where, f"depends on {name}.{end}, and {name} is not one of many")
    if task["name"] in ancestors_of(tasks, task["name"]):
        yield Problem(where, "depends on itself, in a circle")
    if any(other.get("depends") for other in tasks):
        for field in ("dependencies", "continueOn"):
            if field in task:
                yield Problem(where, f"has {field}, which does not go with depends")
