"""The strict schema: whatever Hera's own models would not keep is not a field of Argo 4.0."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from hera.workflows import models as m
from pydantic import BaseModel, ValidationError

from pipelines.argo.lint.problem import Json, Problem

KINDS: dict[str, type[BaseModel]] = {
    "Workflow": m.Workflow,
    "WorkflowTemplate": m.WorkflowTemplate,
    "ClusterWorkflowTemplate": m.ClusterWorkflowTemplate,
    "CronWorkflow": m.CronWorkflow,
}


def check_schema(document: Json) -> Iterator[Problem]:
    """Unknown or misspelt fields, wrong types, missing fields.

    Hera's models drop what they do not know, silently; so the document is read and written by
    them, and what is lost on the way is reported.
    """
    kind = str(document.get("kind"))
    if kind not in KINDS:
        yield Problem("kind", f"{kind} is none of {', '.join(KINDS)}")
        return
    try:
        model = KINDS[kind].model_validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        for item in error.errors():
            where = ".".join(str(part) for part in item["loc"])
            yield Problem(where, f"{item['msg']} (found {item['input']!r:.60})")
        return
    kept = model.model_dump(by_alias=True, exclude_none=True, mode="json")
    yield from _lost(document, kept, "")


def _lost(given: Any, kept: Any, where: str) -> Iterator[Problem]:
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            place = f"{where}.{key}".lstrip(".")
            if key in kept:
                yield from _lost(value, kept[key], place)
            else:
                yield Problem(place, f"Argo 4.0 has no such field{_guess(key, kept)}")
    elif isinstance(given, list) and isinstance(kept, list):
        for index, (item, other) in enumerate(zip(given, kept, strict=False)):
            yield from _lost(item, other, f"{where}[{index}]")


def _guess(key: str, known: Json) -> str:
    close = get_close_matches(key, known, n=1)
    return f": did you mean {close[0]}?" if close else ""
