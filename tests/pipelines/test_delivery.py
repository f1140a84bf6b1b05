"""Where a local job works, and how it reaches a bucket."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.dag import clips_dag, detect_dag
from pipelines.local.delivery import default_cache, deliver, usable_cache, work_folder
from pipelines.local.folder import locked
from steps.contract.errors import BadInput, BrokenContract
from steps.model import artifacts
from steps.storage import open_store
from tests.media.fixtures import Film
from tests.pipelines.clipmill import TALK, Said
from tests.pipelines.conftest import TalkJob
from tests.servers import S3Server


def test_a_job_folder_has_one_run_at_a_time(
    tmp_path: Path, called: Callable[..., Said], sample: Film
) -> None:
    out = tmp_path / "jobs"
    folder = work_folder(str(out), "talk")
    manifest = folder / artifacts.MANIFEST.path
    manifest.write_text("of the run that is going on")
    with locked(folder):
        with pytest.raises(BadInput, match="another run is working in"), locked(folder):
            pytest.fail("locked twice")
        said = called("run", sample[0], "--job-id", "talk", "--out", out)
    assert said.code == 80
    assert "another --job-id" in said.errors[0]
    assert manifest.exists()
    with locked(folder):
        pass


def test_a_cache_that_is_asked_for_must_be_usable(tmp_path: Path) -> None:
    assert usable_cache(str(tmp_path / "new" / "cache")) == str(tmp_path / "new" / "cache")
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(BadInput, match="file"):
        usable_cache(str(file / "cache"))
    with pytest.raises(BadInput, match="ftp://x"):
        usable_cache("ftp://x")
    with pytest.raises(BadInput, match="--cache memory://x is gone when this process ends"):
        usable_cache("memory://x")


@pytest.mark.parametrize(
    ("out", "folder"),
    [
        ("file://localhost{place}/a%20b", "a b"),
        ("file://{place}/a%20b", "a b"),
        ("{place}/a%20b", "a%20b"),
        ("{place}/~x", "~x"),
        ("~nouser/x", "~nouser/x"),
        ("~", ""),
    ],
)
def test_an_output_folder_is_where_its_text_says(
    out: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    made = work_folder(out.format(place=tmp_path), "talk")
    assert made == tmp_path / folder / "talk"
    assert made.is_dir()


@pytest.mark.parametrize("out", ["memory://jobs", "ftp://x/y", "", "s3://"])
def test_an_output_that_cannot_hold_jobs_is_refused(out: str) -> None:
    with pytest.raises(BadInput):
        work_folder(out, "talk")


def test_the_users_own_cache_is_given_up_where_it_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(file))
    assert default_cache().startswith(str(file))
    assert usable_cache("") is None


def test_detection_alone_delivers_what_it_found(tmp_path: Path) -> None:
    (tmp_path / artifacts.TRACKS.path).write_text("{}")
    (tmp_path / artifacts.SOURCE.path).write_text("large")
    assert deliver(detect_dag(), tmp_path, "a", "memory://detected/jobs/") == (
        "memory://detected/jobs/a"
    )
    store = open_store("memory://detected/jobs/a")
    assert [entry.key for entry in store.list()] == [artifacts.TRACKS.path]


def test_a_job_without_its_manifest_is_not_delivered(tmp_path: Path) -> None:
    with pytest.raises(BrokenContract, match="not done"):
        deliver(clips_dag(), tmp_path, "a", "memory://undone")


@pytest.mark.slow
def test_a_job_goes_to_a_bucket_and_proves_itself_there(
    called: Callable[..., Said], talk_job: TalkJob, s3_environment: S3Server
) -> None:
    out = f"s3://{s3_environment.bucket}/mine"
    talk_job.copied(work_folder(out, "talk"))
    said = called("run", talk_job.source, *TALK, "--out", out, "--cache", talk_job.cache, "--json")
    assert said.code == 0, said.err
    report = json.loads(said.out)
    assert report["manifest"] == f"{out}/talk/manifest.json"
    assert f"{out}/talk/clips/clip_01.mp4" in report["clips"][0]["files"]
    proved = called("verify", f"{out}/talk")
    assert proved.code == 0, proved.err


def test_a_bucket_that_is_not_there_is_refused_before_the_work(
    tmp_path: Path, called: Callable[..., Said], sample: Film, s3_environment: S3Server
) -> None:
    said = called("run", sample[0], "--out", "s3://no-such-bucket/jobs")
    assert said.code in (80, 83)
    assert "no-such-bucket" in said.errors[0]
    assert not list(tmp_path.rglob("download.log"))
