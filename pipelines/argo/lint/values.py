"""Names and values: fields that are any text to the schema, and must have a form for Argo."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipelines.argo.lint.document import TAG, Json, Problem, tasks, templates, texts
from pipelines.argo.names import LABEL_VALUE

LONGEST_NAME = 63
LONGEST_CRON_NAME = 52
"""A CronWorkflow appends a timestamp to its name for each Workflow."""

_NAME = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}")
_INPUT_NAME = re.compile(r"[-_a-zA-Z0-9]+")
_ALLOWED = {
    _NAME: "use letters, digits and -, at most 128, and not - first",
    _INPUT_NAME: "use letters, digits, - and _",
}

_DURATION = r"[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+)"
"""What Go's `time.ParseDuration` reads."""
_QUANTITY = r"[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?"
"""The grammar in apimachinery's `resource.Quantity`."""

FORMS = tuple(
    (re.compile(f"({place})$"), re.compile(form), name)
    for place, form, name in (
        (r"\.resources\.(limits|requests)\..+|\.sizeLimit", _QUANTITY, "a quantity such as 512Mi"),
        (r"\btemplates\.[\w-]+\.timeout", _DURATION, "a duration such as 30s"),
        (r"\.backoff\.(duration|cap|maxDuration)|\.suspend\.duration|\.deleteDelayDuration",
         rf"{_DURATION}|\d+", "a duration such as 30s"),
        (r"\.retryStrategy\.limit|\.activeDeadlineSeconds", r"\d+", "a number"),
        (r"\.(counter|gauge|histogram)\.value", r".+", "the value of a metric"),
        (r"\.podGC\.strategy", r"On(Pod|Workflow)(Completion|Success)",
         "a strategy such as OnPodSuccess"),
        (r"\.(podMetadata|metadata|workflowMetadata)\.labels\..+", f"({LABEL_VALUE})?",
         "the value of a label"),
    )
)  # fmt: skip
"""For fields by the end of their path: the form of their text, and what to call it."""


def check_names(document: Json) -> Iterator[Problem]:
    """Missing, malformed, too long or duplicate names."""
    spec = document.get("spec", {})
    name = document.get("metadata", {}).get("name", "")
    longest = LONGEST_CRON_NAME if document["kind"] == "CronWorkflow" else LONGEST_NAME
    if len(name) > longest:
        yield Problem("metadata.name", f"has {len(name)} characters: use at most {longest}")
    yield from _check_each(templates(document), "templates", "templates", _NAME)
    yield from _check_inputs(spec.get("arguments", {}), "spec.arguments")
    for template in templates(document):
        where = f"templates.{template.get('name')}"
        for side in ("inputs", "outputs"):
            yield from _check_inputs(template.get(side, {}), f"{where}.{side}")
        yield from _check_each(tasks(template), where, "tasks", _NAME)
        for task in tasks(template):
            yield from _check_inputs(task.get("arguments", {}), f"{where}.{task['name']}")


def check_values(document: Json) -> Iterator[Problem]:
    """Texts without the form of their field, and values outside their enum."""
    spec = document["spec"]
    yield from _check_forms({key: spec[key] for key in spec if key != "templates"}, "spec")
    yield from _check_choices(spec.get("arguments", {}), "spec.arguments")
    for template in templates(document):
        where = f"templates.{template['name']}"
        yield from _check_forms(template, where)
        for task in tasks(template):
            yield from _check_choices(task.get("arguments", {}), f"{where}.{task['name']}")
            if not _is_list(task.get("withParam", "[]")):
                yield Problem(f"{where}.{task['name']}", "withParam is not a JSON list")


def _check_inputs(values: Json, where: str) -> Iterator[Problem]:
    for kind in ("parameters", "artifacts"):
        yield from _check_each(values.get(kind) or [], where, kind, _INPUT_NAME)


def _check_each(
    items: list[Json], where: str, kind: str, pattern: re.Pattern[str]
) -> Iterator[Problem]:
    names = [item.get("name", "") for item in items]
    for name in sorted(set(names)):
        if not name:
            yield Problem(where, f"one of the {kind} has no name")
        elif not pattern.fullmatch(name):
            yield Problem(f"{where}.{name}", f"is not a name for {kind}: {_ALLOWED[pattern]}")
        if names.count(name) > 1:
            yield Problem(f"{where}.{name}", f"two {kind} have this name")


def _check_forms(value: Json, where: str) -> Iterator[Problem]:
    for place, text in texts(value, where):
        for end, form, name in FORMS:
            if end.search(place) and not TAG.search(text) and not form.fullmatch(text):
                yield Problem(place, f"{text!r} is not {name}")


def _check_choices(arguments: Json, where: str) -> Iterator[Problem]:
    for item in arguments.get("parameters") or []:
        place = f"{where}.{item['name']}"
        if item.get("enum") == []:
            yield Problem(place, "has an empty enum")
        elif "value" in item and item["value"] not in item.get("enum", [item["value"]]):
            yield Problem(place, f"{item['value']} is not one of {', '.join(item['enum'])}")


def _is_list(text: str) -> bool:
    try:
        return bool(TAG.search(text)) or isinstance(json.loads(text), list)
    except ValueError:
        return False
