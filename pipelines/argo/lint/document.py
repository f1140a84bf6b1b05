"""Documents: what Kubernetes reads in a YAML text, and ways through a WorkflowTemplate."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Json = dict[str, Any]

TAG = re.compile(r"\{\{(=?)(.*?)\}\}", re.DOTALL)
"""A tag that Argo replaces: `{{name}}`, or `{{=expression}}`."""

EXPRESSION = re.compile(r"\{\{=.*?\}\}", re.DOTALL)
"""A tag that may be empty, as the aspect in a key is for the first one of a job."""

FAN_OUTS = ("withItems", "withParam", "withSequence")

_QUANTITY_OR_PARAMETER = re.compile(
    r"\.(resources\.(limits|requests)\..+|sizeLimit|parameters\[\d+]\.(value|default|enum\[\d+]))$"
)
"""Paths of fields that Kubernetes and Argo read as text, even when YAML has a number there."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where in the document, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.where}: {self.what}"


class _StrictLoader(yaml.SafeLoader):
    """YAML forbids duplicate keys, and PyYAML takes the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} appears twice", key.start_mark
                )
            if key.tag != "tag:yaml.org,2002:merge":
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_documents(text: str) -> list[Any]:
    """All documents of a text that are not empty.

    Raises:
        yaml.YAMLError: the text is not YAML, or has a key twice.
    """
    return [item for item in yaml.load_all(text, _StrictLoader) if item is not None]


def as_kubernetes_reads(value: Any, where: str = "") -> Any:
    """The document without null fields, and with text where YAML may have a number instead."""
    if isinstance(value, dict):
        return {
            str(key): as_kubernetes_reads(item, f"{where}.{key}")
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [as_kubernetes_reads(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, bool | int | float):
        return json.dumps(value) if _QUANTITY_OR_PARAMETER.search(where) else value
    return value if value is None else str(value)


def templates(document: Json) -> list[Json]:
    """All templates of a document."""
    return list(document.get("spec", {}).get("templates") or [])


def containers(template: Json) -> list[Json]:
    """All containers of a template, its script among them."""
    return [
        *(template[kind] for kind in ("container", "script") if kind in template),
        *(template.get("containerSet", {}).get("containers") or []),
        *(template.get("sidecars") or []),
        *(template.get("initContainers") or []),
    ]


def tasks(template: Json) -> list[Json]:
    """The tasks of a template that is a DAG."""
    return list(template.get("dag", {}).get("tasks") or [])


def is_fan_out(task: Json) -> bool:
    """Whether a task runs once for each item of a list."""
    return any(task.get(name) for name in FAN_OUTS)


def is_elsewhere(task: Json) -> bool:
    """Whether a task runs a template that is not in this document's list."""
    return "templateRef" in task or "inline" in task


def template_of(document: Json, task: Json) -> Json | None:
    """The template that a task runs, if the document has it."""
    named = (item for item in templates(document) if item.get("name") == task.get("template"))
    return None if is_elsewhere(task) else next(named, None)


def texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every text inside a value, with its path."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{where}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{where}[{index}]")
