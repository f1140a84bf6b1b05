"""The report of a finished job: a table for people, an object for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from pipelines.cli.command import Done
from pipelines.tables import console, table
from steps.contract.ports import clip_of
from steps.model import artifacts
from steps.model.clips import Clip, Clips
from steps.model.manifest import Delivered, Manifest, Missing
from steps.model.timing import clock

FILES_COLUMNS = 100
"""A narrower terminal shows no files: the last line says where they are."""


def read(folder: Path) -> tuple[Manifest, Clips]:
    """The manifest and the plan of a finished job."""
    manifest = Manifest.from_file(folder / artifacts.MANIFEST.path)
    return manifest, Clips.from_file(folder / artifacts.CLIPS.path)


def fallbacks(manifest: Manifest) -> dict[str, list[str]]:
    """The fallbacks, each once, with the tasks that took it."""
    found: dict[str, list[str]] = {}
    for item in manifest.degradations:
        found.setdefault(item.message, []).append(item.task)
    return found


def as_json(done: Done) -> str:
    """One JSON object: the clips with their files, the outcome, and how long each task took."""
    manifest, plan = read(done.folder)
    where = done.where
    clips = {clip.id: clip for clip in plan.clips}
    report: dict[str, Any] = {
        "job": done.job,
        "where": where,
        "manifest": f"{where}/{artifacts.MANIFEST.path}",
        "report": f"{where}/{artifacts.REPORT.path}",
        "outcome": manifest.outcome,
        "reason": manifest.reason or plan.reason,
        "clips": [
            {
                "id": made.id,
                "title": clip.title,
                "in_ms": clip.in_ms,
                "out_ms": clip.out_ms,
                "score": clip.score,
                "failed_checks": made.failed_checks,
                "files": [f"{where}/{path}" for path in made.files],
            }
            for made in manifest.clips
            for clip in [clips[clip_of(made.id)]]
        ],
        "missing": [{"id": item.id, "why": item.failure.message} for item in manifest.missing],
        "degradations": [item.model_dump(mode="json") for item in manifest.degradations],
        "tasks": [
            {"task": task.task, "wall_ms": task.wall_ms, "cached": task.cache_hit}
            for task in done.run.tasks
        ],
    }
    return json.dumps(report, ensure_ascii=False)


def show(done: Done, seconds: float) -> None:
    """The table of clips on stdout, with every fallback and every reason below it."""
    manifest, plan = read(done.folder)
    screen = console()
    if manifest.clips:
        screen.print(_table(plan.clips, manifest.clips, files=screen.width >= FILES_COLUMNS))

    def line(text: str, style: str = "") -> None:
        screen.print(Text(text, style=style), soft_wrap=True)

    for missing in manifest.missing:
        line(_missing(missing), style="red")
    if manifest.reason or plan.reason:
        line(manifest.reason or plan.reason, style="yellow")
    for message, tasks in fallbacks(manifest).items():
        line(f"{', '.join(tasks)}: {message}", style="yellow")
    videos, count = len(manifest.clips), len({clip_of(made.id) for made in manifest.clips})
    shapes = f" ({videos} videos)" if videos != count else ""
    line(f"{count} clip{'' if count == 1 else 's'}{shapes} in {seconds:.0f} s: {done.where}")
    if any(item.path == artifacts.REPORT.path for item in manifest.artifacts):
        line(f"report: {done.where}/{artifacts.REPORT.path}")


def show_missing(done: Done) -> None:
    """A line on stderr for each clip of the plan that was not rendered: silence would hide it."""
    manifest, _ = read(done.folder)
    for missing in manifest.missing:
        sys.stderr.write(f"warning: {_missing(missing)}\n")


def _missing(missing: Missing) -> str:
    return f"{missing.id} is missing: {missing.failure.message}"


def _table(clips: Sequence[Clip], delivered: Sequence[Delivered], *, files: bool) -> Table:
    """A row per delivered clip and aspect, with or without its file."""
    whole = ("clip", "in", "out", "checks", *(("file",) if files else ()))
    names = ("clip", "in", "out", "length", "score", *whole[3:], "title")
    rows = table(*names, right=("length", "score"), whole=whole)
    by_id = {clip.id: clip for clip in clips}
    for made in delivered:
        clip = by_id[clip_of(made.id)]
        videos = [path for path in made.files if path.endswith(".mp4")]
        rows.add_row(
            made.id,
            _seconds(clip.in_ms),
            _seconds(clip.out_ms),
            f"{clip.duration_ms / 1000:.1f} s",
            str(clip.score),
            f"{len(made.failed_checks)} failed" if made.failed_checks else "passed",
            *((videos[0] if videos else "",) if files else ()),
            Text(clip.title),
        )
    return rows


def _seconds(time_ms: int) -> str:
    """`1:02:03`, or `2:03` in the first hour."""
    text = clock(time_ms).partition(".")[0]
    return text.removeprefix("00:").removeprefix("0")
