"""Checks of the token's rights: does it have those that the commands need?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from pipelines.argo.connection import TOKEN_VARIABLE, bare_token
from pipelines.doctor.argo import GROUP
from pipelines.doctor.outcome import Outcome, bad, good

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
OF_SSO = "v2:"
"""How a token begins that the Argo Server itself issued."""


def rights(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether the token has each right; without a token, the user of the kubeconfig."""
    token = bare_token(os.environ.get(TOKEN_VARIABLE, ""))
    if token.startswith(OF_SSO):
        yield good("rights", "not checked: the cluster does not know tokens of the single sign-on")
        return
    reviews = client.AuthorizationV1Api(_as_bearer(token) if token else api)
    try:
        for group, path, verb, why in RIGHTS:
            fix = f"bind the role clipmill-submitter in {namespace}, for clipmill {why}"
            title = f"right to {verb} {path}"
            if _may(reviews, namespace, group, path, verb):
                yield good(title, "granted")
            else:
                yield bad(title, "not granted", fix)
    except ApiException as error:
        if error.status != 401 or not token:
            raise
        fix = f"set it to the output of `kubectl -n {namespace} create token clipmill-submitter`"
        yield bad("rights", f"the cluster rejects {TOKEN_VARIABLE}", fix)


def _as_bearer(token: str) -> client.ApiClient:
    """A client of the same server and authorities, as the user of the token."""
    own = client.Configuration.get_default_copy()
    own.cert_file = own.key_file = own.refresh_api_key_hook = None
    own.api_key = {"authorization": f"Bearer {token}"}
    return client.ApiClient(own)


def _may(
    reviews: client.AuthorizationV1Api, namespace: str, group: str, path: str, verb: str
) -> bool:
    resource, _, part = path.partition("/")
    attributes = client.V1ResourceAttributes(
        group=group, resource=resource, subresource=part, verb=verb, namespace=namespace
    )
    spec = client.V1SelfSubjectAccessReviewSpec(resource_attributes=attributes)
    review: Any = reviews.create_self_subject_access_review(
        client.V1SelfSubjectAccessReview(spec=spec)
    )
    return bool(review.status.allowed)
