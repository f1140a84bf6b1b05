"""clipmill list: the jobs on a cluster."""

from __future__ import annotations

import argparse
import json
import sys

from pipelines.cli.argo_options import add_server_options, server_of
from pipelines.cli.command import Command, Options


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_server_options(parser)
    parser.add_argument("--owner", metavar="NAME", default="", help="only this owner's")
    parser.add_argument("--limit", metavar="N", type=int, default=50, help="[default: 50]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    server = server_of(options)
    from rich.console import Console
    from rich.table import Table

    from pipelines.argo.names import APP_LABELS, OWNER_LABEL
    from pipelines.argo.state import job_state

    wanted = {**APP_LABELS, **({OWNER_LABEL: options.owner} if options.owner else {})}
    selector = ",".join(f"{name}={value}" for name, value in wanted.items())
    states = [job_state(workflow) for workflow in server.list(selector, options.limit)]
    if options.json:
        sys.stdout.write(json.dumps({"jobs": [state.as_dict() for state in states]}) + "\n")
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("job", "state", "percent", "owner", "started", "source"):
        table.add_column(name, justify="right" if name == "percent" else "left")
    for state in states:
        table.add_row(
            state.job, state.state, str(state.percent), state.owner, state.started, state.source
        )
    Console(highlight=False, markup=False).print(table)
    return 0


COMMAND = Command("list", "List the jobs on the cluster, newest first.", _add_options, _run)
