"""The work of notify: run.json, and the event. A failed delivery is logged and fails nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from steps.contract import Context
from steps.contract.errors import BrokenContract, StepError
from steps.contract.ports import D, Port
from steps.contract.receipt import Receipt, RunRecord
from steps.model import artifacts
from steps.model.manifest import Manifest
from steps.model.run import merge_records
from steps.notify import NotifyParams
from steps.notify.delivery import Courier
from steps.notify.event import JobEnd, JobEvent, event_type
from steps.notify.outcome import job_end, mark_of, parse_failures
from steps.notify.signing import parse_secrets

SECRET_VARIABLE = "CLIPMILL_WEBHOOK_SECRET"


def run(context: Context[NotifyParams]) -> None:
    """Merge the run records and report the end of the job."""
    params = context.params
    records = documents(context, artifacts.RECORDS, RunRecord)
    context.write(artifacts.RUN, merge_records(params.job_id, "argo", records))
    failures = parse_failures(params.failures)
    end = job_end(
        job=params.job_id,
        owner=params.owner,
        prefix=params.prefix,
        status=params.status,
        failures=failures,
        manifest=_manifest(context),
        receipts=documents(context, artifacts.RECEIPTS, Receipt),
    )
    context.log.info(
        "ended",
        outcome=end.outcome,
        reason=end.reason,
        clips=len(end.clips),
        failures=[failure.task for failure in end.failures],
    )
    if params.callback:
        _tell(context, end, mark_of(params.job_id, params.uid, failures))


def fingerprint(_params: NotifyParams) -> None:
    """Return None: an event is sent again, never taken from a cache."""


def documents(context: Context[NotifyParams], port: Port, kind: type[D]) -> Iterator[D]:
    """The readable documents of a folder; unreadable ones are logged and left out."""
    for path in port.files(context.inputs):
        try:
            yield kind.from_file(context.inputs / path)
        except BrokenContract as error:
            context.log.warning("left out", reason=str(error))


def _manifest(context: Context[NotifyParams]) -> Manifest | None:
    try:
        return context.read(artifacts.MANIFEST) if context.has(artifacts.MANIFEST) else None
    except BrokenContract as error:
        context.log.warning("left out", reason=str(error))
        return None


def _tell(context: Context[NotifyParams], end: JobEnd, mark: str) -> None:
    event = JobEvent(
        type=event_type(end),
        timestamp=datetime.now(UTC).isoformat(timespec="seconds"),
        data=end,
        mark=mark,
    )
    try:
        keys = parse_secrets(os.environ.get(SECRET_VARIABLE, ""))
        if not keys:
            context.log.warning(
                "not told",
                reason=f"{SECRET_VARIABLE} is not set, and unsigned events are not sent: set it",
            )
            return
        tries = Courier(keys).deliver(event, context.params.callback)
    except StepError as error:
        context.log.error("not told", id=event.message_id(), reason=str(error))
    except Exception as error:  # Argo would fail a job that is done
        context.log.error("not told", id=event.message_id(), reason="a bug", exc_info=error)
    else:
        context.log.info("told", id=event.message_id(), tries=tries)
