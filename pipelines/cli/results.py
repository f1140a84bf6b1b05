"""clipmill results: addresses of a finished job's files."""

from __future__ import annotations

import argparse
import json
import os
import sys
from urllib.parse import quote

from pipelines.cli.argo_options import add_store_options, job_prefix, job_store
from pipelines.cli.command import Command, Options
from steps.contract.errors import BadInput

CDN_VARIABLE = "CLIPMILL_CDN_URL"
LONGEST_S = 7 * 24 * 3600
"""S3 signs for seven days at most."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="the job's id")
    add_store_options(parser)
    parser.add_argument(
        "--expires", metavar="S", type=int, default=3600, help="of signed URLs [default: 3600]"
    )
    parser.add_argument(
        "--cdn", metavar="URL", default="", help=f"public address of the bucket [${CDN_VARIABLE}]"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    from steps.storage.jobs import read_manifest

    if not 1 <= options.expires <= LONGEST_S:
        raise BadInput(f"--expires: 1 to {LONGEST_S} seconds")
    store = job_store(options, options.job)
    manifest = read_manifest(store)
    if manifest is None:
        raise BadInput(f"{store.uri} has no manifest: the job is not done, see clipmill status")
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


COMMAND = Command("results", "Print addresses of a finished job's files.", _add_options, _run)
