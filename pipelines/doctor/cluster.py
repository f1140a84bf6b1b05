"""Checks of a cluster: can `clipmill submit` work there? With the kubeconfig of whoever asks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from pipelines.argo.server import NAMESPACE_VARIABLE
from pipelines.cli.argo_options import STORE_VARIABLE
from pipelines.doctor.argo_server import answers_well
from pipelines.doctor.check import Check, Outcome, bad, good
from pipelines.doctor.installed import (
    GROUP,
    GROUP_VERSION,
    TEMPLATES,
    UNSEEN,
    accounts,
    configuration,
    template,
    templates,
)
from steps.contract.errors import BadInput, StepError

LEAST_VERSION = (1, 30)
"""The oldest Kubernetes that Argo 4.0 is tested with."""
KINDS = ("workflows", "workflowtemplates", "workflowtaskresults")
RIGHTS = (
    (GROUP, "workflows", "create", "submit"),
    (GROUP, "workflows", "get", "status"),
    (GROUP, "workflows", "list", "list"),
    (GROUP, "workflows", "watch", "watch"),
    (GROUP, "workflows", "patch", "cancel"),
    (GROUP, "workflows", "update", "retry"),
    (GROUP, "workflowtemplates", "get", "submit"),
    ("", "pods", "list", "logs"),
    ("", "pods/log", "get", "logs"),
    ("", "pods", "delete", "retry"),
)
TIMEOUT_S = 10


def cluster_checks(namespace: str) -> tuple[Check, ...]:
    """All checks, in an order in which the first that fails explains the next.

    Raises:
        BadInput: there is no kubeconfig, or the cluster cannot be reached.
    """
    try:
        own = _connect()
    except (config.ConfigException, OSError) as error:
        raise BadInput(f"no cluster is configured: set KUBECONFIG ({error})") from error
    api = client.ApiClient()
    try:
        found = client.VersionApi(api).get_code(_request_timeout=TIMEOUT_S)
    except (ApiException, HTTPError, OSError) as error:
        raise BadInput("the cluster's API cannot be reached: check KUBECONFIG") from error
    where = namespace or os.environ.get(NAMESPACE_VARIABLE, "") or own
    return tuple(
        _asked(name, check)
        for name, check in (
            ("kubernetes", lambda: _version(found)),
            ("argo", lambda: _kinds(api)),
            ("argo server", lambda: answers_well(where)),
            ("templates", lambda: templates(api, where)),
            ("rights", lambda: _rights(api, where)),
            ("accounts", lambda: accounts(api, where)),
            ("configuration", lambda: configuration(api, where)),
            ("gpu nodes", lambda: _gpus(api, where)),
            ("bucket", _bucket),
        )
    )


def _connect() -> str:
    """Use the kubeconfig, or the pod's own account; returns the namespace that it names."""
    try:
        config.load_kube_config()
    except config.ConfigException:
        config.load_incluster_config()
        return "default"
    _, active = config.list_kube_config_contexts()
    return str(active["context"].get("namespace") or "default")


def _asked(name: str, check: Callable[[], Iterator[Outcome]]) -> Check:
    """The check, where a refusal of the API is an outcome and not an end."""

    def run() -> Iterator[Outcome]:
        try:
            yield from check()
        except ApiException as error:
            if error.status == 403:
                yield good(name, UNSEEN)
            else:
                yield bad(name, f"the API says {error.status} {error.reason}", "try again")
        except HTTPError:
            yield bad(name, "the API did not answer", "try again")

    return run


def _version(found: Any) -> Iterator[Outcome]:
    major, minor = (int(re.sub(r"\D", "", part)) for part in (found.major, found.minor))
    if (major, minor) >= LEAST_VERSION:
        yield good("kubernetes", found.git_version)
    else:
        least = ".".join(map(str, LEAST_VERSION))
        yield bad("kubernetes", found.git_version, f"Argo 4.0 needs {least} or later")


def _kinds(api: client.ApiClient) -> Iterator[Outcome]:
    mend = "install Argo Workflows 4.0 or later, with its CRDs"
    try:
        found: Any = client.CustomObjectsApi(api).get_api_resources(GROUP, GROUP_VERSION)
    except ApiException as error:
        if error.status != 404:
            raise
        yield bad("argo", "its kinds are not installed", mend)
        return
    there = {resource.name for resource in found.resources}
    missing = [kind for kind in KINDS if kind not in there]
    if missing:
        yield bad("argo", f"kinds are missing: {', '.join(missing)}", mend)
    else:
        yield good("argo", f"its kinds are installed: {', '.join(KINDS)}")


def _rights(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    reviews = client.AuthorizationV1Api(api)
    for group, path, verb, why in RIGHTS:
        resource, _, part = path.partition("/")
        attributes = client.V1ResourceAttributes(
            group=group, resource=resource, subresource=part, verb=verb, namespace=namespace
        )
        spec = client.V1SelfSubjectAccessReviewSpec(resource_attributes=attributes)
        review: Any = reviews.create_self_subject_access_review(
            client.V1SelfSubjectAccessReview(spec=spec)
        )
        title = f"right to {verb} {path}"
        if review.status.allowed:
            yield good(title, "granted")
        else:
            mend = f"bind the role clipmill-submitter in {namespace}: {why} needs it"
            yield bad(title, "not granted", mend)


def _gpus(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether nodes can give what the installed template's steps ask for."""
    found = template(api, namespace, TEMPLATES[0]) or {"spec": {}}
    asking = [item for item in found["spec"].get("templates", []) if _gpus_of(item)]
    if not asking:
        yield good("gpu nodes", "no step asks for a GPU")
        return
    nodes: list[Any] = client.CoreV1Api(api).list_node().items
    for item in asking:
        selector = item.get("nodeSelector", {})
        resource, count = next(iter(_gpus_of(item).items()))
        fitting = [
            node.metadata.name
            for node in nodes
            if selector.items() <= (node.metadata.labels or {}).items()
            and int((node.status.allocatable or {}).get(resource, "0")) >= count
        ]
        title = f"gpu nodes for {item['name']}"
        if fitting:
            yield good(title, ", ".join(fitting))
        else:
            labels = " ".join(f"{key}={value}" for key, value in selector.items())
            mend = f"label nodes with {labels} and run the vendor's device plugin there"
            yield bad(title, f"no node has {labels} and {count} {resource}", mend)


def _gpus_of(item: dict[str, Any]) -> dict[str, int]:
    limits = item.get("container", {}).get("resources", {}).get("limits", {})
    return {name: int(count) for name, count in limits.items() if name.endswith("/gpu")}


def _bucket() -> Iterator[Outcome]:
    uri = os.environ.get(STORE_VARIABLE, "")
    if not uri:
        yield good("bucket", f"not looked at: {STORE_VARIABLE} is not set")
        return
    from steps.storage import open_store

    probe = "clipmill-doctor"
    try:
        store = open_store(uri)
        store.write_bytes(probe, b"ok")
        store.delete(probe)
    except StepError as error:
        yield bad("bucket", str(error), "check the credentials and the bucket's policy")
        return
    yield good("bucket", f"{uri} can be written")
