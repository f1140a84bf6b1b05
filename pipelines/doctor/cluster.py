"""Checks of a cluster: can `clipmill submit` work there? With the kubeconfig of whoever asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from pipelines.argo.connection import named_namespace
from pipelines.doctor.argo_server import answers_well
from pipelines.doctor.bucket import bucket
from pipelines.doctor.check import Check, Outcome, bad, good
from pipelines.doctor.installed import (
    GROUP,
    GROUP_VERSION,
    UNSEEN,
    accounts,
    configuration,
    templates,
)
from pipelines.doctor.nodes import gpu_nodes
from pipelines.doctor.rights import rights
from steps.contract.errors import BadInput

LEAST_VERSION = (1, 30)
"""The oldest Kubernetes that Argo 4.0 is tested with."""
KINDS = ("workflows", "workflowtemplates", "workflowtaskresults")
TIMEOUT_S = 10


def cluster_checks(namespace: str) -> tuple[Check, ...]:
    """All checks, in an order in which the first that fails explains the next.

    Raises:
        BadInput: there is no kubeconfig, or the cluster cannot be reached.
    """
    _connect()
    api = client.ApiClient()
    try:
        found = client.VersionApi(api).get_code(_request_timeout=TIMEOUT_S)
    except (ApiException, HTTPError, OSError, ValueError) as error:
        raise BadInput("the cluster's API cannot be reached: check KUBECONFIG") from error
    where = named_namespace(namespace)
    return tuple(
        _asked(name, check)
        for name, check in (
            ("kubernetes", lambda: _version(found)),
            ("argo", lambda: _kinds(api)),
            ("argo server", lambda: answers_well(where)),
            ("templates", lambda: templates(api, where)),
            ("rights", lambda: rights(api, where)),
            ("accounts", lambda: accounts(api, where)),
            ("configuration", lambda: configuration(api, where)),
            ("gpu nodes", lambda: gpu_nodes(api, where)),
            ("bucket", lambda: bucket(api, where)),
        )
    )


def _connect() -> None:
    """Use the kubeconfig, or the pod's own account."""
    try:
        try:
            config.load_kube_config()
        except config.ConfigException:
            config.load_incluster_config()
    except (config.ConfigException, OSError) as error:
        raise BadInput(f"no cluster is configured: set KUBECONFIG ({error})") from error
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:  # not checked there
        raise BadInput("KUBECONFIG names a file that is no kubeconfig") from error


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
