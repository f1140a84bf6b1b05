"""The door of every step: argv in, outputs and a receipt out, an exit code back."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import structlog

from steps.contract import logs
from steps.contract.cache import (
    Cache,
    cache_key,
    recorded_params,
)
from steps.contract.context import Context
from steps.contract.errors import (
    INTERRUPTED_EXIT_CODE,
    BadInput,
    StepError,
    from_os_error,
    host_fault,
    one_line,
)
from steps.contract.folders import (
    checked_outputs,
    fingerprints,
    replace_outputs,
    staging,
    take_back,
    write_atomically,
)
from steps.contract.gpu import GpuUse, watched_gpu
from steps.contract.params import Params, flag
from steps.contract.parser import Invocation, parse
from steps.contract.receipt import (
    Failure,
    Receipt,
    RunRecord,
    file_sha256,
    receipt_path,
    record_path,
)
from steps.contract.references import load
from steps.contract.step import Step

CacheOpener = Callable[[str], Cache]
FileFetcher = Callable[[str, Path], None]
"""Copies the file that a path or a URI names to a path."""
P = TypeVar("P", bound=Params)

IMAGE_VARIABLE = "CLIPMILL_IMAGE"
"""The image of the container; the chart sets it."""

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
    inputs = fingerprints(step.reads, invocation.inputs, clip)
    mark = load(step.fingerprint)(params) if step.fingerprint and invocation.cache else ""
    cache = open_cache(invocation.cache) if invocation.cache and mark is not None else None
    needs = step.needs(params)
    log = structlog.get_logger()
    with staging(root, task) as (outputs, scratch):
        files = _fetch_files(params, outputs, fetch_file)
        key = cache_key(step, params, inputs, mark, needs, files) if cache else ""
        receipt = cache.fetch(key, outputs) if cache else None
        hit = receipt is not None
        if receipt is None:
            context = Context(step, params, invocation.inputs, outputs, scratch, log=log)
            load(step.work)(context)
            used = context.needs()
            receipt = Receipt(
                task=task,
                step=step.name,
                version=step.version,
                params=recorded_params(step, params, needs, files),
                inputs=tuple(inputs),
                outputs=tuple(checked_outputs(step, outputs, clip)),
                models=tuple(context.used[name] for name in sorted(context.used)),
                engines=tuple(context.engines[name] for name in sorted(context.engines)),
                packages=used.package_versions(),
                kernels=used.kernel_classes(),
                degradations=tuple(context.degradations),
            )
            if cache and not context.fell_back:
                cache.store(key, receipt, outputs)
        # On disk before any output is in place: a full disk must not leave outputs without it.
        held, place = scratch.parent / "receipt.json", root / receipt_path(task)
        held.write_bytes(receipt.canonical_bytes())
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_outputs(step, receipt, outputs, root, clip, earlier)
        held.replace(place)
    log.info("done", cache="hit" if hit else "miss" if cache else "off")
    return hit


def _fetch_files(params: Params, outputs: Path, fetch: FileFetcher | None) -> dict[str, str]:
    """Copy the files that params name to the outputs; returns the SHA-256 of each, by param."""
    digests = {}
    for name, mark in params.file_params().items():
        text = str(getattr(params, name))
        if not mark.is_place(text):
            continue
        if fetch is None:
            raise StepError(f"{flag(name)} names a file, and nothing here can fetch one")
        path = outputs / mark.port.path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            fetch(text, path)
        except BadInput as error:
            raise BadInput(f"{flag(name)}: {error}") from error
        digests[name] = file_sha256(path)
    return digests


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
        _write_quietly(invocation.outputs / receipt_path(task), receipt.canonical_bytes())
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
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    unit = 1 if sys.platform == "darwin" else 1024
    record = RunRecord(
        task=task,
        started=began.isoformat(timespec="milliseconds"),
        wall_ms=round(seconds * 1000),
        cpu_ms=round(1000 * sum(use.ru_utime + use.ru_stime for use in (own, children))),
        peak_memory_bytes=max(own.ru_maxrss, children.ru_maxrss) * unit,
        host=os.environ.get("NODE_NAME") or socket.gethostname(),
        image=os.environ.get(IMAGE_VARIABLE, ""),
        gpu=gpu.name,
        peak_gpu_memory_bytes=gpu.peak_memory_bytes,
        attempt=invocation.attempt,
        cache_hit=hit,
        exit_code=code,
    )
    _write_quietly(invocation.outputs / record_path(task), record.canonical_bytes())


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


def _write_quietly(path: Path, data: bytes) -> None:
    """Write a file that only informs; a full or read-only disk was reported already."""
    try:
        write_atomically(path, data)
    except OSError as error:
        structlog.get_logger().warning("not written", path=str(path), reason=error.strerror)


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
