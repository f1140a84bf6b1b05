"""clipmill upload-url: a signed address to which a browser can send a source."""

from __future__ import annotations

import argparse
import json
import re
import secrets
import sys

from pipelines.cli.argo_options import add_store_options, store_uri
from pipelines.cli.command import Command, Options
from steps.contract.errors import BadInput
from steps.storage.locator import safe_name

MEDIA_TYPE = re.compile(r"(video|audio)/[a-z0-9][a-z0-9.+-]{0,63}")
LARGEST_BYTES = 5 * 1024**3
"""S3 takes no more in one request."""
FOLDER = "uploads"


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the file's name, as the user calls it")
    parser.add_argument(
        "--size",
        metavar="BYTES",
        type=int,
        required=True,
        help="the file's size; no other is taken",
    )
    parser.add_argument(
        "--type", metavar="TYPE", default="video/mp4",
        help="the file's media type; no other is taken [default: video/mp4]",
    )  # fmt: skip
    parser.add_argument(
        "--expires", metavar="S", type=int, default=900,
        help="seconds in which the upload must begin [default: 900]",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_store_options(parser)


def _run(options: Options) -> int:
    from steps.storage.s3 import S3Store
    from steps.storage.schemes import open_store

    if not 1 <= options.size <= LARGEST_BYTES:
        raise BadInput(f"--size {options.size} is out of bounds: give 1 to {LARGEST_BYTES} bytes")
    if not MEDIA_TYPE.fullmatch(options.type):
        raise BadInput(f"--type {options.type!r} is not a media type: give one like video/mp4")
    store = open_store(store_uri(options))
    if not isinstance(store, S3Store):
        raise BadInput(f"{store.uri} is not a bucket: give --store s3://BUCKET")
    key = f"{options.prefix.strip('/') or FOLDER}/{secrets.token_hex(8)}/{safe_name(options.name)}"
    report = {
        "method": "PUT",
        "url": store.upload_url(key, options.expires, options.size, options.type),
        "headers": {"content-type": options.type, "content-length": str(options.size)},
        "source": f"{store.uri}/{key}",
    }
    if options.json:
        sys.stdout.write(json.dumps(report) + "\n")
    else:
        sys.stdout.write(f"{report['url']}\n")
        sys.stderr.write(
            f"PUT it with Content-Type: {options.type}; then submit {report['source']}\n"
        )
    return 0


COMMAND = Command("upload-url", "Sign an address for the upload of a source.", _add_options, _run)
