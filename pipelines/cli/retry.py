"""clipmill retry: run what failed again; what is done is kept."""

from __future__ import annotations

import argparse
import sys

from pipelines.cli.argo_options import add_server_options, server_of
from pipelines.cli.command import Command, Options
from pipelines.dag import clips_dag
from steps.contract.errors import BadInput


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    add_server_options(parser)


def _run(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.retry import failed_nodes
    from pipelines.argo.state import job_state

    state = job_state(server.get(options.job))
    if state.state == "SUCCEEDED":
        raise BadInput(f"{options.job} has succeeded: there is nothing to run again")
    if not state.ended:
        raise BadInput(f"{options.job} has not ended: cancel it first, or wait")
    server.retry(options.job, failed_nodes(options.job, clips_dag()))
    sys.stdout.write(f"{options.job} goes on: see clipmill status {options.job}\n")
    return 0


COMMAND = Command("retry", "Run the failed tasks of a job again.", _add_options, _run)
