"""Files that list the steps or their engines and cannot import the catalogue.

`python -m tests.step_lists` writes the lists in them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from steps.catalogue import EXIT_NAMES, NAMES, load_step

ROOT = Path(__file__).resolve().parent.parent
STEPS = (*NAMES, *EXIT_NAMES)

_STAGES = re.compile(r'(?<=\n    "catalogue",\n    ")[^"]*(?=",\n)')


def layers(text: str) -> str:
    """pyproject.toml with every stage in the layer of stages, so that none may import another.

    Raises:
        ValueError: the text has no such layer.
    """
    if not _STAGES.search(text):
        raise ValueError("pyproject.toml has no layer of stages after the catalogue")
    return _STAGES.sub(" | ".join(STEPS), text)


def values_schema(text: str) -> str:
    """values.schema.json with every step and every engine, so that Helm refuses a misspelt one."""
    schema = json.loads(text)
    schema["properties"]["engines"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name.replace("_", "-"): {"enum": list(marked.choices)}
            for step in map(load_step, STEPS)
            for name, marked in step.engines.items()
        },
    }
    schema["properties"]["steps"]["properties"] = {name: {"$ref": "#/$defs/step"} for name in STEPS}
    return json.dumps(schema, indent=2) + "\n"


FILES: dict[str, Callable[[str], str]] = {
    "pyproject.toml": layers,
    "charts/clipmill/values.schema.json": values_schema,
}


def main() -> None:
    """Write every file."""
    for name, update in FILES.items():
        path = ROOT / name
        path.write_text(update(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
