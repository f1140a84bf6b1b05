"""What Argo would run of a rendered template, computed from its text: tags replaced, lists walked.

A second reading of the YAML, on purpose apart from the code that writes it.
"""

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

TAG = re.compile(r"\{\{([^=}][^}]*)\}\}")
EXPRESSION = re.compile(r"\{\{=(.*?)\}\}")
SPRIG = SimpleNamespace(
    regexFind=lambda pattern, text: (re.findall(pattern, text) or [""])[0],
    regexReplaceAll=lambda pattern, text, new: re.sub(pattern, new, text),
    replace=lambda old, new, text: text.replace(old, new),
)


@dataclass(frozen=True)
class Run:
    """One pod: its name, its arguments, and the keys that it reads and writes."""

    name: str
    args: tuple[str, ...]
    reads: frozenset[str]
    writes: frozenset[str]


def filled(text: str, known: dict[str, str]) -> str:
    """The text without its tags; the expressions of ours are Python too."""
    given = {name.removeprefix("inputs.parameters."): value for name, value in known.items()}
    scope = {"sprig": SPRIG, "inputs": SimpleNamespace(parameters=given)}
    text = EXPRESSION.sub(lambda found: str(eval(found[1], scope)), text)
    return TAG.sub(lambda found: known[found[1].strip()], text)


def variables(document: dict[str, Any], job: str, given: dict[str, str]) -> dict[str, str]:
    """Every simple tag's value for one job, on the first try."""
    known = {"workflow.name": job, "retries": "0"}
    for item in document["spec"]["arguments"]["parameters"]:
        value = given.get(item["name"], item.get("value"))
        assert value is not None, f"{item['name']} must be given"
        known[f"workflow.parameters.{item['name']}"] = value
    unknown = set(given) - {item["name"] for item in document["spec"]["arguments"]["parameters"]}
    assert not unknown
    return known


def expand(
    document: dict[str, Any], job: str, given: dict[str, str], ids: dict[str, list[str]]
) -> list[Run]:
    """Every pod of a job, in the order of the template's tasks; `ids` by the tag of their list."""
    templates = {item["name"]: item for item in document["spec"]["templates"]}
    known = variables(document, job, given)
    runs = []
    for task in templates[document["spec"]["entrypoint"]]["dag"]["tasks"]:
        template = templates[task["template"]]
        items = ids[task["withParam"]] if "withParam" in task else [None]
        for item in items:
            scope = dict(known)
            for argument in task.get("arguments", {}).get("parameters", []):
                own = {**known, **({"item": item} if item else {})}
                scope[f"inputs.parameters.{argument['name']}"] = filled(argument["value"], own)
            runs.append(_run(task["name"], template, scope, item))
    return runs


def _run(name: str, template: dict[str, Any], scope: dict[str, str], item: str | None) -> Run:
    def keys(side: str) -> frozenset[str]:
        artifacts = template.get(side, {}).get("artifacts", [])
        return frozenset(filled(artifact["s3"]["key"], scope) for artifact in artifacts)

    container = template["container"]
    words = [*container["command"], *container["args"]]
    return Run(
        name=f"{name}-{item}" if item else name,
        args=tuple(filled(word, scope) for word in words),
        reads=keys("inputs"),
        writes=keys("outputs"),
    )
