"""clipmill status: where a job is."""

from __future__ import annotations

import argparse
import json
import sys

from pipelines.cli.argo_options import add_server_options, server_of
from pipelines.cli.command import Command, Options
from pipelines.cli.following import one_line_of


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    add_server_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.state import job_state

    state = job_state(server.get(options.job))
    text = json.dumps(state.as_dict()) if options.json else one_line_of(state)
    sys.stdout.write(f"{text}\n")
    return 0


COMMAND = Command("status", "Say where a job on the cluster is.", _add_options, _run)
