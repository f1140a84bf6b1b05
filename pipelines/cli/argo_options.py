"""Options that every command on a cluster has."""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING

from pipelines.cli.command import Options
from steps.contract.errors import BadInput

if TYPE_CHECKING:
    from pipelines.argo.server import Server
    from steps.storage import Store

JOBS_PREFIX = "jobs"
STORE_VARIABLE = "CLIPMILL_STORE"
"""`s3://bucket`: the bucket of the cluster's artifact repository, as this machine reaches it."""

_BUCKET = re.compile(r"s3://[^/\s]")


def add_server_options(parser: argparse.ArgumentParser) -> None:
    """Declare which server and which namespace."""
    parser.add_argument("--server", metavar="URL", default="", help="[default: $ARGO_SERVER]")
    parser.add_argument(
        "--namespace", metavar="NAME", default="", help="of the jobs [default: $ARGO_NAMESPACE]"
    )


def add_store_options(parser: argparse.ArgumentParser) -> None:
    """Declare where the jobs' artifacts are."""
    parser.add_argument(
        "--store", metavar="URI", default="", help=f"the bucket [default: ${STORE_VARIABLE}]"
    )
    parser.add_argument(
        "--prefix", metavar="PATH", default="", help="of the jobs in the bucket [default: jobs]"
    )


def server_of(options: Options) -> Server:
    """The server that the options name."""
    from pipelines.argo.server import Server

    return Server.from_environment(options.server, options.namespace)


def has_server(options: Options) -> bool:
    """Whether a server is named."""
    from pipelines.argo.answers import SERVER_VARIABLE

    return bool(options.server or os.environ.get(SERVER_VARIABLE))


def has_store(options: Options) -> bool:
    """Whether a bucket is named."""
    return bool(options.store or os.environ.get(STORE_VARIABLE))


def store_uri(options: Options) -> str:
    """The bucket that the options name.

    Raises:
        BadInput: none is named, or it is no bucket's.
    """
    uri = str(options.store or os.environ.get(STORE_VARIABLE, ""))
    if not uri:
        raise BadInput(f"no bucket is named: give --store s3://BUCKET, or set {STORE_VARIABLE}")
    if not _BUCKET.match(uri):
        raise BadInput(f"{uri} is no bucket that the cluster reaches: write s3://BUCKET")
    return uri.rstrip("/")


def job_prefix(options: Options, job: str) -> str:
    """Where a job's files are in the bucket: `jobs/talk-1`."""
    from pipelines.job import check_id

    return f"{options.prefix.strip('/') or JOBS_PREFIX}/{check_id(job)}"


def job_store(options: Options, job: str) -> Store:
    """The store of one job."""
    from steps.storage import open_store

    return open_store(f"{store_uri(options)}/{job_prefix(options, job)}")
