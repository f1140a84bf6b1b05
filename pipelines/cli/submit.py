"""clipmill submit: the same job as `run`, on a cluster's Argo."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.argo.names import CLIPS_TEMPLATE
from pipelines.cli.argo_options import (
    add_server_options,
    add_store_options,
    has_store,
    job_store,
    server_of,
    store_uri,
)
from pipelines.cli.command import Command, Options, Stopped
from pipelines.cli.jobs import follow
from pipelines.cli.plan import Plan, estimate_of, show
from pipelines.dag import clips_dag
from pipelines.job import add_job_options, check_id, job_of
from pipelines.prices import add_price_options, prices_of
from steps.contract.errors import Refused, StepError
from steps.contract.params import choices
from steps.storage.locator import parse, safe_name

if TYPE_CHECKING:
    from steps.storage import Store


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_job_options(parser, clips_dag(), _add_cluster_options)


def _add_cluster_options(parser: argparse.ArgumentParser) -> None:
    job = parser.add_argument_group("this job")
    job.add_argument("--job-id", metavar="ID", default="", help="[default: from the source]")
    add_server_options(job)
    add_store_options(job)
    job.add_argument("--owner", metavar="NAME", default="", help="who asks; a label of the job")
    job.add_argument(
        "--callback", metavar="URL", default="", help="address that is called when the job ends"
    )
    job.add_argument("--cache", metavar="URI", default="", help="s3:// prefix of finished steps")
    job.add_argument(
        "--dry-run", action="store_true",
        help="show the steps, and what the job will take by measured rates; submit nothing",
    )  # fmt: skip
    add_price_options(job, ", for the estimate")
    job.add_argument("--wait", action="store_true", help="follow the job to its end")
    job.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    dag, prices = clips_dag(), prices_of(options)
    if options.dry_run:
        job = job_of(options, dag)
        check_id(job.id)
        plan = Plan(job, estimate_of(dag, job, prices, on_cluster=True))
        show(plan, prices, as_json=options.json)
        return 0
    server = server_of(options)
    from pipelines.argo.state import job_state
    from pipelines.argo.submission import check_choices, submission, submit
    from steps.contract.urls import shown

    job = job_of(options, dag)
    place = parse(job.values["source"])
    uploads = {
        name: (path, _bucket_address(path, "inputs", options)) for name, path in job.files.items()
    }
    if place.kind == "file":
        uploads["source"] = (place.path, _bucket_address(place.path, "sources", options))
    values = {**job.values, **{name: address for name, (_, address) in uploads.items()}}
    source = values["source"]
    for name in ("callback", "cache"):
        if getattr(options, name):
            values[name] = getattr(options, name)
    if options.prefix:
        values["prefix"] = options.prefix.strip("/")
    title = f"{job.id}: {Path(shown(source).partition('?')[0]).name}"
    estimate = ""
    with suppress(StepError):  # the job itself says what is wrong with its source
        estimate = estimate_of(dag, job, prices, on_cluster=True).as_json(prices)
    wanted = submission(job.id, CLIPS_TEMPLATE, values, title, options.owner, estimate)

    def prepare() -> None:
        if has_store(options):
            _check_new(job.id, job_store(options, job.id))
        if any(choices(dag.params[name]) for name in job.values):
            check_choices(server.template(CLIPS_TEMPLATE), values)
        for path, address in uploads.values():
            _upload(path, address)

    made, created = submit(server, wanted, prepare)
    link = f"{server.url}/workflows/{server.namespace}/{job.id}"
    if not options.json:
        sys.stdout.write(
            f"{job.id} {'submitted' if created else 'was already submitted'}: {link}\n"
        )
    state = follow(server, job.id) if options.wait else job_state(made)
    report = {"job": job.id, "created": created, "link": link, **state.as_dict()}
    if state.ended and state.state != "SUCCEEDED":
        raise Stopped(
            f"{state.job} {state.state}: {state.message}",
            state.exit_code or 1,
            (f"to go on once that is fixed: clipmill retry {state.job}",),
            report,
        )
    if options.json:
        sys.stdout.write(json.dumps(report) + "\n")
    return 0


def _check_new(job: str, store: Store) -> None:
    """Refuse an id that Argo has forgotten while its files are still in the bucket.

    Raises:
        Refused: a job of this id is done.
    """
    from steps.storage.jobs import MANIFEST

    if store.head(MANIFEST) is not None:
        raise Refused(
            f"the job {job} is already done: see clipmill results {job}, or give another --job-id"
        )


def _bucket_address(path: Path, folder: str, options: Options) -> str:
    """Where a local file goes in the bucket: a place for each content.

    White space at the end of an address does not count, so no name keeps it.
    """
    from pipelines.argo.submission import is_carried
    from steps.contract.receipt import file_sha256
    from steps.storage.store import is_safe

    name = path.name
    if name != name.strip() or not (is_carried(name) and is_safe(name)):
        name = safe_name(name)
    return f"{store_uri(options)}/{folder}/{file_sha256(path)[:16]}/{name}"


def _upload(path: Path, address: str) -> None:
    """Put a local file into the bucket, unless it is there."""
    from steps.storage import locate

    bucket, key = locate(address)
    if bucket.head(key) is None:
        bucket.put_file(path, key)


COMMAND = Command("submit", "Clip a video on a cluster.", _add_options, _run)
