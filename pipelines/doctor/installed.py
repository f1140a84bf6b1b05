"""Checks of an installed chart: is every object there, complete and of this version?"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, cast

import yaml
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from pipelines.argo.names import (
    ARTIFACTS_CONFIG,
    ARTIFACTS_KEY,
    CLIPS_TEMPLATE,
    DETECT_TEMPLATE,
    EXECUTOR_ACCOUNT,
    JOBS_LIMIT,
    LIMITS_CONFIG,
    STEPS_ACCOUNT,
    VERSION_LABEL,
)
from pipelines.doctor.argo import GROUP, GROUP_VERSION
from pipelines.doctor.outcome import Outcome, bad, good

TEMPLATES = (CLIPS_TEMPLATE, DETECT_TEMPLATE)
INSTALL = "helm upgrade --install clipmill charts/clipmill -n {namespace} -f VALUES"
UNSEEN = "not checked: these credentials lack the right"


def template(api: client.ApiClient, namespace: str, name: str) -> dict[str, Any] | None:
    """A WorkflowTemplate, or None when there is none of that name."""
    try:
        found = client.CustomObjectsApi(api).get_namespaced_custom_object(
            GROUP, GROUP_VERSION, namespace, "workflowtemplates", name
        )
    except ApiException as error:
        if error.status == 404:
            return None
        raise
    return cast("dict[str, Any]", found)


def templates(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether the WorkflowTemplates are installed, in this version."""
    mine = version("clipmill")
    fix = INSTALL.format(namespace=namespace)
    for name in TEMPLATES:
        found = template(api, namespace, name)
        title = f"template {name}"
        if found is None:
            yield bad(title, f"is not in the namespace {namespace}", fix)
            continue
        theirs = found["metadata"].get("labels", {}).get(VERSION_LABEL, "unknown")
        if theirs == mine:
            yield good(title, theirs)
        else:
            yield bad(title, f"has version {theirs}, but this is {mine}", fix)


def accounts(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether the pods' service accounts exist, and the executor's token."""
    core = client.CoreV1Api(api)
    fix = INSTALL.format(namespace=namespace)
    found: list[Any] = core.list_namespaced_service_account(namespace).items
    there = {item.metadata.name for item in found}
    for name in (STEPS_ACCOUNT, EXECUTOR_ACCOUNT):
        yield _there(f"service account {name}", name in there, fix)
    yield _secret(core, namespace, f"{EXECUTOR_ACCOUNT}.service-account-token", {"token"}, fix)


def configuration(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether the ConfigMaps and Secrets exist that the templates refer to."""
    core = client.CoreV1Api(api)
    fix = INSTALL.format(namespace=namespace)
    found: list[Any] = core.list_namespaced_config_map(namespace).items
    maps: dict[str, dict[str, str]] = {item.metadata.name: item.data or {} for item in found}
    for name, key in ((ARTIFACTS_CONFIG, ARTIFACTS_KEY), (LIMITS_CONFIG, JOBS_LIMIT)):
        title = f"configuration {name}"
        if name in maps and key not in maps[name]:
            yield bad(title, f"has no key {key}", fix)
        else:
            yield _there(title, name in maps, fix)
    text = maps.get(ARTIFACTS_CONFIG, {}).get(ARTIFACTS_KEY)
    store = _store(text or "")
    if text is not None and not store.get("bucket"):
        yield bad(f"{ARTIFACTS_KEY} of {ARTIFACTS_CONFIG}", "has no bucket", fix)
    wanted = _store_keys(store)
    for name in TEMPLATES:
        for secret, keys in _secret_keys(template(api, namespace, name) or {}).items():
            wanted.setdefault(secret, set()).update(keys)
    for secret, keys in sorted(wanted.items()):
        literals = " ".join(f"--from-literal={key}=..." for key in sorted(keys))
        make = f"kubectl -n {namespace} create secret generic {secret} {literals}"
        yield _secret(core, namespace, secret, keys, make)


def artifact_store(api: client.ApiClient, namespace: str) -> dict[str, Any]:
    """The store of the cluster's artifacts; empty when it is not configured."""
    try:
        found: Any = client.CoreV1Api(api).read_namespaced_config_map(ARTIFACTS_CONFIG, namespace)
    except ApiException as error:
        if error.status == 404:
            return {}
        raise
    return _store((found.data or {}).get(ARTIFACTS_KEY, ""))


def _store(text: str) -> dict[str, Any]:
    try:
        return dict((yaml.safe_load(text) or {}).get("s3") or {})
    except (yaml.YAMLError, AttributeError, TypeError, ValueError):
        return {}


def _store_keys(store: dict[str, Any]) -> dict[str, set[str]]:
    """The keys that the artifact repository needs, by Secret."""
    found: dict[str, set[str]] = {}
    for name in ("accessKeySecret", "secretKeySecret"):
        if one := store.get(name):
            found.setdefault(one["name"], set()).add(one["key"])
    return found


def _secret_keys(document: dict[str, Any]) -> dict[str, set[str]]:
    """The keys that the environments of the steps need, by Secret."""
    found: dict[str, set[str]] = {}
    for one in document.get("spec", {}).get("templates", []):
        for variable in one.get("container", {}).get("env", []):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference and not reference.get("optional"):
                found.setdefault(reference["name"], set()).add(reference["key"])
    return found


def _there(title: str, there: bool, fix: str) -> Outcome:
    return good(title, "exists") if there else bad(title, "is missing", fix)


def _secret(core: client.CoreV1Api, namespace: str, name: str, keys: set[str], fix: str) -> Outcome:
    title = f"secret {name}"
    try:
        found = core.read_namespaced_secret(name, namespace)
    except ApiException as error:
        if error.status == 404:
            return bad(title, "is missing", fix)
        if error.status == 403:
            return good(title, UNSEEN)
        raise
    data = found.data or {}
    if missing := sorted(keys - set(data)):
        return bad(title, f"has no key {', '.join(missing)}", fix)
    if empty := sorted(key for key in keys if not data[key]):
        return bad(title, f"has an empty value for {', '.join(empty)}", fix)
    return good(title, "exists")
