"""A job on the cluster, watched from a command line."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from steps.contract.errors import Transient

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
    last = ""
    while True:
        state = patient_state(server, job)
        if (line := one_line_of(state)) != last:
            sys.stderr.write(f"{line}\n")
            last = line
        if state.ended:
            return state
        time.sleep(POLL_S)


def patient_state(server: Server, job: str) -> JobState:
    """Where a job is, asked of a server that may be away for a while.

    Raises:
        Transient: it was away for longer than `PATIENCE_S`.
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
