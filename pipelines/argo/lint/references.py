"""References: every template, task, parameter and variable that a document names exists.

Expressions (`{{=...}}`, `expression`, the operators of `depends`) are left to `argo lint`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.argo.lint.document import (
    FAN_OUTS,
    TAG,
    Json,
    Problem,
    is_elsewhere,
    is_fan_out,
    tasks,
    template_of,
    templates,
    texts,
)
from pipelines.dag import ancestors

ENDS_OF_MANY = {"AnySucceeded", "AllFailed"}
ENDS = ENDS_OF_MANY | {"Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned"}

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
OF_TASK = ("status", "exitCode", "startedAt", "finishedAt", "id", "ip")

_WAIT = re.compile(r"([A-Za-z][\w-]*)(?:\.([A-Za-z]+))?")
"""In `depends`: a task, and how it must end."""
_RUNS = ("template", "entrypoint", "onExit")
"""Fields that hold the name of a template."""


def waits(task: Json) -> list[tuple[str, str]]:
    """The tasks that a task waits for, each with the end that it needs, or an empty text."""
    listed = [(name, "") for name in task.get("dependencies") or []]
    return [*_WAIT.findall(task.get("depends", "")), *listed]


def earlier_tasks(all_tasks: list[Json], name: str) -> set[str]:
    """The tasks that must end before one may start; holds the task itself in a circle."""
    edges = {task["name"]: [other for other, _ in waits(task)] for task in all_tasks}
    return ancestors(edges, name)


def check_tasks(document: Json) -> Iterator[Problem]:
    """Names that do not exist, circles, arguments that do not fit, unused templates."""
    spec = document.get("spec", {})
    names = [item.get("name") for item in templates(document)]
    roots = {"entrypoint": spec.get("entrypoint"), "onExit": spec.get("onExit")}
    for name, hook in spec.get("hooks", {}).items():
        roots[f"hooks.{name}"] = hook.get("template")
        if name != "exit" and not hook.get("expression"):
            yield Problem(f"spec.hooks.{name}", "has no expression: add when it runs")
    for field, name in roots.items():
        if name is not None and name not in names:
            yield Problem(f"spec.{field}", f"there is no template {name}")
    used = set(_named_templates(spec))
    yield from (
        Problem(f"templates.{name}", "nothing runs it") for name in names if name not in used
    )
    for template in templates(document):
        for task in tasks(template):
            where = f"templates.{template['name']}.{task['name']}"
            yield from _check_waits(tasks(template), task, where)
            yield from _check_call(document, task, where)


def check_tags(document: Json) -> Iterator[Problem]:
    """Variables that nothing defines, or that only an exit hook has."""
    spec = document.get("spec", {})
    job = ANYWHERE | {
        f"workflow.parameters.{item['name']}"
        for item in spec.get("arguments", {}).get("parameters") or []
    }
    on_exit = {spec.get("onExit"), spec.get("hooks", {}).get("exit", {}).get("template")}
    for template in (item for item in templates(document) if "steps" not in item):
        known = job | IN_POD | _inputs(template)
        known |= EXIT_ONLY if template.get("name") in on_exit else set()
        known |= {"retries"} if "retryStrategy" in template else set()
        yield from _check_template(document, template, known)
    rest = {key: value for key, value in spec.items() if key not in ("templates", "metrics")}
    yield from _undefined(rest, "spec", job)
    in_metrics = job | EXIT_ONLY | IN_METRICS | {"workflow.duration"}
    yield from _undefined(spec.get("metrics", {}), "spec.metrics", in_metrics)


def _named_templates(value: Any) -> Iterator[str]:
    """Every name of a template in a value, wherever Argo may run one: tasks, steps, hooks."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in _RUNS and isinstance(item, str):
                yield item
            else:
                yield from _named_templates(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named_templates(item)


def _check_call(document: Json, task: Json, where: str) -> Iterator[Problem]:
    lists = [name for name in FAN_OUTS if task.get(name)]
    if len(lists) > 1:
        yield Problem(where, f"has {' and '.join(lists)}: keep one")
    if is_elsewhere(task):
        return
    target = template_of(document, task)
    if target is None:
        yield Problem(where, f"there is no template {task.get('template')}")
        return
    given = {item["name"] for item in task.get("arguments", {}).get("parameters") or []}
    wanted = target.get("inputs", {}).get("parameters") or []
    for item in wanted:
        if item["name"] not in given and not {"value", "default", "valueFrom"} & set(item):
            yield Problem(where, f"does not pass the parameter {item['name']}")
    for name in sorted(given - {item["name"] for item in wanted}):
        yield Problem(where, f"passes {name}, but {target['name']} has no such input")


def _check_waits(all_tasks: list[Json], task: Json, where: str) -> Iterator[Problem]:
    by_name = {other["name"]: other for other in all_tasks}
    for name, end in waits(task):
        if name not in by_name:
            yield Problem(where, f"depends on {name}, which is not a task")
        elif end and end not in ENDS:
            yield Problem(where, f"depends on {name}.{end}: tasks end as {', '.join(sorted(ENDS))}")
        elif end in ENDS_OF_MANY and not is_fan_out(by_name[name]):
            yield Problem(where, f"depends on {name}.{end}, but {name} is not a fan-out")
    if task["name"] in earlier_tasks(all_tasks, task["name"]):
        yield Problem(where, "depends on itself, in a circle")
    if any(other.get("depends") for other in all_tasks):
        for field in ("dependencies", "continueOn"):
            if field in task:
                yield Problem(where, f"has {field}, which Argo forbids next to depends")


def _check_template(document: Json, template: Json, known: set[str]) -> Iterator[Problem]:
    where = f"templates.{template.get('name')}"
    for task in tasks(template):
        own = known | ({"item"} if is_fan_out(task) else set())
        before = earlier_tasks(tasks(template), task["name"])
        own |= {
            variable
            for other in tasks(template)
            if other["name"] in before
            for variable in _task_variables(document, other)
        }
        call = {key: item for key, item in task.items() if key != "inline"}
        yield from _undefined(call, f"{where}.{task['name']}", own)
    yield from _undefined(template.get("metrics", {}), f"{where}.metrics", known | IN_METRICS)
    rest = {key: item for key, item in template.items() if key not in ("dag", "metrics")}
    yield from _undefined(rest, where, known)


def _undefined(value: Any, where: str, known: set[str]) -> Iterator[Problem]:
    """The tags in a value that are not in `known`; a name there that ends in `.` is a prefix."""
    prefixes = tuple(name for name in known if name.endswith("."))
    for place, text in texts(value, where):
        names = {body.strip() for expression, body in TAG.findall(text) if not expression}
        for name in sorted(names - known):
            if not name.startswith(prefixes):
                hint = ": only an exit hook has it" if name in EXIT_ONLY else ""
                yield Problem(place, f"nothing defines {{{{{name}}}}} here{hint}")
        if text.count("{{") != text.count("}}") and TAG.search(text) is None:
            yield Problem(place, "a tag is not closed")


def _inputs(template: Json) -> set[str]:
    inputs = template.get("inputs", {})
    return {f"inputs.parameters.{item['name']}" for item in inputs.get("parameters") or []} | {
        f"inputs.artifacts.{item['name']}.path" for item in inputs.get("artifacts") or []
    }


def _task_variables(document: Json, task: Json) -> Iterator[str]:
    """What later tasks may use of a task; of a template elsewhere, any output."""
    stem = f"tasks.{task['name']}"
    yield from (f"{stem}.{fact}" for fact in OF_TASK)
    if is_elsewhere(task):
        yield f"{stem}.outputs."
    outputs = (template_of(document, task) or {}).get("outputs", {})
    for kind in ("parameters", "artifacts"):
        yield from (f"{stem}.outputs.{kind}.{item['name']}" for item in outputs.get(kind) or [])
