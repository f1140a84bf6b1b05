"""clipmill run: the whole pipeline on this machine."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.command import Command, Done, Options, Stopped
from pipelines.dag import Dag, clips_dag
from pipelines.job import add_job_options, check_id, job_of
from steps.contract.errors import BadInput, UnsupportedMedia

if TYPE_CHECKING:
    from pipelines.local.events import Listener
    from pipelines.local.executor import TaskFailed


def add_execution_options(parser: argparse.ArgumentParser) -> None:
    """Declare where a job goes and what is said of it."""
    parser.add_argument(
        "--out", metavar="URI", default="jobs", help="folder or s3:// prefix [default: jobs]"
    )
    parser.add_argument(
        "--cache", metavar="URI", default="", help="finished steps [default: the user's cache]"
    )
    parser.add_argument("--no-cache", action="store_true", help="reuse nothing, keep nothing")
    parser.add_argument(
        "--workers", metavar="N", type=int, default=os.cpu_count() or 1,
        help="steps at once [default: as many as there are cores]",
    )  # fmt: skip
    volume = parser.add_mutually_exclusive_group()
    volume.add_argument("--json", action="store_true", help="print one JSON object at the end")
    volume.add_argument("--quiet", action="store_true", help="print nothing but errors")
    volume.add_argument("--verbose", action="store_true", help="show the steps' logs")


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_job_options(parser, clips_dag())
    add_execution_options(parser)


def _run(options: Options) -> int:
    from pipelines.cli import report

    started = time.monotonic()
    done = execute(clips_dag(), options)
    if options.json:
        sys.stdout.write(report.as_json(done) + "\n")
    elif not options.quiet:
        report.show(done, time.monotonic() - started)
    return 0


def execute(dag: Dag, options: Options) -> Done:
    """Walk a Dag in its job's folder, with progress as the options ask, and deliver what it made.

    Raises:
        Stopped: a task failed for good; the hints say how to go on.
        StepError: an option is bad, or a place cannot be used; nothing was started.
    """
    from pipelines.local.claim import claimed
    from pipelines.local.delivery import (
        bound_cache,
        deliver,
        take_back_manifest,
        work_folder,
        write_run,
    )
    from pipelines.local.executor import Settings, TaskFailed, run_dag

    job = job_of(options, dag)
    cache = "" if options.no_cache else _cache(options)
    folder = work_folder(options.out, check_id(job.id))
    with claimed(folder) as claim:
        take_back_manifest(folder)
        settings = Settings(
            folder, job.id, cache, max(1, options.workers), options.verbose, claim=claim
        )
        try:
            with _listener(options) as listener:
                run_dag(dag, job.values, settings, listener)
        except (TaskFailed, KeyboardInterrupt) as stop:
            with suppress(OSError):
                write_run(folder, job.id)
            if isinstance(stop, TaskFailed):
                first = stop.instance == dag.tasks[0].name
                raise Stopped(str(stop), stop.exit_code, _hints(stop, folder, first)) from stop
            raise
        run = write_run(folder, job.id)
        where = deliver(dag, folder, job.id, options.out)
        bound_cache(cache)
        return Done(job.id, folder, where, run)


def _cache(options: Options) -> str:
    from pipelines.local.delivery import default_cache, usable_cache

    found = usable_cache(options.cache)
    if found is None:
        sys.stderr.write(f"warning: {default_cache()} cannot be written: nothing is reused\n")
    return found or ""


def _listener(options: Options) -> AbstractContextManager[Listener]:
    from pipelines.cli.bars import Bars, Lines
    from pipelines.local.events import Listener

    if options.quiet or options.json:
        return nullcontext(Listener())
    if options.verbose or not sys.stderr.isatty():
        return nullcontext(Lines())
    return Bars()


def _hints(failed: TaskFailed, folder: Path, first: bool) -> tuple[str, ...]:
    """Where the details are, unless the fault is the input's; how to go on, if work was done."""
    log = folder / "logs" / f"{failed.instance}.log"
    explained = failed.exit_code in (BadInput.exit_code, UnsupportedMedia.exit_code)
    hints = () if explained or not log.is_file() else (f"details: {log}",)
    again = shlex.join(["clipmill", *sys.argv[1:]])
    return hints if first else (*hints, f"once that is mended, go on with: {again}")


COMMAND = Command("run", "Clip a video on this machine.", add_options=_add_options, run=_run)
