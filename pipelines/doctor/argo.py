"""Checks of Argo itself: its kinds, its controller, and the server that the commands use."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from pipelines.argo.connection import SERVER_VARIABLE
from pipelines.argo.server import Server
from pipelines.doctor.outcome import Outcome, bad, good
from steps.contract.errors import StepError

GROUP, GROUP_VERSION = "argoproj.io", "v1alpha1"
KINDS = ("workflows", "workflowtemplates", "workflowtaskresults")
LEAST_ARGO = (4, 0)
BROKEN_ARGO = ((4, 1, 0), (4, 1, 1))
"""These break the log-in through SSO (argo-workflows 16744)."""

CONTROLLER = "workflow-controller"
"""Part of the name of the controller's Deployment and Lease, in Argo's manifests and its chart."""
ARGO_NAMESPACE = "argo"
"""Where Argo's manifests put it: looked at when the credentials cannot list every namespace."""
SLOW = timedelta(seconds=60)
"""A running controller renews its lease every 5 s, and gives a new Workflow a phase in seconds."""


def kinds(api: client.ApiClient) -> Iterator[Outcome]:
    """Whether Argo's kinds are installed."""
    fix = "install Argo Workflows 4.0 or later, with its CRDs"
    try:
        found: Any = client.CustomObjectsApi(api).get_api_resources(GROUP, GROUP_VERSION)
    except ApiException as error:
        if error.status != 404:
            raise
        yield bad("argo", "its kinds are not installed", fix)
        return
    names = {resource.name for resource in found.resources}
    missing = [kind for kind in KINDS if kind not in names]
    if missing:
        yield bad("argo", f"kinds are missing: {', '.join(missing)}", fix)
    else:
        yield good("argo", f"its kinds are installed: {', '.join(KINDS)}")


def controller(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether a workflow-controller runs and handles the jobs of this namespace.

    The evidence, first to last: jobs that no controller has handled; a Deployment and its ready
    pods; a Lease and when it was last renewed. A controller may run without any of these.
    """
    if waiting := _unhandled_jobs(api, namespace):
        fix = f"start the {CONTROLLER}, or let it watch the namespace {namespace}"
        yield bad(CONTROLLER, f"no controller has handled {waiting}", fix)
        return
    apps, coordination = client.AppsV1Api(api), client.CoordinationV1Api(api)
    deployments, _ = _controllers(
        apps.list_deployment_for_all_namespaces_with_http_info,
        apps.list_namespaced_deployment_with_http_info,
    )
    leases, now = _controllers(
        coordination.list_lease_for_all_namespaces_with_http_info,
        coordination.list_namespaced_lease_with_http_info,
    )
    if deployments:
        yield _of_deployment(deployments)
    elif leases and now:
        yield _of_lease(leases, now)
    elif deployments is None or leases is None:
        yield good(CONTROLLER, "not checked: these credentials cannot list Deployments and Leases")
    else:
        yield good(CONTROLLER, "not visible: it has no Deployment and no Lease, and no job waits")


def server(namespace: str) -> Iterator[Outcome]:
    """Whether the Argo Server answers, accepts the token, and has a version that works."""
    name = "argo server"
    if not os.environ.get(SERVER_VARIABLE):
        yield good(name, f"not checked: {SERVER_VARIABLE} is not set")
        return
    try:
        there = Server.from_environment(namespace=namespace)
        version = there.version()
        there.list("", 1)
    except StepError as error:
        message, _, fix = str(error).partition(": ")
        yield bad(name, message, fix or f"check {SERVER_VARIABLE} and the token")
        return
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers < LEAST_ARGO:
        yield bad(name, version, "install Argo Workflows 4.0 or later")
    elif numbers in BROKEN_ARGO:
        yield bad(name, version, "install 4.1.2 or later, or the newest 4.0")
    else:
        yield good(name, version)


def _unhandled_jobs(api: client.ApiClient, namespace: str) -> str:
    """Workflows that had no phase for too long, as text; empty for none or when forbidden."""
    try:
        objects = client.CustomObjectsApi(api)
        listed: Any = objects.list_namespaced_custom_object_with_http_info(
            GROUP, GROUP_VERSION, namespace, "workflows", limit=500
        )
    except ApiException as error:
        if error.status in (403, 404):  # 404: no such kind, which another check reports
            return ""
        raise
    found, _, headers = listed
    now = parsedate_to_datetime(headers["Date"])
    names = [
        item["metadata"]["name"]
        for item in found["items"]
        if not (item.get("status") or {}).get("phase")
        and now - datetime.fromisoformat(item["metadata"]["creationTimestamp"]) > SLOW
    ]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"the job {names[0]}{more}" if names else ""


def _controllers(
    everywhere: Callable[[], Any], in_namespace: Callable[[str], Any]
) -> tuple[list[Any] | None, datetime | None]:
    """The objects of controllers, and the cluster's clock; None for what may not be listed."""
    for listed in (everywhere, lambda: in_namespace(ARGO_NAMESPACE)):
        try:
            found, _, headers = listed()
        except ApiException as error:
            if error.status != 403:
                raise
            continue
        now = parsedate_to_datetime(headers["Date"])
        return [item for item in found.items if CONTROLLER in item.metadata.name], now
    return None, None


def _of_deployment(deployments: list[Any]) -> Outcome:
    for item in deployments:
        if item.status.ready_replicas:
            return good(CONTROLLER, f"{_name(item)} is ready")
    place, name = deployments[0].metadata.namespace, deployments[0].metadata.name
    fix = f"kubectl -n {place} describe deployment {name}"
    return bad(CONTROLLER, f"{_name(deployments[0])} has no ready pod", fix)


def _of_lease(leases: list[Any], now: datetime) -> Outcome:
    ages = [(now - item.spec.renew_time, item) for item in leases if item.spec.renew_time]
    if not ages:
        return bad(CONTROLLER, f"nobody holds the lease {_name(leases[0])}", f"start {CONTROLLER}")
    age, item = min(ages, key=lambda pair: pair[0])
    if age <= SLOW:
        return good(CONTROLLER, f"it holds the lease {_name(item)}")
    message = f"the lease {_name(item)} was last renewed {age.total_seconds():.0f} s ago"
    return bad(CONTROLLER, message, f"start the {CONTROLLER}")


def _name(item: Any) -> str:
    return f"{item.metadata.namespace}/{item.metadata.name}"
