"""Is the chart installed in a namespace, whole and of this version? Each object with its mend."""

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
from pipelines.doctor.check import Outcome, bad, good

GROUP, GROUP_VERSION = "argoproj.io", "v1alpha1"
TEMPLATES = (CLIPS_TEMPLATE, DETECT_TEMPLATE)
INSTALL = "helm upgrade --install clipmill charts/clipmill -n {namespace} -f VALUES"
UNSEEN = "not looked at: these credentials may not"


def template(api: client.ApiClient, namespace: str, name: str) -> dict[str, Any] | None:
    """A WorkflowTemplate, or None where there is none of that name."""
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
    """Whether the WorkflowTemplates are there, and of this version."""
    mine = version("clipmill")
    mend = INSTALL.format(namespace=namespace)
    for name in TEMPLATES:
        found = template(api, namespace, name)
        title = f"template {name}"
        if found is None:
            yield bad(title, f"is not in the namespace {namespace}", mend)
            continue
        theirs = found["metadata"].get("labels", {}).get(VERSION_LABEL, "unknown")
        if theirs == mine:
            yield good(title, theirs)
        else:
            yield bad(title, f"is of version {theirs}, this is {mine}", mend)


def accounts(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether the pods' service accounts are there, and the executor's token."""
    core = client.CoreV1Api(api)
    mend = INSTALL.format(namespace=namespace)
    found: list[Any] = core.list_namespaced_service_account(namespace).items
    there = {item.metadata.name for item in found}
    for name in (STEPS_ACCOUNT, EXECUTOR_ACCOUNT):
        yield _there(f"service account {name}", name in there, mend)
    yield _secret(core, namespace, f"{EXECUTOR_ACCOUNT}.service-account-token", {"token"}, mend)


def configuration(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether the ConfigMaps and the Secrets are there that the templates refer to."""
    core = client.CoreV1Api(api)
    mend = INSTALL.format(namespace=namespace)
    found: list[Any] = core.list_namespaced_config_map(namespace).items
    maps: dict[str, dict[str, str]] = {item.metadata.name: item.data or {} for item in found}
    for name, key in ((ARTIFACTS_CONFIG, ARTIFACTS_KEY), (LIMITS_CONFIG, JOBS_LIMIT)):
        title = f"configuration {name}"
        if name in maps and key not in maps[name]:
            yield bad(title, f"has no key {key}", mend)
        else:
            yield _there(title, name in maps, mend)
    text = maps.get(ARTIFACTS_CONFIG, {}).get(ARTIFACTS_KEY)
    store = _store(text or "")
    if text is not None and not store.get("bucket"):
        yield bad(f"{ARTIFACTS_KEY} of {ARTIFACTS_CONFIG}", "names no bucket", mend)
    wanted = _store_keys(store)
    for name in TEMPLATES:
        for secret, keys in _secret_keys(template(api, namespace, name) or {}).items():
            wanted.setdefault(secret, set()).update(keys)
    for secret, keys in sorted(wanted.items()):
        literals = " ".join(f"--from-literal={key}=..." for key in sorted(keys))
        make = f"kubectl -n {namespace} create secret generic {secret} {literals}"
        yield _secret(core, namespace, secret, keys, make)


def artifact_store(api: client.ApiClient, namespace: str) -> dict[str, Any]:
    """The store in which the cluster keeps artifacts; empty where nothing says it."""
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
    """The keys by Secret that the artifact repository asks for."""
    found: dict[str, set[str]] = {}
    for name in ("accessKeySecret", "secretKeySecret"):
        if one := store.get(name):
            found.setdefault(one["name"], set()).add(one["key"])
    return found


def _secret_keys(document: dict[str, Any]) -> dict[str, set[str]]:
    """The keys by Secret that the steps' environments ask for."""
    found: dict[str, set[str]] = {}
    for one in document.get("spec", {}).get("templates", []):
        for variable in one.get("container", {}).get("env", []):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference and not reference.get("optional"):
                found.setdefault(reference["name"], set()).add(reference["key"])
    return found


def _there(title: str, there: bool, mend: str) -> Outcome:
    return good(title, "is there") if there else bad(title, "is missing", mend)


def _secret(
    core: client.CoreV1Api, namespace: str, name: str, keys: set[str], mend: str
) -> Outcome:
    title = f"secret {name}"
    try:
        found = core.read_namespaced_secret(name, namespace)
    except ApiException as error:
        if error.status == 404:
            return bad(title, "is missing", mend)
        if error.status == 403:
            return good(title, UNSEEN)
        raise
    data = found.data or {}
    if missing := sorted(keys - set(data)):
        return bad(title, f"has no key {', '.join(missing)}", mend)
    if empty := sorted(key for key in keys if not data[key]):
        return bad(title, f"has nothing under {', '.join(empty)}", mend)
    return good(title, "is there")
