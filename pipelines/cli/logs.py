"""clipmill logs: what the steps of a job on the cluster say."""

from __future__ import annotations

import argparse
import sys

from pipelines.cli.argo_options import add_server_options, server_of
from pipelines.cli.command import Command, Options


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    parser.add_argument("-f", "--follow", action="store_true", help="go on until the job has ended")
    add_server_options(parser)


def _run(options: Options) -> int:
    for pod, line in server_of(options).logs(options.job, follow=options.follow):
        sys.stdout.write(f"{pod.removeprefix(options.job + '-')}: {line}\n")
        sys.stdout.flush()
    return 0


COMMAND = Command("logs", "Print the logs of a job on the cluster.", _add_options, _run)
