"""Pods: their containers have an image and volumes that exist, and a patch can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import yaml

from pipelines.argo.lint.problem import Json, Problem, containers, templates
from pipelines.argo.lint.tags import TAG


def check_pods(document: Json) -> Iterator[Problem]:
    """Images that lack, volumes nobody declares, places mounted twice, patches of no sense."""
    spec = document.get("spec", {})
    yield from _check_patch(spec, "spec")
    claims = [item.get("metadata", {}) for item in spec.get("volumeClaimTemplates") or []]
    shared = [item.get("name") for item in [*(spec.get("volumes") or []), *claims]]
    for template in templates(document):
        where = f"templates.{template['name']}"
        yield from _check_patch(template, where)
        volumes = [*shared, *(item.get("name") for item in template.get("volumes") or [])]
        for container in containers(template):
            if not container.get("image"):
                yield Problem(where, "has a container without an image")
            mounts = container.get("volumeMounts") or []
            for mount in mounts:
                if mount["name"] not in volumes:
                    yield Problem(where, f"mounts {mount['name']}, which is no volume")
            places = Counter(mount["mountPath"] for mount in mounts)
            places.update(_paths(template))
            for place in sorted(place for place, count in places.items() if count > 1):
                yield Problem(where, f"{place} is mounted twice")


def _paths(template: Json) -> list[str]:
    artifacts = template.get("inputs", {}).get("artifacts") or []
    return [item["path"] for item in artifacts if "path" in item]


def _check_patch(place: Json, where: str) -> Iterator[Problem]:
    patch = place.get("podSpecPatch", "{}")
    try:
        readable = isinstance(yaml.safe_load(TAG.sub("0", patch)), dict)
    except yaml.YAMLError:
        readable = False
    if not readable and TAG.sub("", patch).strip():
        yield Problem(f"{where}.podSpecPatch", "is no JSON object, nor one in YAML")
