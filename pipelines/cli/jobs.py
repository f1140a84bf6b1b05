"""Jobs on the cluster: clipmill status, list, cancel and retry, and how a job is followed."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from pipelines.cli.argo_options import add_server_options, server_of
from pipelines.cli.command import Command, Options
from pipelines.dag import clips_dag
from steps.contract.errors import BadInput, Transient

if TYPE_CHECKING:
    from pipelines.argo.server import Server
    from pipelines.argo.state import JobState

POLL_S = 2.0
PATIENCE_S = 300.0
"""How long a server may be away while a job is followed: an upgrade, a lost connection."""


def follow(server: Server, job: str) -> JobState:
    """Watch a job to its end, with a line on stderr for each change.

    Raises:
        Transient: the server was away for too long; the job goes on without us.
    """
    from pipelines.tables import say

    last = ""
    while True:
        state = patient_state(server, job)
        if (line := one_line_of(state)) != last:
            say(line)
            last = line
        if state.ended:
            return state
        time.sleep(POLL_S)


def patient_state(server: Server, job: str) -> JobState:
    """The state of a job; the server may be away for a while.

    Raises:
        Transient: the server was away for longer than `PATIENCE_S`.
    """
    from pipelines.argo.state import job_state

    since = time.monotonic()
    while True:
        try:
            return job_state(server.get(job))
        except Transient:
            if time.monotonic() - since > PATIENCE_S:
                raise
        time.sleep(POLL_S)


def one_line_of(state: JobState) -> str:
    """`RUNNING 43% render(0:clip_01): message`."""
    percent = f" {state.percent}%" if state.state == "RUNNING" else ""
    stage = f" {state.stage}" if state.stage else ""
    return f"{state.state}{percent}{stage}" + (f": {state.message}" if state.message else "")


def _add_job(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    add_server_options(parser)


def _add_status_options(parser: argparse.ArgumentParser) -> None:
    _add_job(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _status(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.state import job_state

    state = job_state(server.get(options.job))
    text = json.dumps(state.as_dict()) if options.json else one_line_of(state)
    sys.stdout.write(f"{text}\n")
    return 0


def _cancel(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.errors import JobOver
    from pipelines.argo.state import job_state

    try:
        server.stop(options.job)
    except JobOver:
        state = job_state(server.get(options.job))
        sys.stdout.write(f"{options.job} has already ended: {one_line_of(state)}\n")
        return 0
    sys.stdout.write(f"cancelling {options.job}: see clipmill status {options.job}\n")
    return 0


def _retry(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.retry import unfinished_nodes
    from pipelines.argo.state import job_state

    state = job_state(server.get(options.job))
    if state.state == "SUCCEEDED":
        raise BadInput(f"{options.job} succeeded: there is nothing to run again")
    if not state.ended:
        raise BadInput(f"{options.job} has not ended: cancel it first, or wait")
    server.retry(options.job, unfinished_nodes(options.job, clips_dag()))
    sys.stdout.write(f"{options.job} is running again: see clipmill status {options.job}\n")
    return 0


def _add_list_options(parser: argparse.ArgumentParser) -> None:
    add_server_options(parser)
    parser.add_argument("--owner", metavar="NAME", default="", help="only the jobs of this owner")
    parser.add_argument(
        "--limit", metavar="N", type=int, default=50, help="at most this many jobs [default: 50]"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _list(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.names import APP_LABELS, OWNER_LABEL
    from pipelines.argo.state import job_state
    from pipelines.argo.submission import check_owner

    if options.limit < 1:
        raise BadInput(f"--limit {options.limit} is too small: give at least 1")
    if options.owner:
        check_owner(options.owner)
    wanted = {**APP_LABELS, **({OWNER_LABEL: options.owner} if options.owner else {})}
    selector = ",".join(f"{name}={value}" for name, value in wanted.items())
    found = server.list(selector, options.limit)
    states = [_whole_state(server, job_state(short)) for short in found]
    if options.json:
        sys.stdout.write(json.dumps({"jobs": [state.as_dict() for state in states]}) + "\n")
    else:
        _show(states)
    return 0


def _whole_state(server: Server, short: JobState) -> JobState:
    """The whole state: a listed job lacks its nodes, which say what runs and what failed."""
    from pipelines.argo.errors import NoSuchJob
    from pipelines.argo.state import job_state

    if short.state == "SUCCEEDED":
        return short
    try:
        return job_state(server.get(short.job))
    except NoSuchJob:  # removed since it was listed
        return short


def _show(states: list[JobState]) -> None:
    """A table: whole in a pipe, cut at the right edge of a terminal."""
    from pipelines.tables import console, table

    names = ("job", "state", "percent", "owner", "started", "source")
    rows = table(*names, right=("percent",), whole=names)
    for state in states:
        rows.add_row(
            state.job, state.state, str(state.percent), state.owner, state.started, state.source
        )
    rows.columns[0].min_width = max([len(state.job) for state in states], default=0)
    console().print(rows)


COMMANDS = (
    Command("status", "Show the state of a job on the cluster.", _add_status_options, _status),
    Command("list", "List the jobs on the cluster, newest first.", _add_list_options, _list),
    Command("cancel", "Cancel a job on the cluster.", _add_job, _cancel),
    Command("retry", "Run the failed tasks of a job on the cluster again.", _add_job, _retry),
)
