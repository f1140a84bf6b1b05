"""Checks of a cluster with the caller's kubeconfig: can `clipmill submit` work there?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from pipelines.argo.connection import named_namespace
from pipelines.doctor import argo
from pipelines.doctor.bucket import bucket
from pipelines.doctor.installed import UNSEEN, accounts, configuration, templates
from pipelines.doctor.nodes import gpu_nodes
from pipelines.doctor.outcome import Check, Outcome, bad, good
from pipelines.doctor.rights import rights
from steps.contract.errors import BadInput

LEAST_VERSION = (1, 30)
"""The oldest Kubernetes that Argo 4.0 is tested with."""
TIMEOUT_S = 10


def cluster_checks(namespace: str) -> tuple[Check, ...]:
    """All checks, in an order in which the first that fails explains the next.

    Raises:
        BadInput: there is no kubeconfig, or the cluster does not answer.
    """
    _connect()
    api = client.ApiClient()
    try:
        found = client.VersionApi(api).get_code(_request_timeout=TIMEOUT_S)
    except (ApiException, HTTPError, OSError, ValueError) as error:
        raise BadInput("the cluster's API does not answer: check KUBECONFIG") from error
    where = named_namespace(namespace)
    return tuple(
        _guarded(name, check)
        for name, check in (
            ("kubernetes", lambda: _version(found)),
            ("argo", lambda: argo.kinds(api)),
            (argo.CONTROLLER, lambda: argo.controller(api, where)),
            ("argo server", lambda: argo.server(where)),
            ("templates", lambda: templates(api, where)),
            ("rights", lambda: rights(api, where)),
            ("accounts", lambda: accounts(api, where)),
            ("configuration", lambda: configuration(api, where)),
            ("gpu nodes", lambda: gpu_nodes(api, where)),
            ("bucket", lambda: bucket(api, where)),
        )
    )


def _connect() -> None:
    """Use the kubeconfig, or the account of the pod that this runs in."""
    try:
        try:
            config.load_kube_config()
        except config.ConfigException:
            config.load_incluster_config()
    except (config.ConfigException, OSError) as error:
        raise BadInput(f"no cluster is configured ({error}): set KUBECONFIG") from error
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:  # not checked there
        raise BadInput("the file in KUBECONFIG is not a kubeconfig: set another one") from error


def _guarded(name: str, check: Callable[[], Iterator[Outcome]]) -> Check:
    """The check, with a refusal of the API as an outcome of it."""

    def run() -> Iterator[Outcome]:
        try:
            yield from check()
        except ApiException as error:
            if error.status == 403:
                yield good(name, UNSEEN)
            else:
                yield bad(name, f"the API answers {error.status} {error.reason}", "try again")
        except HTTPError:
            yield bad(name, "the API did not answer", "try again")

    return run


def _version(found: Any) -> Iterator[Outcome]:
    major, minor = (int(re.sub(r"\D", "", part)) for part in (found.major, found.minor))
    if (major, minor) >= LEAST_VERSION:
        yield good("kubernetes", found.git_version)
    else:
        least = ".".join(map(str, LEAST_VERSION))
        yield bad("kubernetes", found.git_version, f"upgrade: Argo 4.0 needs {least} or later")
