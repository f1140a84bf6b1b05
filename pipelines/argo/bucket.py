"""The bucket of a cluster's jobs, as this machine reaches it."""

from __future__ import annotations

import os
import re

from pipelines.job import check_id
from steps.contract.errors import BadInput

JOBS_PREFIX = "jobs"
STORE_VARIABLE = "CLIPMILL_STORE"
"""`s3://BUCKET`: the bucket of the cluster's artifact repository."""

_BUCKET = re.compile(r"s3://[^/\s]")


def bucket_uri(option: str = "") -> str:
    """The bucket that an option or the environment names, without a slash at its end.

    Raises:
        BadInput: neither names one, or it is not an `s3://` URI.
    """
    uri = option or os.environ.get(STORE_VARIABLE, "")
    if not uri:
        raise BadInput(f"no bucket is named: give --store s3://BUCKET, or set {STORE_VARIABLE}")
    if not _BUCKET.match(uri):
        raise BadInput(f"{uri!r} is not a bucket that the cluster can reach: write s3://BUCKET")
    return uri.rstrip("/")


def job_prefix(job: str, prefix: str = "") -> str:
    """Where a job's files are in the bucket: `jobs/talk-1`.

    Raises:
        BadInput: the id cannot be a folder.
    """
    return f"{prefix.strip('/') or JOBS_PREFIX}/{check_id(job)}"
