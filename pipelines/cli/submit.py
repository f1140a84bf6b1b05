"""clipmill submit: the same job as `run`, on a cluster's Argo."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.argo_options import (
    add_server_options,
    add_store_options,
    has_store,
    job_store,
    server_of,
    store_uri,
)
from pipelines.cli.command import Command, Options
from pipelines.dag import clips_dag
from pipelines.job import add_job_options, is_remote, job_of
from steps.contract.errors import Refused, StepError, Transient

if TYPE_CHECKING:
    from pipelines.argo.server import Server
    from pipelines.argo.state import JobState
    from steps.storage import Store

POLL_S = 2.0
PATIENCE_S = 300.0
"""How long a server may be away while a job is followed: an upgrade, a lost connection."""
TEMPLATE = "clipmill"


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_job_options(parser, clips_dag())
    add_server_options(parser)
    add_store_options(parser)
    parser.add_argument("--owner", metavar="NAME", default="", help="who asks; a label of the job")
    parser.add_argument("--callback", metavar="URL", default="", help="told when the job has ended")
    parser.add_argument("--cache", metavar="URI", default="", help="s3:// prefix of finished steps")
    parser.add_argument("--wait", action="store_true", help="follow the job to its end")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    server = server_of(options)
    from pipelines.argo.state import job_state
    from pipelines.argo.submission import submission, submit

    job = job_of(options, clips_dag())
    values = dict(job.values)
    if has_store(options):
        _check_new(server, job.id, job_store(options, job.id))
    if not is_remote(values["source"]):
        values["source"] = _upload(Path(values["source"]), store_uri(options))
    for name in ("callback", "cache"):
        if getattr(options, name):
            values[name] = getattr(options, name)
    if options.prefix:
        values["prefix"] = options.prefix.strip("/")
    title = f"{job.id}: {Path(values['source'].partition('?')[0]).name}"
    made, created = submit(server, submission(job.id, TEMPLATE, values, title, options.owner))
    link = f"{server.url}/workflows/{server.namespace}/{job.id}"
    if not options.json:
        sys.stdout.write(f"{job.id} {'submitted' if created else 'is there already'}: {link}\n")
    state = follow(server, job.id) if options.wait else job_state(made)
    if options.json:
        report = {"job": job.id, "created": created, "link": link, **state.as_dict()}
        sys.stdout.write(json.dumps(report) + "\n")
    if state.ended and state.state != "SUCCEEDED":
        raise _not_succeeded(state)
    return 0


def follow(server: Server, job: str) -> JobState:
    """Watch a job to its end, with a line on stderr for each change.

    Raises:
        Transient: the server was away for too long; the job goes on without us.
    """
    from pipelines.argo.state import job_state

    last, heard = "", time.monotonic()
    while True:
        try:
            state = job_state(server.get(job))
        except Transient:
            if time.monotonic() - heard > PATIENCE_S:
                raise
        else:
            heard = time.monotonic()
            if (line := one_line_of(state)) != last:
                sys.stderr.write(f"{line}\n")
                last = line
            if state.ended:
                return state
        time.sleep(POLL_S)


def _not_succeeded(state: JobState) -> StepError:
    """Why the job did not succeed, under the code that its step ended with."""
    error = StepError(
        f"{state.job} {state.state}: {state.message} (to go on: clipmill retry {state.job})"
    )
    error.exit_code = state.exit_code or 1  # type: ignore[misc]  # of this one failure
    return error


def one_line_of(state: JobState) -> str:
    """`RUNNING 43% render(0:clip_01): message`."""
    percent = f" {state.percent}%" if state.state == "RUNNING" else ""
    stage = f" {state.stage}" if state.stage else ""
    return f"{state.state}{percent}{stage}" + (f": {state.message}" if state.message else "")


def _check_new(server: Server, job: str, store: Store) -> None:
    """Refuse an id that Argo has forgotten, but whose files are still there.

    Raises:
        Refused: a job of this id was done once.
    """
    from pipelines.argo.answers import NoSuchJob
    from steps.storage.jobs import MANIFEST

    if store.head(MANIFEST) is None:
        return
    try:
        server.get(job)
    except NoSuchJob:
        raise Refused(
            f"the job {job} is done already: see clipmill results {job}, or choose another --job-id"
        ) from None


def _upload(path: Path, store: str) -> str:
    """Put a local source into the bucket, once for each content; returns its URI."""
    from steps.contract.digest import file_sha256
    from steps.storage import open_store

    bucket = open_store(store)
    key = f"sources/{file_sha256(path)[:16]}/{path.name}"
    if bucket.head(key) is None:
        bucket.put_file(path, key)
    return f"{store}/{key}"


COMMAND = Command("submit", "Clip a video on a cluster.", _add_options, _run)
