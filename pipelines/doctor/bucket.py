"""The check of the bucket: is it the one that the cluster uses, and can it be written?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from pipelines.argo.bucket import STORE_VARIABLE, bucket_uri
from pipelines.doctor.installed import artifact_store
from pipelines.doctor.outcome import Outcome, bad, good
from steps.contract.errors import BadInput, StepError

PROBE = "clipmill-doctor"
UNCOMPARED = "; these credentials cannot see whether it is the cluster's"


def bucket(api: client.ApiClient, namespace: str) -> Iterator[Outcome]:
    """Whether the cluster's steps write there, and whether this machine can write there."""
    if not os.environ.get(STORE_VARIABLE):
        yield good("bucket", f"not checked: {STORE_VARIABLE} is not set")
        return
    try:
        uri = bucket_uri()
    except BadInput as error:
        yield bad("bucket", str(error), f"set {STORE_VARIABLE}=s3://BUCKET")
        return
    theirs = _clusters(api, namespace)
    if theirs and theirs != uri:
        message = f"{uri} is not the cluster's, which is {theirs}"
        yield bad("bucket", message, f"set {STORE_VARIABLE}={theirs}")
        return
    yield _written(uri, "" if theirs is not None else UNCOMPARED)


def _clusters(api: client.ApiClient, namespace: str) -> str | None:
    """Where the cluster writes: empty if it is not configured, None if it may not be read."""
    try:
        name = artifact_store(api, namespace).get("bucket")
    except ApiException as error:
        if error.status == 403:
            return None
        raise
    return f"s3://{name}" if name else ""


def _written(uri: str, remark: str) -> Outcome:
    from steps.storage import open_store

    try:
        store = open_store(uri)
        store.write_bytes(PROBE, b"ok")
        store.delete(PROBE)
    except StepError as error:
        return bad("bucket", str(error), "check the credentials and the bucket's policy")
    return good("bucket", f"{uri} can be written{remark}")
