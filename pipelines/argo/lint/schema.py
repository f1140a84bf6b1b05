"""The schema: every field is one of Argo 4.0, and each template has the fields of its kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from hera.workflows import models as m
from pydantic import BaseModel, ValidationError

from pipelines.argo.lint.document import Json, Problem, tasks, templates

KINDS: dict[str, type[BaseModel]] = {
    "Workflow": m.Workflow,
    "WorkflowTemplate": m.WorkflowTemplate,
    "ClusterWorkflowTemplate": m.ClusterWorkflowTemplate,
    "CronWorkflow": m.CronWorkflow,
}

GROUPS = {"dag", "steps"}
LEAVES = {"container", "containerSet", "data", "http", "plugin", "resource", "script", "suspend"}
ONLY_GROUPS = {"parallelism"}
ONLY_LEAVES = {"activeDeadlineSeconds", "timeout"}


def check_schema(document: Json) -> Iterator[Problem]:
    """Unknown or misspelt fields, wrong types, missing fields.

    Hera's models silently drop unknown fields, so the document goes through them, and every field
    that does not come back is reported.
    """
    kind = str(document.get("kind"))
    if kind not in KINDS:
        yield Problem("kind", f"{kind} is not one of {', '.join(KINDS)}")
        return
    try:
        model = KINDS[kind].model_validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        for item in error.errors():
            where = ".".join(str(part) for part in item["loc"])
            yield Problem(where, f"{item['msg']} (found {item['input']!r:.60})")
        return
    kept = model.model_dump(by_alias=True, exclude_none=True, mode="json")
    yield from _dropped(document, kept, "")


def check_kinds(document: Json) -> Iterator[Problem]:
    """Templates of no kind or of two, fields of another kind, outputs without a source."""
    for template in templates(document):
        where = f"templates.{template['name']}"
        kinds = sorted((GROUPS | LEAVES) & set(template))
        if len(kinds) != 1:
            found = " and ".join(kinds) or "nothing"
            yield Problem(where, f"runs {found}: a template has exactly one of container, dag, …")
        elif foreign := sorted(
            (ONLY_LEAVES if kinds[0] in GROUPS else ONLY_GROUPS) & set(template)
        ):
            yield Problem(where, f"{foreign[0]} does not apply to a {kinds[0]} template")
        if "dag" in template and not tasks(template):
            yield Problem(where, "has no task")
        for item in template.get("outputs", {}).get("parameters") or []:
            if reason := _output_problem(item, is_pod="container" in template):
                yield Problem(f"{where}.outputs.{item['name']}", reason)


def _dropped(given: Any, kept: Any, where: str) -> Iterator[Problem]:
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            place = f"{where}.{key}".lstrip(".")
            if key in kept:
                yield from _dropped(value, kept[key], place)
            else:
                yield Problem(place, f"Argo 4.0 has no such field{_guess(key, kept)}")
    elif isinstance(given, list) and isinstance(kept, list):
        for index, (item, other) in enumerate(zip(given, kept, strict=False)):
            yield from _dropped(item, other, f"{where}[{index}]")


def _guess(key: str, known: Json) -> str:
    close = get_close_matches(key, known, n=1)
    return f": did you mean {close[0]}?" if close else ""


def _output_problem(item: Json, *, is_pod: bool) -> str:
    """What is wrong with an output parameter; empty for nothing."""
    source = item.get("valueFrom", {})
    if "value" in item and source:
        return "has both value and valueFrom: keep one"
    if "value" not in item and not any(source.values()):
        return "has no value: add value or valueFrom"
    if source and is_pod and not source.get("path"):
        return "needs valueFrom.path: a container can only give files"
    return ""
