"""Documents as they are written, and what Kubernetes reads in them."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable
from typing import Any

import yaml

_OR_NUMBERS = re.compile(
    r"\.(resources\.(limits|requests)\..+|sizeLimit|parameters\[\d+]\.(value|default|enum\[\d+]))$"
)
"""Places of a quantity, or of a parameter."""


class _Strict(yaml.SafeLoader):
    """YAML forbids a key twice, and PyYAML takes the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} is given twice", key.start_mark
                )
            if key.tag != "tag:yaml.org,2002:merge":
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_documents(text: str) -> list[Any]:
    """All documents of a text that are not empty.

    Raises:
        yaml.YAMLError: it is no YAML, or gives a key twice.
    """
    return [item for item in yaml.load_all(text, _Strict) if item is not None]


def as_read(value: Any, where: str = "") -> Any:
    """What Kubernetes makes of it: a null is no field, and some texts may be numbers."""
    if isinstance(value, dict):
        return {
            str(key): as_read(item, f"{where}.{key}")
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [as_read(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, bool | int | float):
        return json.dumps(value) if _OR_NUMBERS.search(where) else value
    return value if value is None else str(value)
