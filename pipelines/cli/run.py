"""clipmill run: the whole pipeline on this machine."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from pipelines.cli.command import Command, Options
from pipelines.dag import Dag, clips_dag
from pipelines.job import Job, add_job_options, check_id, is_remote, job_of
from steps.contract.errors import StepError


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
    from pipelines.local.delivery import deliver

    dag = clips_dag()
    job = job_of(options, dag)
    started = time.monotonic()
    folder = execute(dag, job, options)
    run, where = deliver(folder, check_id(job.id), options.out)
    if options.json:
        sys.stdout.write(report.as_json(job.id, folder, where, run) + "\n")
    elif not options.quiet:
        report.show(folder, where, time.monotonic() - started)
    return 0


def execute(dag: Dag, job: Job, options: Options) -> Path:
    """Walk a Dag in the job's folder, with progress as the options ask; returns the folder."""
    from pipelines.local.delivery import default_cache, work_folder
    from pipelines.local.executor import Settings, TaskFailed, run_dag

    folder = work_folder(options.out, check_id(job.id))
    settings = Settings(
        folder=folder,
        job=job.id,
        cache="" if options.no_cache else options.cache or default_cache(),
        workers=max(1, options.workers),
        show_logs=options.verbose,
    )
    from pipelines.cli.bars import Bars, Lines, Silence

    said: AbstractContextManager[Bars | Lines | Silence]
    if options.quiet or options.json:
        said = nullcontext(Silence())
    elif options.verbose or not sys.stderr.isatty():
        said = nullcontext(Lines())
    else:
        said = Bars()
    try:
        with said as listener:
            run_dag(dag, job.values, settings, listener)
    except TaskFailed as failed:
        raise _explained(failed.instance, failed, folder) from failed
    return folder


def _explained(instance: str, failed: StepError, folder: Path) -> StepError:
    """The failure with the log to read and the command that goes on, under the same code."""
    log = folder / "logs" / f"{instance}.log"
    again = shlex.join(["clipmill", *sys.argv[1:]])
    error = StepError(f"{failed} (log: {log}; to go on from there: {again})")
    error.exit_code = failed.exit_code  # type: ignore[misc]  # of this one failure
    return error


COMMAND = Command("run", "Clip a video on this machine.", add_options=_add_options, run=_run)

__all__ = ["COMMAND", "add_execution_options", "execute", "is_remote"]
