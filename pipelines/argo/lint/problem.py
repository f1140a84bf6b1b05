"""What a check finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where in the document, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.where}: {self.what}"


def templates(document: Json) -> list[Json]:
    """All templates of a document."""
    return list(document.get("spec", {}).get("templates") or [])


def containers(template: Json) -> list[Json]:
    """All containers of a template, with its script where it is one."""
    return [
        *(template[kind] for kind in ("container", "script") if kind in template),
        *(template.get("containerSet", {}).get("containers") or []),
        *(template.get("sidecars") or []),
        *(template.get("initContainers") or []),
    ]


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
