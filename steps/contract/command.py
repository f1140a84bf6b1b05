"""The door of every step: argv in, outputs and a receipt out, an exit code back."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import structlog

from steps.contract import logs
from steps.contract.cache import recorded_params
from steps.contract.context import Context
from steps.contract.errors import (
    INTERRUPTED_EXIT_CODE,
    StepError,
    from_os_error,
    host_fault,
    one_line,
)
from steps.contract.folders import (
    checked_outputs,
    forget_earlier,
    replace_outputs,
    staging,
    take_back,
)
from steps.contract.gpu import GpuUse, watched_gpu
from steps.contract.identity import CacheOpener, FileFetcher, identify
from steps.contract.params import Params
from steps.contract.parser import Invocation, parse
from steps.contract.receipt import (
    Failure,
    Receipt,
    receipt_path,
    record_path,
)
from steps.contract.records import process_cpu_s, record_of, write_quietly
from steps.contract.references import load
from steps.contract.step import Step

P = TypeVar("P", bound=Params)

REASON_VARIABLE = "CLIPMILL_REASON_FILE"
"""Names a file for the one line of a failure; in a pod, its termination message."""

_SECOND_BRACE = re.compile(r"(?<=\{)\{")


def main(
    step: Step[Any],
    argv: list[str],
    open_cache: CacheOpener,
    fetch_file: FileFetcher | None = None,
) -> int:
    """Run a step from its command line and return the exit code; never raises.

    A failed task leaves a receipt with the reason. Params that do not name a task leave none.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    started = time.monotonic()
    began = datetime.now(UTC)
    logs.configure(step=step.name)
    task, invocation, hit = "", None, False
    gpu = GpuUse()
    try:
        invocation = parse(step, argv)
        if invocation.check:
            return _check(step, invocation.values)
        params = step.params.parse(invocation.values)
        task = step.task_name(params)
        structlog.contextvars.bind_contextvars(job=invocation.job, task=task)
        with watched_gpu() as gpu:
            hit = execute(step, params, invocation, open_cache, fetch_file)
        code = 0
    except SystemExit as exited:  # argparse's --help
        return int(exited.code or 0)
    except KeyboardInterrupt:
        structlog.get_logger().error("interrupted")
        return INTERRUPTED_EXIT_CODE
    except Exception as error:  # the one door: every failure becomes a line and an exit code
        code = _report(error, step, task, invocation)
    if invocation is not None and task:
        seconds = time.monotonic() - started
        _write_record(invocation, task, began, seconds, hit, code, gpu)
    return code


def execute(
    step: Step[P],
    params: P,
    invocation: Invocation,
    open_cache: CacheOpener,
    fetch_file: FileFetcher | None = None,
) -> bool:
    """Do the work, or take it from the cache; returns whether it was a hit.

    Outputs are made in a staging folder, checked, then renamed into place; the receipt is last.
    """
    root = invocation.outputs
    root.mkdir(parents=True, exist_ok=True)
    task, clip = step.task_name(params), getattr(params, "clip", None)
    earlier = take_back(root, task)
    log = structlog.get_logger()
    with staging(root, task) as (outputs, scratch):
        keyed = bool(invocation.cache)
        run = identify(step, params, invocation.inputs, outputs, fetch_file, keyed=keyed)
        cache = open_cache(invocation.cache) if run.key else None
        receipt = cache.fetch(run.key, outputs) if cache else None
        hit = receipt is not None
        if receipt is None:
            context = Context(step, params, invocation.inputs, outputs, scratch, log=log)
            load(step.work)(context)
            used = context.needs()
            receipt = Receipt(
                task=task,
                step=step.name,
                version=step.version,
                params=recorded_params(step, params, run.needs, run.files),
                inputs=run.inputs,
                outputs=tuple(checked_outputs(step, outputs, clip)),
                models=tuple(context.used[name] for name in sorted(context.used)),
                engines=tuple(context.engines[name] for name in sorted(context.engines)),
                packages=used.package_versions(),
                kernels=used.kernel_classes(),
                degradations=tuple(context.degradations),
            )
            if cache and not context.fell_back:
                cache.store(run.key, receipt, outputs)
        # On disk before any output is in place: a full disk must not leave outputs without it.
        held, place = scratch.parent / "receipt.json", root / receipt_path(task)
        held.write_bytes(receipt.canonical_bytes())
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_outputs(step, receipt, outputs, root, clip, earlier)
        held.replace(place)
        forget_earlier(root, task)
    log.info("done", cache="hit" if hit else "miss" if cache else "off")
    return hit


def _report(error: Exception, step: Step[Any], task: str, invocation: Invocation | None) -> int:
    log = structlog.get_logger()
    known = host_fault(error) or (from_os_error(error) if isinstance(error, OSError) else error)
    if isinstance(known, StepError):
        message = one_line(str(known))
        log.error("failed", error=type(known).__name__, message=message)
    else:
        message = one_line(f"a bug in {step.name}: {type(known).__name__}: {known}")
        log.error("failed", error="Bug", message=message, exc_info=error)
    code = known.exit_code if isinstance(known, StepError) else 1
    if os.environ.get(REASON_VARIABLE):
        _write_reason(Path(os.environ[REASON_VARIABLE]), message)
    if invocation is not None and task:
        said = _without_places(message, invocation)
        failure = Failure(exit_code=code, error=type(known).__name__, message=said)
        receipt = Receipt(
            task=task,
            step=step.name,
            version=step.version,
            params={},
            inputs=(),
            outputs=(),
            failure=failure,
        )
        write_quietly(invocation.outputs / receipt_path(task), receipt.canonical_bytes())
    return code


def _without_places(message: str, invocation: Invocation) -> str:
    """The message with job-relative paths: receipts are the same wherever a job runs."""
    for folder in (invocation.outputs, invocation.inputs):
        for place in (folder, folder.absolute()):
            if place.name:
                message = message.replace(f"{place}/", "")
    return message


def _write_record(
    invocation: Invocation,
    task: str,
    began: datetime,
    seconds: float,
    hit: bool,
    code: int,
    gpu: GpuUse,
) -> None:
    record = record_of(
        task,
        began=began,
        wall_s=seconds,
        cpu_s=process_cpu_s(),
        attempt=invocation.attempt,
        hit=hit,
        code=code,
        gpu=gpu,
    )
    write_quietly(invocation.outputs / record_path(task), record.canonical_bytes())


def _write_reason(path: Path, message: str) -> None:
    """Write in place: a pod's termination message is a file that is there already.

    Argo fills in the template tags of that message when the job has ended, whoever wrote them, and
    its quoting cannot make JSON of characters that are not printable. The receipt keeps the tags.
    """
    tagless = _SECOND_BRACE.sub(" {", message)
    printable = "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in tagless
    )
    with suppress(OSError):
        path.write_text(printable, encoding="utf-8")


def _check(step: Step[Any], values: Mapping[str, str]) -> int:
    """Prove that the code and the weights of the chosen engines are here."""
    params = step.params.model_construct(**values)
    needs = step.needs(params)
    for reference in (step.work, *(engine.load for engine in needs.engines.values())):
        load(reference)
    for weights in needs.weights:
        weights.locate()
    structlog.get_logger().info(
        "ready",
        engines={name: engine.name for name, engine in needs.engines.items()},
        weights=[item.name for item in needs.weights],
    )
    return 0


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
