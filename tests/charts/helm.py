"""Helm as a test's tool. It is not a Python package: tests that need it skip without it."""

import json
import pickle
import subprocess
from pathlib import Path
from typing import Any

import yaml

from steps.catalogue import EXIT_NAMES, NAMES
from tests.comparisons import needs

CHART = Path(__file__).parents[2] / "charts" / "clipmill"
GPU_VALUES = CHART / "values-gpu.yaml"
SMALL_VALUES = CHART / "values-small.yaml"
NAMESPACE = "clips"

needs_helm = needs("helm", "the chart, as Helm renders it")

Values = dict[str, Any]
Manifest = dict[str, Any]

STEPS = (*NAMES, *EXIT_NAMES)
IN_CLUSTER: Values = {"storage": {"endpoint": "s3.storage:8333", "insecure": True}}


def helm(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["helm", *words], capture_output=True, text=True, check=False)


def template(
    folder: Path, *values: Values | Path, namespace: str = NAMESPACE, chart: Path = CHART
) -> subprocess.CompletedProcess[str]:
    """`helm template` with values, given as files or as mappings."""
    options: list[str] = []
    for index, item in enumerate(values):
        path = item if isinstance(item, Path) else folder / f"values-{index}.yaml"
        if not isinstance(item, Path):
            path.write_text(json.dumps(item))
        options += ["--values", str(path)]
    return helm("template", "clipmill", str(chart), "--namespace", namespace, *options)


_RENDERED: dict[tuple[str, ...], bytes] = {}


def rendered(folder: Path, *values: Values | Path, chart: Path = CHART) -> list[Manifest]:
    """Every object of a release with these values, the caller's own to change.

    What the chart of the project renders is kept: many tests ask for the same.
    """
    if chart != CHART:
        return _objects(template(folder, *values, chart=chart))
    key = tuple(str(item) if isinstance(item, Path) else json.dumps(item) for item in values)
    if key not in _RENDERED:
        _RENDERED[key] = pickle.dumps(_objects(template(folder, *values)))
    found: list[Manifest] = pickle.loads(_RENDERED[key])
    return found


def _objects(done: subprocess.CompletedProcess[str]) -> list[Manifest]:
    assert done.returncode == 0, done.stderr
    return [item for item in yaml.load_all(done.stdout, yaml.CSafeLoader) if item]


def named(objects: list[Manifest], kind: str, name: str) -> Manifest:
    return next(
        item for item in objects if item["kind"] == kind and item["metadata"]["name"] == name
    )


def step(objects: list[Manifest], name: str, workflow: str = "clipmill") -> Manifest:
    """The template of a step in a rendered WorkflowTemplate."""
    templates = named(objects, "WorkflowTemplate", workflow)["spec"]["templates"]
    found: Manifest = next(item for item in templates if item["name"] == name)
    return found


def environment(template: Manifest) -> dict[str, Any]:
    """The environment of a step by name: the value, or its source."""
    return {
        item["name"]: item.get("value", item.get("valueFrom"))
        for item in template["container"]["env"]
    }
