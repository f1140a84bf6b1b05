"""`clipmill explain` on what highlight wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.cli.door import main
from tests.steps.highlight.speech import talk
from tests.steps.highlight.test_work import highlight, job


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    folder = job(tmp_path, list(talk("interview").words))
    options = ("--clips=2", "--lengths=15-25", "--exclude=0:00-0:20", "--text-score=counts")
    highlight(folder, *options, "--prompt=prefer stories about boats")
    return tmp_path


def test_the_table_shows_the_chosen_and_the_best_of_the_others(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(planned), "--rejected=50"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:4] == ["clip", "from", "to", "score"]
    assert [line.split()[0] for line in lines[1:3]] == ["clip_01", "clip_02"]
    assert "Chosen because" in lines[1]
    others = [line for line in lines if line.startswith("-")]
    assert "a usual passage has 500" in lines[-1]
    assert any("overlaps clip_0" in line for line in others)
    assert any("is in a time that --exclude names" in line for line in others)


def test_json_has_scores_and_reasons(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(planned), "--json", "--rejected", "3"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [clip["id"] for clip in found["chosen"]] == ["clip_01", "clip_02"]
    assert all(clip["in_ms"] >= 20_000 for clip in found["chosen"])
    assert any("wish" in clip["scores"] for clip in found["chosen"])
    assert len(found["rejected"]) == 3
    assert all(item["reason"] and item["text"] for item in found["rejected"])


def test_a_folder_that_is_no_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(tmp_path)]) == 83
    assert "plan.json does not exist" in capsys.readouterr().err
