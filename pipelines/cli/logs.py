"""clipmill logs: what the steps of a job on the cluster say."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from pipelines.cli.argo_options import (
    STORE_VARIABLE,
    add_server_options,
    add_store_options,
    has_store,
    server_of,
    store_uri,
)
from pipelines.cli.command import Command, Options
from pipelines.job import check_id

ARCHIVE = "logs"
"""Folder of the bucket where Argo keeps the logs of pods that are gone, as the chart says."""
ARCHIVED_LOG = "main.log"
EXECUTOR_MARK = " argo=true"
"""In each line that Argo's executor adds to a step's own."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    parser.add_argument("-f", "--follow", action="store_true", help="go on until the job has ended")
    add_server_options(parser)
    add_store_options(parser)


def _run(options: Options) -> int:
    server = server_of(options)
    server.get(options.job)  # of a job that is not there, the log is empty
    live = (
        entry
        for entry in server.logs(options.job, follow=options.follow)
        if EXECUTOR_MARK not in entry[1]
    )
    if options.follow:
        _show(options.job, live)
        return 0
    there = list(live)
    pods = {pod for pod, _ in there}
    archived = [(pod, line) for pod, line in _archived(options) if pod not in pods]
    _show(options.job, iter(archived + there))
    if not archived and not there:
        hint = "" if has_store(options) else f": set {STORE_VARIABLE} to read those it had"
        sys.stderr.write(f"{options.job} has no pods with logs now{hint}\n")
    return 0


def _show(job: str, entries: Iterator[tuple[str, str]]) -> None:
    for pod, line in entries:
        sys.stdout.write(f"{pod.removeprefix(job + '-')}: {line}\n")
        sys.stdout.flush()


def _archived(options: Options) -> Iterator[tuple[str, str]]:
    """Pod name and line of the kept logs, the pod that ended first at the top."""
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
