"""clipmill report: the page of a job, with the time, memory and price of its run."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from functools import partial

from pipelines.cli.command import Command, Options
from pipelines.prices import add_price_options, prices_of
from steps.contract.errors import BadInput

RUN_REPORT = "report-run.html"
"""Not `report.html`, which the manifest lists by its digest and every machine makes alike."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="folder or s3:// prefix of the job")
    add_price_options(parser)
    parser.add_argument("--open", action="store_true", help="show the page in the browser")


def _run(options: Options) -> int:
    from steps.model import artifacts
    from steps.model.run import Run
    from steps.publish.documents import read_documents
    from steps.publish.page import page
    from steps.storage.jobs import finished_job
    from steps.storage.store import bytes_if_any

    prices = prices_of(options)
    price = prices.of if prices.known else None
    store, manifest = finished_job(options.job)

    read = partial(bytes_if_any, store)
    record = read(artifacts.RUN.path)
    run = Run.from_bytes(record, artifacts.RUN.path) if record else None
    store.write_bytes(RUN_REPORT, page(read_documents(read), manifest, run, price))
    where = f"{options.job.rstrip('/')}/{RUN_REPORT}"
    sys.stdout.write(f"{where}\n")
    if options.open:
        if not store.uri.startswith("file:"):
            raise BadInput(f"--open: {where} is not on this machine: use its signed address")
        webbrowser.open(f"{store.uri}/{RUN_REPORT}")
    return 0


COMMAND = Command("report", "Make a page of a job, with what its run took.", _add_options, _run)
