"""clipmill logs: the logs of a job on the cluster, from its pods and from the bucket."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pipelines.argo.bucket import STORE_VARIABLE
from pipelines.cli.argo_options import (
    add_server_options,
    add_store_options,
    has_store,
    server_of,
    store_uri,
)
from pipelines.cli.command import Command, Options
from pipelines.cli.jobs import POLL_S, patient_state
from pipelines.job import check_id
from steps.contract.errors import Transient

if TYPE_CHECKING:
    from pipelines.argo.server import Server

Entry = tuple[str, str]
"""The name of a pod, and a line of its log."""

ARCHIVE = "logs"
"""The folder of the bucket where Argo keeps the logs of pods that are gone; the chart sets it."""
ARCHIVED_LOG = "main.log"
EXECUTOR_MARK = " argo=true"
"""A part of every line that Argo's executor adds to a step's log."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    parser.add_argument(
        "-f", "--follow", action="store_true", help="follow the logs until the job has ended"
    )
    add_server_options(parser)
    add_store_options(parser)


def _run(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.errors import NoSuchJob

    shown: Counter[str] = Counter()

    def show(entries: Iterator[Entry]) -> None:
        for pod, line in _new(entries, shown):
            sys.stdout.write(f"{pod.removeprefix(options.job + '-')}: {line}\n")
            sys.stdout.flush()

    try:
        server.get(options.job)  # before the bucket: a wrong token fails at once
        show(_archived(options))
        if options.follow:
            _follow(server, options.job, show)
        else:
            show(_live(server, options.job, follow=False))
    except NoSuchJob:  # forgotten, or in Argo's archive, which keeps no logs
        show(_archived(options))
        if not shown:
            raise
    if not shown:
        hint = "" if has_store(options) else f": set {STORE_VARIABLE} to read the kept ones"
        sys.stderr.write(f"{options.job} has no pods with logs{hint}\n")
    return 0


def _new(entries: Iterator[Entry], shown: Counter[str]) -> Iterator[Entry]:
    """The entries after the first `shown` of each pod; they then count as shown.

    Every source begins with a pod's first line: the bucket, a stream, the stream after it.
    """
    came: Counter[str] = Counter()
    for pod, line in entries:
        came[pod] += 1
        if came[pod] > shown[pod]:
            shown[pod] = came[pod]
            yield pod, line


def _live(server: Server, job: str, *, follow: bool) -> Iterator[Entry]:
    """The logs of the pods that still exist, without the lines of Argo's executor."""
    found = server.logs(job, follow=follow)
    return (entry for entry in found if EXECUTOR_MARK not in entry[1])


def _follow(server: Server, job: str, show: Callable[[Iterator[Entry]], None]) -> None:
    """Show the stream until the job has ended; open it again if it ends or breaks before that.

    Raises:
        Transient: the server was away for too long; the job goes on without us.
    """
    while True:
        ended = patient_state(server, job).ended  # asked first, so that the last lines are read
        try:
            show(_live(server, job, follow=True))
        except Transient:
            if ended:
                raise
        if ended:
            return
        time.sleep(POLL_S)


def _archived(options: Options) -> Iterator[Entry]:
    """The kept logs, pod by pod in the order in which the pods ended."""
    if not has_store(options):
        return
    from steps.storage import open_store

    store = open_store(f"{store_uri(options)}/{ARCHIVE}/{check_id(options.job)}")
    for entry in sorted(store.list(), key=lambda entry: (entry.modified_ms, entry.key)):
        pod, _, name = entry.key.rpartition("/")
        if name == ARCHIVED_LOG:
            for line in store.read_bytes(entry.key).decode(errors="replace").splitlines():
                yield pod, line


COMMAND = Command("logs", "Print the logs of a job on the cluster.", _add_options, _run)
