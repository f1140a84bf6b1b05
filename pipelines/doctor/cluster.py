"""Checks of a cluster: can `clipmill submit` work there? With the kubeconfig of whoever asks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any, cast

import yaml
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from pipelines.argo.names import (
    ARTIFACTS_CONFIG,
    ARTIFACTS_KEY,
    EXECUTOR_ACCOUNT,
    LIMITS_CONFIG,
    STEPS_ACCOUNT,
    VERSION_LABEL,
)
from pipelines.argo.server import NAMESPACE_VARIABLE
from pipelines.cli.argo_options import STORE_VARIABLE
from pipelines.doctor.check import Check, Outcome, bad, good
from steps.contract.errors import BadInput, StepError

LEAST_VERSION = (1, 30)
"""The oldest Kubernetes that Argo 4.0 is tested with."""
GROUP, GROUP_VERSION = "argoproj.io", "v1alpha1"
KINDS = ("workflows", "workflowtemplates", "workflowtaskresults")
TEMPLATES = ("clipmill", "clipmill-detect")
INSTALL = "helm upgrade --install clipmill charts/clipmill -n {namespace} -f VALUES"
RIGHTS = (
    ("workflows", "create", "submit"),
    ("workflows", "get", "status"),
    ("workflows", "list", "list"),
    ("workflows", "watch", "watch"),
    ("workflows", "patch", "cancel"),
    ("workflows", "update", "retry"),
    ("workflowtemplates", "get", "submit"),
)
TIMEOUT_S = 10


def cluster_checks(namespace: str) -> tuple[Check, ...]:
    """All checks, in an order in which the first that fails explains the next.

    Raises:
        BadInput: there is no kubeconfig, or the cluster cannot be reached.
    """
    try:
        try:
            config.load_incluster_config()
        except config.ConfigException:
            config.load_kube_config()
    except (config.ConfigException, OSError) as error:
        raise BadInput(f"no cluster is configured: set KUBECONFIG ({error})") from error
    api = client.ApiClient()
    try:
        found = client.VersionApi(api).get_code(_request_timeout=TIMEOUT_S)
    except (ApiException, HTTPError, OSError) as error:
        raise BadInput("the cluster's API cannot be reached: check KUBECONFIG") from error
    where = namespace or os.environ.get(NAMESPACE_VARIABLE, "") or _current_namespace()
    return tuple(
        _asked(name, check)
        for name, check in (
            ("kubernetes", lambda: _version(found)),
            ("argo", lambda: _kinds(api)),
            ("templates", lambda: _templates(api, where)),
            ("rights", lambda: _rights(api, where)),
            ("accounts", lambda: _accounts(api, where)),
            ("configuration", lambda: _configuration(api, where)),
            ("gpu nodes", lambda: _gpus(api, where)),
            ("bucket", _bucket),
        )
    )


def _asked(name: str, check: Callable[[], Iterator[Outcome]]) -> Check:
    """The check, where a refusal of the API is an outcome and not an end."""

    def run() -> Iterator[Outcome]:
        try:
            yield from check()
        except ApiException as error:
            if error.status == 403:
                yield good(name, "not looked at: these credentials may not")
            else:
                yield bad(name, f"the API says {error.status} {error.reason}", "try again")

    return run


def _current_namespace() -> str:
    _, active = config.list_kube_config_contexts()
    return str(active["context"].get("namespace") or "default")


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


def _template(api: client.ApiClient, namespace: str, name: str) -> dict[str, Any] | None:
    try:
        found = client.CustomObjectsApi(api).get_namespaced_custom_object(
            GROUP, GROUP_VERSION, namespace, "workflowtemplates", name
        )
    except ApiException as error:
        if error.status == 404:
            return None
        raise
    return cast("dict[str, Any]", found)


def _templates(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    mine = version("clipmill")
    for name in TEMPLATES:
        found = _template(api, namespace, name)
        title = f"template {name}"
        mend = INSTALL.format(namespace=namespace)
        if found is None:
            yield bad(title, f"is not in the namespace {namespace}", mend)
            continue
        theirs = found["metadata"].get("labels", {}).get(VERSION_LABEL, "unknown")
        if theirs == mine:
            yield good(title, theirs)
        else:
            yield bad(title, f"is of version {theirs}, this is {mine}", mend)


def _rights(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    reviews = client.AuthorizationV1Api(api)
    for resource, verb, why in RIGHTS:
        attributes = client.V1ResourceAttributes(
            group=GROUP, resource=resource, verb=verb, namespace=namespace
        )
        spec = client.V1SelfSubjectAccessReviewSpec(resource_attributes=attributes)
        review: Any = reviews.create_self_subject_access_review(
            client.V1SelfSubjectAccessReview(spec=spec)
        )
        title = f"right to {verb} {resource}"
        if review.status.allowed:
            yield good(title, "granted")
        else:
            mend = f"bind the role clipmill-submitter in {namespace}: {why} needs it"
            yield bad(title, "not granted", mend)


def _accounts(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    core = client.CoreV1Api(api)
    mend = INSTALL.format(namespace=namespace)
    accounts: list[Any] = core.list_namespaced_service_account(namespace).items
    there = {item.metadata.name for item in accounts}
    for name in (STEPS_ACCOUNT, EXECUTOR_ACCOUNT):
        if name in there:
            yield good(f"service account {name}", "is there")
        else:
            yield bad(f"service account {name}", "is missing", mend)
    yield _secret(core, namespace, f"{EXECUTOR_ACCOUNT}.service-account-token", ("token",), mend)


def _configuration(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    core = client.CoreV1Api(api)
    mend = INSTALL.format(namespace=namespace)
    found: list[Any] = core.list_namespaced_config_map(namespace).items
    maps = {item.metadata.name: item for item in found}
    for name in (ARTIFACTS_CONFIG, LIMITS_CONFIG):
        if name in maps:
            yield good(f"configuration {name}", "is there")
        else:
            yield bad(f"configuration {name}", "is missing", mend)
    if ARTIFACTS_CONFIG not in maps:
        return
    store = yaml.safe_load(maps[ARTIFACTS_CONFIG].data[ARTIFACTS_KEY])["s3"]
    wanted = [store[name] for name in ("accessKeySecret", "secretKeySecret") if name in store]
    for secret in sorted({item["name"] for item in wanted}):
        keys = tuple(item["key"] for item in wanted if item["name"] == secret)
        literals = " ".join(f"--from-literal={key}=..." for key in keys)
        make = f"kubectl -n {namespace} create secret generic {secret} {literals}"
        yield _secret(core, namespace, secret, keys, make)


def _secret(
    core: client.CoreV1Api, namespace: str, name: str, keys: tuple[str, ...], mend: str
) -> Outcome:
    title = f"secret {name}"
    try:
        found = core.read_namespaced_secret(name, namespace)
    except ApiException as error:
        if error.status == 404:
            return bad(title, "is missing", mend)
        if error.status == 403:
            return good(title, "not looked at: these credentials may not")
        raise
    missing = [key for key in keys if key not in (found.data or {})]
    if missing:
        return bad(title, f"has no key {', '.join(missing)}", mend)
    return good(title, "is there")


def _gpus(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether nodes can give what the installed template's steps ask for."""
    found = _template(api, namespace, TEMPLATES[0]) or {"spec": {}}
    asking = [item for item in found["spec"].get("templates", []) if _gpus_of(item)]
    if not asking:
        yield good("gpu nodes", "no step asks for a GPU")
        return
    nodes: list[Any] = client.CoreV1Api(api).list_node().items
    for template in asking:
        selector = template.get("nodeSelector", {})
        resource, count = next(iter(_gpus_of(template).items()))
        fitting = [
            node.metadata.name
            for node in nodes
            if selector.items() <= (node.metadata.labels or {}).items()
            and int((node.status.allocatable or {}).get(resource, "0")) >= count
        ]
        title = f"gpu nodes for {template['name']}"
        if fitting:
            yield good(title, ", ".join(fitting))
        else:
            labels = " ".join(f"{key}={value}" for key, value in selector.items())
            mend = f"label nodes with {labels} and run the vendor's device plugin there"
            yield bad(title, f"no node has {labels} and {count} {resource}", mend)


def _gpus_of(template: dict[str, Any]) -> dict[str, int]:
    limits = template.get("container", {}).get("resources", {}).get("limits", {})
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
