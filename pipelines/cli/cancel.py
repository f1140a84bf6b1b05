"""clipmill cancel: end a job; whoever waits for it is told."""

from __future__ import annotations

import argparse
import sys

from pipelines.cli.argo_options import add_server_options, server_of
from pipelines.cli.command import Command, Options
from pipelines.cli.following import one_line_of


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    add_server_options(parser)


def _run(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.errors import JobOver
    from pipelines.argo.state import job_state

    try:
        server.stop(options.job)
    except JobOver:
        state = job_state(server.get(options.job))
        sys.stdout.write(f"{options.job} has ended already: {one_line_of(state)}\n")
        return 0
    sys.stdout.write(f"{options.job} is being cancelled: see clipmill status {options.job}\n")
    return 0


COMMAND = Command("cancel", "Cancel a job on the cluster.", _add_options, _run)
