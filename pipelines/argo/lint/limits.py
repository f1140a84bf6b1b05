"""Bounds and rights: every pod ends, is limited, and may do nothing but its work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.argo.lint.problem import Json, Problem, templates

_METRIC = re.compile(r"^[a-z][a-z0-9_]*$")


def check_limits(document: Json) -> Iterator[Problem]:
    """Missing deadlines, memory limits and security contexts; retries and metrics that trap."""
    spec = document.get("spec", {})
    if not spec.get("activeDeadlineSeconds"):
        yield Problem("spec", "has no activeDeadlineSeconds: a job could hang for ever")
    if spec.get("automountServiceAccountToken") is not False:
        yield Problem("spec", "gives steps a Kubernetes token")
    elif not spec.get("executor", {}).get("serviceAccountName"):
        yield Problem("spec", "has no executor account, which the lack of a token needs")
    if not spec.get("securityContext", {}).get("runAsNonRoot"):
        yield Problem("spec", "lets steps run as root")
    labels: dict[str, tuple[str, ...]] = {}
    for template in [{"name": "", "metrics": spec.get("metrics", {})}, *templates(document)]:
        where = f"templates.{template['name']}" if template["name"] else "spec"
        yield from _check_metrics(template.get("metrics", {}), where, labels)
        if "container" in template:
            yield from _check_container(template, where)


def _check_container(template: Json, where: str) -> Iterator[Problem]:
    container = template["container"]
    if not template.get("activeDeadlineSeconds"):
        yield Problem(where, "has no activeDeadlineSeconds")
    if "memory" not in container.get("resources", {}).get("limits", {}):
        yield Problem(where, "has no memory limit")
    rights = container.get("securityContext", {})
    if not rights.get("readOnlyRootFilesystem"):
        yield Problem(where, "may write to its root")
    if rights.get("allowPrivilegeEscalation") is not False:
        yield Problem(where, "may gain privileges")
    if rights.get("capabilities", {}).get("drop") != ["ALL"]:
        yield Problem(where, "keeps capabilities")
    retry = template.get("retryStrategy", {})
    if "maxDuration" in retry.get("backoff", {}):
        yield Problem(where, "backoff.maxDuration becomes the deadline of the retried pod")
    if retry and ("retryPolicy" in retry or "expression" not in retry):
        yield Problem(where, "one expression, without a policy, has to decide what is tried again")


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
