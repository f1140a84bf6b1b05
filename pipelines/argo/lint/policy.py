"""This project's policy: every pod ends, is limited, and cannot be made to run anything else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

import yaml

from pipelines.argo.lint.document import TAG, Json, Problem, containers, templates

SHELLS = {"sh", "bash", "dash", "ash", "zsh", "ksh", "busybox", "env", "xargs", "eval"}
_INLINE = re.compile(r"^-[a-z]*c$")
_OPTION = re.compile(r"^--[a-z][a-z0-9-]*=")
_METRIC = re.compile(r"^[a-z][a-z0-9_]*$")


def check_commands(document: Json) -> Iterator[Problem]:
    """Shells, programs in an argument, and parameters that could become an option."""
    for template in templates(document):
        where = f"templates.{template.get('name')}"
        if "script" in template:
            yield Problem(where, "is a script: a parameter in it becomes part of the program")
        for container in containers(template):
            yield from _check_command(container, where)


def check_pods(document: Json) -> Iterator[Problem]:
    """Missing images, unknown volumes, paths mounted twice, patches that cannot be read."""
    spec = document.get("spec", {})
    yield from _check_patch(spec, "spec")
    claims = [item.get("metadata", {}) for item in spec.get("volumeClaimTemplates") or []]
    shared = [item.get("name") for item in [*(spec.get("volumes") or []), *claims]]
    for template in templates(document):
        where = f"templates.{template['name']}"
        yield from _check_patch(template, where)
        volumes = [*shared, *(item.get("name") for item in template.get("volumes") or [])]
        inputs = template.get("inputs", {}).get("artifacts") or []
        for container in containers(template):
            if not container.get("image"):
                yield Problem(where, "has a container without an image")
            mounts = container.get("volumeMounts") or []
            for mount in mounts:
                if mount["name"] not in volumes:
                    yield Problem(where, f"mounts {mount['name']}, which is not a volume")
            paths = Counter(mount["mountPath"] for mount in mounts)
            paths.update(item["path"] for item in inputs if "path" in item)
            for path in sorted(path for path, count in paths.items() if count > 1):
                yield Problem(where, f"mounts {path} twice")


def check_limits(document: Json) -> Iterator[Problem]:
    """Missing deadlines, limits and security contexts; retries and metrics that misbehave."""
    spec = document.get("spec", {})
    if not spec.get("activeDeadlineSeconds"):
        yield Problem("spec", "has no activeDeadlineSeconds: a job could hang for ever")
    if spec.get("automountServiceAccountToken") is not False:
        yield Problem("spec", "gives steps a token: set automountServiceAccountToken: false")
    elif not spec.get("executor", {}).get("serviceAccountName"):
        yield Problem("spec", "has no executor.serviceAccountName, which pods without a token need")
    if not spec.get("securityContext", {}).get("runAsNonRoot"):
        yield Problem("spec", "lets steps run as root: set securityContext.runAsNonRoot")
    labels: dict[str, tuple[str, ...]] = {}
    for template in [{"name": "", "metrics": spec.get("metrics", {})}, *templates(document)]:
        where = f"templates.{template['name']}" if template["name"] else "spec"
        yield from _check_metrics(template.get("metrics", {}), where, labels)
        if "container" in template:
            yield from _check_container(template, where)


def _check_command(container: Json, where: str) -> Iterator[Problem]:
    command = [str(part) for part in container.get("command") or []]
    args = [str(part) for part in container.get("args") or []]
    if not command:
        yield Problem(where, "has no command: Argo would ask the registry for one")
    for word in (*command, *args):
        if PurePosixPath(word).name in SHELLS:
            yield Problem(where, f"runs {word}, which executes text as a program")
        if _INLINE.match(word):
            yield Problem(where, f"has {word}, which makes an argument a program")
    for word in (*command, str(container.get("image", ""))):
        if TAG.search(word):
            yield Problem(where, f"{word}: a parameter must not decide what runs")
    for word in args:
        if TAG.search(word) and not _OPTION.match(word):
            yield Problem(where, f"{word}: use a parameter only as the value of an --option=")


def _check_patch(place: Json, where: str) -> Iterator[Problem]:
    patch = place.get("podSpecPatch", "{}")
    try:
        readable = isinstance(yaml.safe_load(TAG.sub("0", patch)), dict)
    except yaml.YAMLError:
        readable = False
    if not readable and TAG.sub("", patch).strip():
        yield Problem(f"{where}.podSpecPatch", "is not an object in JSON or YAML")


def _check_container(template: Json, where: str) -> Iterator[Problem]:
    container = template["container"]
    if not template.get("activeDeadlineSeconds"):
        yield Problem(where, "has no activeDeadlineSeconds")
    if "memory" not in container.get("resources", {}).get("limits", {}):
        yield Problem(where, "has no memory limit")
    rights = container.get("securityContext", {})
    if not rights.get("readOnlyRootFilesystem"):
        yield Problem(where, "has a writable root: set readOnlyRootFilesystem")
    if rights.get("allowPrivilegeEscalation") is not False:
        yield Problem(where, "can gain privileges: set allowPrivilegeEscalation: false")
    if rights.get("capabilities", {}).get("drop") != ["ALL"]:
        yield Problem(where, "keeps capabilities: drop ALL")
    retry = template.get("retryStrategy", {})
    if "maxDuration" in retry.get("backoff", {}):
        yield Problem(where, "backoff.maxDuration becomes the deadline of the retried pod")
    if retry and ("retryPolicy" in retry or "expression" not in retry):
        yield Problem(where, "needs a retry expression, and no retryPolicy next to it")


def _check_metrics(
    metrics: Json, where: str, labels: dict[str, tuple[str, ...]]
) -> Iterator[Problem]:
    for metric in metrics.get("prometheus") or []:
        name = str(metric.get("name"))
        own = tuple(item["key"] for item in metric.get("labels") or [])
        if not _METRIC.match(name) or not metric.get("help"):
            yield Problem(where, f"the metric {name} needs a plain name and a help text")
        if labels.setdefault(name, own) != own:
            yield Problem(where, f"the metric {name} has other labels elsewhere")
