"""clipmill results: the addresses of a finished job's files."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipelines.cli.argo_options import (
    add_server_options,
    add_store_options,
    has_server,
    job_prefix,
    job_store,
    server_of,
)
from pipelines.cli.command import Command, Options
from pipelines.cli.jobs import one_line_of
from steps.contract.errors import BadInput, Transient

if TYPE_CHECKING:
    from pipelines.argo.server import Server
    from steps.storage import Store

CDN_VARIABLE = "CLIPMILL_CDN_URL"
LONGEST_S = 7 * 24 * 3600
"""S3 signs for seven days at most."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    add_store_options(parser)
    add_server_options(parser)
    parser.add_argument(
        "--expires",
        metavar="S",
        type=int,
        default=3600,
        help="seconds that a signed URL works [default: 3600]",
    )
    parser.add_argument(
        "--cdn", metavar="URL", default="", help=f"public address of the bucket [${CDN_VARIABLE}]"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    from steps.storage.jobs import read_manifest

    if not 1 <= options.expires <= LONGEST_S:
        raise BadInput(
            f"--expires {options.expires} is out of bounds: give 1 to {LONGEST_S} seconds"
        )
    store = job_store(options, options.job)
    manifest = read_manifest(store)
    if manifest is None:
        raise BadInput(
            f"{store.uri} has no manifest: the job is not done, see clipmill status {options.job}"
        )
    if has_server(options):
        _check_latest(server_of(options), options.job, store)
    cdn = (options.cdn or os.environ.get(CDN_VARIABLE, "")).rstrip("/")

    def address(path: str) -> str:
        if cdn:
            return f"{cdn}/{quote(f'{job_prefix(options, options.job)}/{path}')}"
        return store.signed_url(path, options.expires)

    clips = [
        {"id": clip.id, "title": clip.title, "files": {path: address(path) for path in clip.files}}
        for clip in manifest.clips
    ]
    report = {
        "job": options.job,
        "outcome": manifest.outcome,
        "reason": manifest.reason,
        "clips": clips,
        "missing": [{"id": item.id, "why": item.failure.message} for item in manifest.missing],
        "manifest": address("manifest.json"),
    }
    if options.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return 0
    for clip in manifest.clips:
        sys.stdout.write(f"{clip.id} {clip.title}\n")
        for path in clip.files:
            sys.stdout.write(f"  {address(path)}\n")
    if manifest.reason:
        sys.stdout.write(f"{manifest.reason}\n")
    return 0


def _check_latest(server: Server, job: str, store: Store) -> None:
    """Refuse a manifest of an earlier job, when another job of the same id runs or failed since.

    Raises:
        BadInput: the manifest is older than the job.
    """
    from pipelines.argo.errors import NoSuchJob
    from pipelines.argo.state import job_state
    from steps.storage.jobs import MANIFEST

    try:
        state = job_state(server.get(job))
    except NoSuchJob:
        return
    except Transient as error:  # the bucket can be read all the same
        sys.stderr.write(f"warning: cannot tell whether {job} runs again: {error}\n")
        return
    if state.state == "SUCCEEDED":
        return
    entry = store.head(MANIFEST)
    if entry and entry.modified_ms >= _ms(state.started):
        return
    raise BadInput(
        f"{job} is {one_line_of(state)}: {store.uri} holds the results of an earlier run"
    )


def _ms(moment: str) -> float:
    """RFC 3339 as milliseconds since 1970; infinite for a job that has not begun."""
    return datetime.fromisoformat(moment).timestamp() * 1000 if moment else math.inf


COMMAND = Command("results", "Print the addresses of a finished job's files.", _add_options, _run)
