"""Values that are any text to the schema, and more to Argo: quantities, durations, choices."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipelines.argo.lint.problem import Json, Problem, templates, texts
from pipelines.argo.lint.tags import TAG
from pipelines.argo.lint.tasks import tasks_of
from pipelines.argo.names import LABEL_VALUE

_DURATION = r"[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+)"
"""What Go's `time.ParseDuration` reads."""
_QUANTITY = r"[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?"
"""The grammar in apimachinery's `resource.Quantity`."""
_LABEL = f"({LABEL_VALUE})?"

FORMS = tuple(
    (re.compile(f"({place})$"), re.compile(form), name)
    for place, form, name in (
        (r"\.resources\.(limits|requests)\..+|\.sizeLimit", _QUANTITY, "quantity, as 512Mi is"),
        (r"\btemplates\.[\w-]+\.timeout", _DURATION, "duration, as 30s is"),
        (r"\.backoff\.(duration|cap|maxDuration)|\.suspend\.duration|\.deleteDelayDuration",
         rf"{_DURATION}|\d+", "duration, as 30s is"),
        (r"\.retryStrategy\.limit|\.activeDeadlineSeconds", r"\d+", "number"),
        (r"\.(counter|gauge|histogram)\.value", r".+", "value of a metric"),
        (r"\.podGC\.strategy", r"On(Pod|Workflow)(Completion|Success)",
         "strategy, as OnPodSuccess is"),
        (r"\.(podMetadata|metadata|workflowMetadata)\.labels\..+", _LABEL, "value of a label"),
    )
)  # fmt: skip
"""What stands at the end of such a path has such a form, and is called this."""


def check_values(document: Json) -> Iterator[Problem]:
    """Texts that have not the form their place asks for, and choices that are not offered."""
    spec = document["spec"]
    yield from _check_forms({key: spec[key] for key in spec if key != "templates"}, "spec")
    yield from _check_choices(spec.get("arguments", {}), "spec.arguments")
    for template in templates(document):
        where = f"templates.{template['name']}"
        yield from _check_forms(template, where)
        for task in tasks_of(template):
            yield from _check_choices(task.get("arguments", {}), f"{where}.{task['name']}")
            if not _is_list(task.get("withParam", "[]")):
                yield Problem(f"{where}.{task['name']}", "withParam is no list in JSON")


def _check_forms(value: Json, where: str) -> Iterator[Problem]:
    for place, text in texts(value, where):
        for end, form, name in FORMS:
            if end.search(place) and not TAG.search(text) and not form.fullmatch(text):
                yield Problem(place, f"{text!r} is no {name}")


def _check_choices(arguments: Json, where: str) -> Iterator[Problem]:
    for item in arguments.get("parameters") or []:
        place = f"{where}.{item['name']}"
        if item.get("enum") == []:
            yield Problem(place, "has an enum of nothing")
        elif "value" in item and item["value"] not in item.get("enum", [item["value"]]):
            yield Problem(place, f"{item['value']} is none of {', '.join(item['enum'])}")


def _is_list(text: str) -> bool:
    try:
        return bool(TAG.search(text)) or isinstance(json.loads(text), list)
    except ValueError:
        return False
