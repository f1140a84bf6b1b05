"""The manifest of an earlier run, while its job runs again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.local.folder import ASIDE, bring_back, forget_aside, set_aside
from steps.contract.receipt import Fingerprint, file_sha256
from steps.model import artifacts
from steps.model.manifest import Manifest
from tests.pipelines.clipmill import TALK, Said
from tests.pipelines.conftest import TalkJob

RECEIPT = "receipts/download.json"


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """A finished job of two files."""
    folder = tmp_path / "job"
    contents = {RECEIPT: "done", "runs/download.json": "then", "edl.json": "edits"}
    for name, text in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    manifest = Manifest(
        clipmill="1",
        outcome="empty",
        reason="it is short",
        source_sha256="0" * 64,
        clips=(),
        missing=(),
        tasks=(),
        models=(),
        degradations=(),
        artifacts=tuple(
            Fingerprint(
                path=name, sha256=file_sha256(folder / name), size_bytes=len(contents[name])
            )
            for name in (RECEIPT, "edl.json")
        ),
    )
    (folder / artifacts.MANIFEST.path).write_bytes(manifest.canonical_bytes())
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_run_that_came_to_nothing_leaves_the_job_as_it_was(job: Path) -> None:
    before = snapshot(job)
    set_aside(job)
    assert not (job / artifacts.MANIFEST.path).exists()
    (job / RECEIPT).write_text("failed")
    (job / "receipts/more.json").write_text("of this run")
    assert bring_back(job)
    assert snapshot(job) == before


@pytest.mark.parametrize("change", ["another", "gone"])
def test_a_run_that_changed_a_file_leaves_no_manifest(job: Path, change: str) -> None:
    set_aside(job)
    if change == "gone":
        (job / "edl.json").unlink()
    else:
        (job / "edl.json").write_text("EDITS")
    assert not bring_back(job)
    assert not (job / artifacts.MANIFEST.path).exists()


def test_a_manifest_that_nobody_can_read_is_not_brought_back(job: Path) -> None:
    """The caller goes on to say why the run failed."""
    (job / artifacts.MANIFEST.path).write_text("{}")
    set_aside(job)
    assert not bring_back(job)
    assert not (job / artifacts.MANIFEST.path).exists()


def test_what_a_killed_run_set_aside_is_still_good(job: Path) -> None:
    before = snapshot(job)
    set_aside(job)
    (job / RECEIPT).unlink()
    set_aside(job)  # of the next run
    assert bring_back(job)
    assert snapshot(job) == before


def test_a_finished_run_forgets_the_one_before(job: Path) -> None:
    set_aside(job)
    forget_aside(job)
    assert not (job / ASIDE).exists()
    assert not bring_back(job)


@pytest.mark.slow
def test_a_source_that_is_damaged_later_costs_no_manifest(
    tmp_path: Path, called: Callable[..., Said], talk_job: TalkJob
) -> None:
    source, out = tmp_path / "talk.mp4", tmp_path / "jobs"
    shutil.copytree(talk_job.folder, out / "talk")
    source.write_bytes(b"no video any more")
    said = called("run", source, *TALK, "--out", out)
    assert said.code == 81
    assert "is as it was" in said.err
    assert called("verify", out / "talk").code == 0
