"""What a finished job says at the end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

import pytest

from pipelines.cli import report
from pipelines.cli.command import Done
from steps.contract.receipt import Failure
from steps.model import artifacts
from steps.model.clips import Clip, Clips
from steps.model.manifest import Delivered, Manifest, Missing, TaskDegradation
from steps.model.run import Run

TITLE = "A title that is [bold]much[/bold] longer than what a terminal of eighty columns could hold"
FELL_BACK = "the sound is silent"


def done(
    folder: Path, outcome: Literal["complete", "partial", "empty"], reason: str, count: int
) -> Done:
    """A job with a plan of two clips, of which `count` were rendered."""
    planned = [
        Clip(id=f"clip_0{n}", in_ms=n * 1000, out_ms=n * 1000 + 500, title=TITLE, score=1, rank=n)
        for n in (1, 2)
    ]
    plan = planned if outcome != "empty" else []
    clips = Clips(asked=2, method="scorer", reason="" if plan else reason, clips=tuple(plan))
    files = ("clips/{}.ass", "clips/{}.jpg", "clips/{}.mp4")
    manifest = Manifest(
        clipmill="1",
        outcome=outcome,
        reason=reason,
        source_sha256="0" * 64,
        clips=tuple(
            Delivered(id=clip.id, title=TITLE, files=tuple(path.format(clip.id) for path in files))
            for clip in plan[:count]
        ),
        missing=tuple(
            Missing(
                id=clip.id, failure=Failure(exit_code=82, error="OverLimit", message="disk full")
            )
            for clip in plan[count:]
        ),
        tasks=(),
        models=(),
        degradations=tuple(
            TaskDegradation(task=f"render-{clip.id}", code="silent", message=FELL_BACK)
            for clip in plan
        ),
        artifacts=(),
    )
    for port, document in ((artifacts.MANIFEST, manifest), (artifacts.CLIPS, clips)):
        (folder / port.path).write_bytes(document.canonical_bytes())
    return Done("talk", folder, "jobs/talk", Run(job="talk", executor="local", tasks=()))


def test_every_clip_is_one_line_where_no_terminal_folds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report.show(done(tmp_path, "complete", "", 2), 4.2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["clip", "clip_01", "clip_02"]
    assert all(TITLE in line and ".mp4" in line for line in lines[1:3])
    assert lines[3] == f"render-clip_01, render-clip_02: {FELL_BACK}"
    assert lines[4] == "2 clips in 4 s: jobs/talk"


def test_a_missing_clip_is_named_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report.show(done(tmp_path, "partial", "1 of 2 clips", 1), 1.0)
    said = capsys.readouterr().out
    assert "clip_02 is missing: disk full" in said
    assert "1 of 2 clips" in said
    assert "1 clip in 1 s" in said


def test_quiet_still_names_a_missing_clip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report.show_missing(done(tmp_path, "partial", "1 of 2 clips", 1))
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "warning: clip_02 is missing: disk full\n")


def test_a_narrow_terminal_gets_a_table_that_fits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    report.show(done(tmp_path, "complete", "", 2), 4.2)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    *table, fell_back, _ = plain.splitlines()
    assert max(len(line.rstrip()) for line in table) <= 60
    assert [line for line in table if line.startswith("clip_02  0:02")]
    assert fell_back.endswith(FELL_BACK)


def test_an_empty_plan_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.show(done(tmp_path, "empty", "it is too short", 0), 1.0)
    assert capsys.readouterr().out.splitlines() == ["it is too short", "0 clips in 1 s: jobs/talk"]


def test_machines_get_one_object(tmp_path: Path) -> None:
    said = json.loads(report.as_json(done(tmp_path, "partial", "1 of 2 clips", 1)))
    assert said["outcome"] == "partial"
    assert said["reason"] == "1 of 2 clips"
    assert [clip["id"] for clip in said["clips"]] == ["clip_01"]
    assert said["clips"][0]["files"][-1] == "jobs/talk/clips/clip_01.mp4"
    assert said["missing"] == [{"id": "clip_02", "why": "disk full"}]
