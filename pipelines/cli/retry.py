"""clipmill retry: run what failed again; what is done is kept."""

from __future__ import annotations

import argparse
import sys

from pipelines.cli.argo_options import add_server_options, server_of
from pipelines.cli.command import Command, Options


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    add_server_options(parser)


def _run(options: Options) -> int:
    server_of(options).retry(options.job, {})
    sys.stdout.write(f"{options.job} goes on: see clipmill status {options.job}\n")
    return 0


COMMAND = Command("retry", "Run the failed tasks of a job again.", _add_options, _run)
