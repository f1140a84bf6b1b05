"""clipmill explain: which passages became clips, which did not, their scores, and why."""

from __future__ import annotations

import argparse
import json
import sys

from rich.table import Table
from rich.text import Text

from pipelines.cli.command import Command, Options
from pipelines.tables import console, table
from steps.model import artifacts
from steps.model.clips import Clips, Summary
from steps.model.timing import clock

SHOWN_REJECTED = 10
SCALE = "The parts add up; their sum becomes a score from 0 to 1000, and a usual passage has 500."


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", metavar="JOB", help="folder or s3:// prefix of the job")
    parser.add_argument(
        "--rejected",
        type=int,
        default=SHOWN_REJECTED,
        metavar="N",
        help=f"how many of the rejected candidates to show [default: {SHOWN_REJECTED}]",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: Options) -> int:
    from steps.storage.jobs import job_at

    store = job_at(options.job)
    plan = Clips.from_bytes(store.read_bytes(artifacts.PLAN.path), artifacts.PLAN.path)
    data = store.read_bytes(artifacts.SUMMARY.path)
    summary = Summary.from_bytes(data, artifacts.SUMMARY.path)
    rejected = summary.rejected[: max(0, options.rejected)]
    if options.json:
        report = {
            "job": options.job,
            "method": plan.method,
            "reason": plan.reason,
            "chosen": [
                {**clip.model_dump(), "reason": about.reason, "scores": about.scores}
                for clip, about in zip(plan.clips, summary.clips, strict=True)
            ],
            "rejected": [item.model_dump() for item in rejected],
        }
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        return 0
    screen = console()
    screen.print(_table(plan, summary, len(rejected)))
    if plan.method == "scorer":
        screen.print(SCALE)
    if plan.reason:
        screen.print(plan.reason)
    return 0


def _table(plan: Clips, summary: Summary, rejected: int) -> Table:
    """The chosen in order of time, then the best of the rejected."""
    criteria = sorted({name for one in summary.clips for name in one.scores} - {"total"})
    figures = ("score", *criteria)
    spans = ("clip", "from", "to")
    drawn = table(*spans, *figures, "words", "why", right=figures, whole=spans)
    for clip, about in zip(plan.clips, summary.clips, strict=True):
        scores = [str(about.scores.get(name, "")) for name in criteria]
        times = (clock(clip.in_ms)[:8], clock(clip.out_ms)[:8])
        texts = (Text(clip.title), Text(about.reason))
        drawn.add_row(clip.id, *times, str(clip.score), *scores, *texts)
    for item in summary.rejected[:rejected]:
        scores = [str(item.scores.get(name, "")) for name in criteria]
        times = (clock(item.in_ms)[:8], clock(item.out_ms)[:8])
        drawn.add_row("-", *times, str(item.score), *scores, Text(item.text), Text(item.reason))
    return drawn


COMMAND = Command("explain", "Show why these clips were chosen and others not.", _add_options, _run)
