"""What a finished job says at the end: a table for people, an object for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.cli.command import Done
from steps.model import artifacts
from steps.model.clips import Clip, Clips
from steps.model.manifest import Manifest
from steps.model.timing import clock

UNBOUNDED_COLUMNS = 1000
"""Where no terminal folds the lines, every row is one."""


def read(folder: Path) -> tuple[Manifest, Clips]:
    """The manifest and the plan of a finished job."""
    manifest = Manifest.from_file(folder / artifacts.MANIFEST.path)
    return manifest, Clips.from_file(folder / artifacts.CLIPS.path)


def fallbacks(manifest: Manifest) -> dict[str, list[str]]:
    """The fallbacks that were taken, each once, with the tasks that took it."""
    found: dict[str, list[str]] = {}
    for item in manifest.degradations:
        found.setdefault(item.message, []).append(item.task)
    return found


def as_json(done: Done) -> str:
    """One JSON object: the clips with their files, the outcome, and how long each task took."""
    manifest, plan = read(done.folder)
    where = done.where
    files = {item.id: item.files for item in manifest.clips}
    report: dict[str, Any] = {
        "job": done.job,
        "where": where,
        "manifest": f"{where}/{artifacts.MANIFEST.path}",
        "outcome": manifest.outcome,
        "reason": manifest.reason or plan.reason,
        "clips": [
            {
                "id": clip.id,
                "title": clip.title,
                "in_ms": clip.in_ms,
                "out_ms": clip.out_ms,
                "score": clip.score,
                "files": [f"{where}/{path}" for path in files[clip.id]],
            }
            for clip in plan.clips
            if clip.id in files
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
    width = None if sys.stdout.isatty() else UNBOUNDED_COLUMNS
    console = Console(highlight=False, soft_wrap=True, width=width)
    delivered = {item.id: item.files for item in manifest.clips}
    if delivered:
        console.print(_table([clip for clip in plan.clips if clip.id in delivered], delivered))
    for missing in manifest.missing:
        console.print(Text(f"{missing.id} is missing: {missing.failure.message}", style="red"))
    if manifest.reason or plan.reason:
        console.print(Text(manifest.reason or plan.reason, style="yellow"))
    for message, tasks in fallbacks(manifest).items():
        console.print(Text(f"{', '.join(tasks)}: {message}", style="yellow"))
    count = len(delivered)
    said = f"{count} clip{'' if count == 1 else 's'} in {seconds:.0f} s: {done.where}"
    console.print(Text(said))


def _table(clips: list[Clip], files: Mapping[str, tuple[str, ...]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("clip", "in", "out", "length", "score", "file"):
        side = "right" if name in ("length", "score") else "left"
        table.add_column(name, justify=side, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("title", overflow="fold")
    for clip in clips:
        table.add_row(
            clip.id,
            clock(clip.in_ms)[:-4],
            clock(clip.out_ms)[:-4],
            f"{clip.duration_ms / 1000:.1f} s",
            str(clip.score),
            next((path for path in files[clip.id] if path.endswith(".mp4")), ""),
            Text(clip.title),
        )
    return table
