"""May the commands' token do what the commands do?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from pipelines.argo.connection import TOKEN_VARIABLE, bare_token
from pipelines.doctor.check import Outcome, bad, good
from pipelines.doctor.installed import GROUP

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
"""What a token begins with that the Argo Server itself gave out."""


def rights(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether each right is granted to the token, or without one to the kubeconfig's user."""
    token = bare_token(os.environ.get(TOKEN_VARIABLE, ""))
    if token.startswith(OF_SSO):
        yield good(
            "rights", "not looked at: the cluster does not know tokens of the single sign-on"
        )
        return
    reviews = client.AuthorizationV1Api(_as_bearer(token) if token else api)
    try:
        for group, path, verb, why in RIGHTS:
            mend = f"bind the role clipmill-submitter in {namespace}: {why} needs it"
            title = f"right to {verb} {path}"
            if _may(reviews, namespace, group, path, verb):
                yield good(title, "granted")
            else:
                yield bad(title, "not granted", mend)
    except ApiException as error:
        if error.status != 401 or not token:
            raise
        mend = f"set it to what `kubectl -n {namespace} create token clipmill-submitter` prints"
        yield bad("rights", f"the cluster knows no such {TOKEN_VARIABLE}", mend)


def _as_bearer(token: str) -> client.ApiClient:
    """The same server and authorities, as whom the token names and nobody else."""
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
