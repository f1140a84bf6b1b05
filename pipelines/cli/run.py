"""Jobs on this machine: clipmill run walks the whole pipeline, clipmill detect a part of it."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.command import Command, Done, Options, Stopped
from pipelines.dag import Dag, clips_dag, detect_dag
from pipelines.job import Job, add_job_options, check_id, job_of
from pipelines.prices import Prices, add_price_options, prices_of
from steps.contract.cores import usable_cores
from steps.contract.errors import BadInput, StepError, UnsupportedMedia

if TYPE_CHECKING:
    from pipelines.local.executor import Listener, TaskFailed

EXAMPLES = """\
examples:
  clipmill run talk.mp4
  clipmill run https://example.com/talk.mp4 --clips 5 --lengths short --style clean
  clipmill run talk.mp4 --at 1:30-2:00,5:00-5:45 --no-captions --out s3://bucket/jobs
"""


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    add_job_options(parser, clips_dag(), _add_execution_options)
    parser.epilog = EXAMPLES


def _add_detect_options(parser: argparse.ArgumentParser) -> None:
    add_job_options(parser, detect_dag(), _add_execution_options)


def _add_execution_options(parser: argparse.ArgumentParser) -> None:
    job = parser.add_argument_group("this job")
    job.add_argument("--job-id", metavar="ID", default="", help="[default: from the source]")
    job.add_argument(
        "--out", metavar="URI", default="jobs", help="folder or s3:// prefix [default: jobs]"
    )
    job.add_argument(
        "--cache", metavar="URI", default="",
        help="folder or s3:// prefix of finished steps [default: the user's cache]",
    )  # fmt: skip
    job.add_argument("--no-cache", action="store_true", help="reuse nothing and keep nothing")
    job.add_argument(
        "--workers", metavar="N", type=int, default=usable_cores(),
        help="how many steps run at once, if the memory is enough [default: the number of cores]",
    )  # fmt: skip
    job.add_argument(
        "--dry-run", action="store_true",
        help="show the steps, their engines, missing models, and what it will take; start nothing",
    )  # fmt: skip
    add_price_options(job, " (with --dry-run)")
    volume = job.add_mutually_exclusive_group()
    volume.add_argument("--json", action="store_true", help="print one JSON object at the end")
    volume.add_argument("--quiet", action="store_true", help="print errors and missing clips only")
    volume.add_argument("--verbose", action="store_true", help="show the steps' logs")


def _run(options: Options) -> int:
    from pipelines.cli import report

    if options.dry_run:
        return _plan(clips_dag(), options)
    started = time.monotonic()
    done = _execute(clips_dag(), options)
    if options.json:
        sys.stdout.write(report.as_json(done) + "\n")
    elif options.quiet:
        report.show_missing(done)
    else:
        report.show(done, time.monotonic() - started)
    return 0


def _detect(options: Options) -> int:
    from steps.model import artifacts
    from steps.model.tracks import Tracks

    if options.dry_run:
        return _plan(detect_dag(), options)
    done = _execute(detect_dag(), options)
    tracks = Tracks.from_file(done.folder / artifacts.TRACKS.path)
    shots = [shot for clip in tracks.clips for shot in clip.shots]
    subjects = Counter(track.subject for shot in shots for track in shot.tracks)
    poses = sum(len(shot.poses) for shot in shots)
    where = f"{done.where}/{artifacts.TRACKS.path}"
    if options.json:
        report = {"job": done.job, "tracks": where, "shots": len(shots)}
        report |= {"faces": subjects["face"], "persons": subjects["person"], "poses": poses}
        sys.stdout.write(json.dumps(report) + "\n")
    elif not options.quiet:
        seen = f"{subjects['face']} faces, {subjects['person']} persons, {poses} poses"
        sys.stdout.write(f"{len(shots)} shots, {seen}: {where}\n")
    return 0


def _plan(dag: Dag, options: Options) -> int:
    """Show what a job would do and take."""
    from pipelines.cli.plan import plan_of, show

    prices = prices_of(options)
    job = job_of(options, dag)
    check_id(job.id)
    show(plan_of(dag, job, prices), prices, as_json=options.json)
    return 0


def _execute(dag: Dag, options: Options) -> Done:
    """Walk a Dag in its job's folder, show progress, and deliver the result.

    Raises:
        Stopped: a task failed for good; the hints say how to go on.
        StepError: an option is bad or a place cannot be used; nothing was started.
    """
    from pipelines.environments.choice import places_of
    from pipelines.local.delivery import bound_cache, deliver, work_folder
    from pipelines.local.executor import Settings, TaskFailed, run_dag
    from pipelines.local.folder import bring_back, forget_aside, locked, set_aside, write_run
    from pipelines.local.memory import total_bytes

    job = job_of(options, dag)
    places = places_of(dag, job.values)
    cache = "" if options.no_cache else _cache(options)
    folder = work_folder(options.out, check_id(job.id))
    with locked(folder) as lock:
        set_aside(folder)
        settings = Settings(
            folder,
            job.id,
            cache,
            max(1, options.workers),
            options.verbose,
            places=places,
            lock=lock,
            memory_mib=(total_bytes() or 0) >> 20,
        )
        try:
            with _listener(dag, job, options) as listener:
                run_dag(dag, job.values, settings, listener)
        except (TaskFailed, KeyboardInterrupt) as stop:
            kept = False
            with suppress(OSError):
                kept = bring_back(folder)
                if not kept:
                    write_run(folder, job.id)
            if isinstance(stop, TaskFailed):
                hints = _hints(stop, folder, stop.name == dag.tasks[0].name)
                remark = (f"the finished job in {folder} is as it was",) if kept else ()
                raise Stopped(str(stop), stop.exit_code, (*hints, *remark)) from stop
            raise
        forget_aside(folder)
        run = write_run(folder, job.id)
        where = deliver(dag, folder, job.id, options.out)
        bound_cache(cache)
        return Done(job.id, folder, where, run)


def _cache(options: Options) -> str:
    from pipelines.local.delivery import default_cache, usable_cache

    found = usable_cache(options.cache)
    if found is None:
        sys.stderr.write(f"warning: cannot write to {default_cache()}: nothing is reused\n")
    return found or ""


def _listener(dag: Dag, job: Job, options: Options) -> AbstractContextManager[Listener]:
    from pipelines.cli.progress import Bars, Lines
    from pipelines.local.executor import Listener

    if options.quiet or options.json:
        return nullcontext(Listener())
    if options.verbose or not sys.stderr.isatty():
        return nullcontext(Lines())
    return Bars(_costs(dag, job))


def _costs(dag: Dag, job: Job) -> dict[str, float]:
    """The expected processor seconds of one run of each task; none where nobody can know."""
    from pipelines.cli.plan import estimate_of

    try:
        steps = estimate_of(dag, job, Prices()).steps
    except StepError:  # the job itself says what is wrong with its source
        return {}
    return {one.step: one.cpu_s / one.runs for one in steps}


def _hints(failed: TaskFailed, folder: Path, first: bool) -> tuple[str, ...]:
    """The log, unless the fault is the input's; and the command to go on, if work was done."""
    log = folder / "logs" / f"{failed.name}.log"
    explained = failed.exit_code in (BadInput.exit_code, UnsupportedMedia.exit_code)
    hints = () if explained or not log.is_file() else (f"details: {log}",)
    again = shlex.join(["clipmill", *sys.argv[1:]])
    return hints if first else (*hints, f"to go on once that is fixed: {again}")


COMMANDS = (
    Command("run", "Clip a video on this machine.", _add_run_options, _run),
    Command(
        "detect",
        "Find shots, faces, persons, poses and the speaker, without making clips.",
        _add_detect_options,
        _detect,
    ),
)
