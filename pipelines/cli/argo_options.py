"""Options of all commands for the cluster: the server, the namespace, the bucket."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from pipelines.argo import bucket
from pipelines.cli.command import Options

if TYPE_CHECKING:
    from pipelines.argo.server import Server
    from steps.storage import Store


def add_server_options(parser: argparse._ActionsContainer) -> None:
    """Declare the server and the namespace."""
    parser.add_argument(
        "--server", metavar="URL", default="", help="the Argo Server [default: $ARGO_SERVER]"
    )
    parser.add_argument(
        "--namespace",
        metavar="NAME",
        default="",
        help="namespace of the jobs [default: $ARGO_NAMESPACE]",
    )


def add_store_options(parser: argparse._ActionsContainer) -> None:
    """Declare the bucket and the folder of the jobs."""
    parser.add_argument(
        "--store",
        metavar="URI",
        default="",
        help=f"the jobs' bucket [default: ${bucket.STORE_VARIABLE}]",
    )
    parser.add_argument(
        "--prefix",
        metavar="PATH",
        default="",
        help="folder of the jobs in the bucket [default: jobs]",
    )


def server_of(options: Options) -> Server:
    """The server that the options name."""
    from pipelines.argo.server import Server

    return Server.from_environment(options.server, options.namespace)


def has_server(options: Options) -> bool:
    """Whether an option or the environment names a server."""
    from pipelines.argo.connection import SERVER_VARIABLE

    return bool(options.server or os.environ.get(SERVER_VARIABLE))


def has_store(options: Options) -> bool:
    """Whether an option or the environment names a bucket."""
    return bool(options.store or os.environ.get(bucket.STORE_VARIABLE))


def store_uri(options: Options) -> str:
    """The bucket that the options name; raises as `bucket_uri` does."""
    return bucket.bucket_uri(options.store)


def job_prefix(options: Options, job: str) -> str:
    """Where a job's files are in the bucket: `jobs/talk-1`."""
    return bucket.job_prefix(job, options.prefix)


def job_store(options: Options, job: str) -> Store:
    """The store of one job."""
    from steps.storage import open_store

    return open_store(f"{store_uri(options)}/{job_prefix(options, job)}")
