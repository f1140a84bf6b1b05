"""What a finished job says at the end: a table for people, an object for machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from steps.model import artifacts
from steps.model.clips import Clips
from steps.model.manifest import Manifest
from steps.model.run import Run
from steps.model.timing import clock


def read(folder: Path) -> tuple[Manifest, Clips]:
    """The manifest and the plan of a finished job."""
    manifest = Manifest.from_file(folder / artifacts.MANIFEST.path)
    return manifest, Clips.from_file(folder / artifacts.CLIPS.path)


def as_json(job: str, folder: Path, where: str, run: Run) -> str:
    """One JSON object: the clips with their files, the outcome, and how long each task took."""
    manifest, plan = read(folder)
    files = {item.id: item.files for item in manifest.clips}
    report: dict[str, Any] = {
        "job": job,
        "where": where,
        "manifest": f"{where}/{artifacts.MANIFEST.path}",
        "outcome": manifest.outcome,
        "reason": manifest.reason,
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
            for task in run.tasks
        ],
    }
    return json.dumps(report, ensure_ascii=False)


def show(folder: Path, where: str, seconds: float) -> None:
    """The table of clips on stdout, with every fallback and every reason below it."""
    manifest, plan = read(folder)
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("clip", "in", "out", "length", "score", "title", "file"):
        table.add_column(name, justify="right" if name in ("length", "score") else "left")
    delivered = {item.id: item.files for item in manifest.clips}
    for clip in plan.clips:
        if clip.id in delivered:
            video = next(path for path in delivered[clip.id] if path.endswith(".mp4"))
            table.add_row(
                clip.id,
                clock(clip.in_ms)[:-4],
                clock(clip.out_ms)[:-4],
                f"{clip.duration_ms / 1000:.1f} s",
                str(clip.score),
                Text(clip.title),
                Text(f"{where}/{video}", overflow="fold"),
            )
    if delivered:
        console.print(table)
    for missing in manifest.missing:
        console.print(Text(f"{missing.id} is missing: {missing.failure.message}", style="red"))
    if manifest.reason or plan.reason:
        console.print(Text(manifest.reason or plan.reason, style="yellow"))
    for item in manifest.degradations:
        console.print(Text(f"{item.task}: {item.message}", style="yellow"))
    count = len(delivered)
    console.print(Text(f"{count} clip{'' if count == 1 else 's'} in {seconds:.0f} s: {where}"))
