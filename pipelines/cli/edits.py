"""clipmill edits: the edit lists of a job again, with the source where an editor will find it."""

from __future__ import annotations

import argparse
import re
import sys
from functools import partial

from pipelines.cli.command import Command, Options
from steps.contract.errors import BadInput

FOLDER = "edits"
"""Inside the job: the lists beside `report.html` are in the manifest, and stay as they are."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="folder or s3:// prefix of the job")
    parser.add_argument(
        "--media",
        metavar="ADDRESS",
        default="",
        help="file://, s3:// or https:// address of the source [default: source.mkv of the job]",
    )


def _run(options: Options) -> int:
    from steps.model import artifacts
    from steps.publish.documents import read_documents
    from steps.publish.interchange import edit_files
    from steps.storage.jobs import finished_job
    from steps.storage.store import bytes_if_any

    media = options.media
    if media and not re.fullmatch(r"(file|s3|https?)://[!-~]+", media):
        raise BadInput(f"--media: {media!r} is not an address: write file:///FOLDER/source.mov")
    store, manifest = finished_job(options.job)
    documents = read_documents(partial(bytes_if_any, store))

    where = options.job.rstrip("/")
    media = media or f"{store.uri}/{artifacts.SOURCE.path}"
    for port, data in edit_files(documents, manifest, media).items():
        store.write_bytes(f"{FOLDER}/{port.path}", data)
        sys.stdout.write(f"{where}/{FOLDER}/{port.path}\n")
    return 0


COMMAND = Command(
    "edits", "Write a job's edit lists with the full address of its source.", _add_options, _run
)
