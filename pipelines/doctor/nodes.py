"""Checks of the nodes: do they have the GPUs that the steps request, and accept the steps?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kubernetes import client
from kubernetes.utils.quantity import parse_quantity

from pipelines.doctor.installed import TEMPLATES, template
from pipelines.doctor.outcome import Outcome, bad, good

EVERY_NODES = {"cpu", "memory", "ephemeral-storage"}
"""Resources that every node has; the others are devices."""
KEEP_OUT = ("NoSchedule", "NoExecute")
CORDON = "node.kubernetes.io/unschedulable"


def gpu_nodes(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether nodes have the devices that the installed template's steps request."""
    found = template(api, namespace, TEMPLATES[0])
    if found is None:
        yield good("gpu nodes", f"not checked: there is no template {TEMPLATES[0]}")
        return
    asking = [item for item in found["spec"].get("templates", []) if _devices_of(item)]
    if not asking:
        yield good("gpu nodes", "no step requests a GPU")
        return
    nodes: list[Any] = client.CoreV1Api(api).list_node().items
    for item in asking:
        yield _check({**found["spec"], **item}, nodes)


def _check(item: dict[str, Any], nodes: list[Any]) -> Outcome:
    title = f"gpu nodes for {item['name']}"
    labels = item.get("nodeSelector", {})
    wanted = _devices_of(item)
    fitting = [
        node
        for node in nodes
        if labels.items() <= (node.metadata.labels or {}).items()
        and all(_has(node, device) >= count for device, count in wanted.items())
    ]
    if not fitting:
        named = " ".join(f"{key}={value}" for key, value in labels.items())
        devices = [f"{count} {device}" for device, count in wanted.items()]
        message = f"no node has {' and '.join([named, *devices] if named else devices)}"
        fix = f"label nodes with {named} and run the vendor's device plugin there"
        return bad(title, message, fix if named else "run the vendor's device plugin on GPU nodes")
    closed = {node.metadata.name: _taint(node, item.get("tolerations", [])) for node in fitting}
    if free := [name for name, taint in closed.items() if not taint]:
        return good(title, ", ".join(free))
    name, taint = next(iter(closed.items()))
    if taint == CORDON:
        return bad(title, f"{name} is cordoned", f"kubectl uncordon {name}")
    fix = f"tolerate it in pools.gpu of the values, or: kubectl taint nodes {name} {taint}-"
    return bad(title, f"the step does not tolerate {taint} of {name}", fix)


def _devices_of(item: dict[str, Any]) -> dict[str, Decimal]:
    limits = item.get("container", {}).get("resources", {}).get("limits", {})
    return {
        name: parse_quantity(count) for name, count in limits.items() if name not in EVERY_NODES
    }


def _has(node: Any, device: str) -> Decimal:
    return Decimal(parse_quantity((node.status.allocatable or {}).get(device, "0")))


def _taint(node: Any, tolerations: list[dict[str, Any]]) -> str:
    """The taint that keeps a pod with these tolerations off the node; empty for none."""
    if node.spec.unschedulable:
        return CORDON
    for taint in node.spec.taints or []:
        if taint.effect in KEEP_OUT and not any(_tolerates(one, taint) for one in tolerations):
            return f"{taint.key}={taint.value or ''}:{taint.effect}".replace("=:", ":")
    return ""


def _tolerates(toleration: dict[str, Any], taint: Any) -> bool:
    if toleration.get("effect", taint.effect) != taint.effect:
        return False
    if toleration.get("operator") == "Exists":
        return bool(toleration.get("key", taint.key) == taint.key)
    wanted = (toleration.get("key"), toleration.get("value") or "")
    return bool(wanted == (taint.key, taint.value or ""))
