"""clipmill explain: which passages became clips, which did not, their scores, and why."""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.cli.command import Command, Options
from steps.model import artifacts
from steps.model.clips import Clips, Summary
from steps.model.timing import clock

UNBOUNDED_COLUMNS = 1000
"""The width of a pipe, where every row is one line."""
SHOWN_REJECTED = 10


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
    from steps.storage import open_store

    store = open_store(options.job)
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
    width = None if sys.stdout.isatty() else UNBOUNDED_COLUMNS
    console = Console(width=width)
    console.print(table(plan, summary, len(rejected)))
    if plan.reason:
        console.print(plan.reason, markup=False, highlight=False)
    return 0


def table(plan: Clips, summary: Summary, rejected: int) -> Table:
    """The chosen in order of time, then the best of the rejected."""
    criteria = sorted({name for one in summary.clips for name in one.scores} - {"total"})
    drawn = Table(box=None, pad_edge=False)
    for name in ("", "from", "to"):
        drawn.add_column(name, no_wrap=True)
    for name in ("score", *criteria):
        drawn.add_column(name, justify="right")
    drawn.add_column("words")
    drawn.add_column("why")
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
