"""clipmill list: the jobs on a cluster."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from pipelines.cli.argo_options import add_server_options, server_of
from pipelines.cli.command import Command, Options
from steps.contract.errors import BadInput

if TYPE_CHECKING:
    from pipelines.argo.server import Server
    from pipelines.argo.state import JobState

WHOLE_WIDTH = 10_000


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_server_options(parser)
    parser.add_argument("--owner", metavar="NAME", default="", help="only this owner's")
    parser.add_argument("--limit", metavar="N", type=int, default=50, help="[default: 50]")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.names import APP_LABELS, OWNER_LABEL
    from pipelines.argo.state import job_state
    from pipelines.argo.submission import check_owner

    if options.limit < 1:
        raise BadInput("--limit: at least 1")
    if options.owner:
        check_owner(options.owner)
    wanted = {**APP_LABELS, **({OWNER_LABEL: options.owner} if options.owner else {})}
    selector = ",".join(f"{name}={value}" for name, value in wanted.items())
    states = [_state(server, job_state(short)) for short in server.list(selector, options.limit)]
    if options.json:
        sys.stdout.write(json.dumps({"jobs": [state.as_dict() for state in states]}) + "\n")
    else:
        _show(states)
    return 0


def _state(server: Server, short: JobState) -> JobState:
    """The whole state: a list has no nodes, which say what runs and what failed."""
    from pipelines.argo.errors import NoSuchJob
    from pipelines.argo.state import job_state

    if short.state == "SUCCEEDED":
        return short
    try:
        return job_state(server.get(short.job))
    except NoSuchJob:  # removed since it was listed
        return short


def _show(states: list[JobState]) -> None:
    """A table; whole where nobody watches, cut at the right edge of a terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("job", "state", "percent", "owner", "started", "source"):
        right = name == "percent"
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    for state in states:
        table.add_row(
            state.job, state.state, str(state.percent), state.owner, state.started, state.source
        )
    table.columns[0].min_width = max([len(state.job) for state in states], default=0)
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = WHOLE_WIDTH
    console.print(table)


COMMAND = Command("list", "List the jobs on the cluster, newest first.", _add_options, _run)
