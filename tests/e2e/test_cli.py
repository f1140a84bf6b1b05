"""The command line against the real server, in the order of a day: doctor, submit, ..., results."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from steps.catalogue import EXIT_NAMES, NAMES
from tests.e2e.release import LEAST, Release
from tests.e2e.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

OPTIONS = ("--at", "1-4", *LEAST, "--owner", "bob")
END_S = 300


def states(release: Release, *words: str) -> dict[str, dict[str, Any]]:
    """What `clipmill list` says, by job."""
    said = release.clipmill("list", *words, "--json")
    assert said.code == 0, said.err
    return {job["job"]: job for job in json.loads(said.out)["jobs"]}


def ended(release: Release, job: str) -> dict[str, Any]:
    release.namespace.ended(job, END_S)

    def question() -> dict[str, Any] | None:
        state = release.state(job)
        return state if state["state"] not in ("QUEUED", "RUNNING") else None

    found: dict[str, Any] = until(f"the end of {job}", question, END_S)
    return found


@pytest.fixture(scope="module")
def finished(release: Release, opening: str) -> Release:
    """The release, when the job `whole` is done."""
    said = release.clipmill(
        "submit", opening, *OPTIONS, "--job-id", "whole", "--wait", "--json", seconds=1500
    )
    assert said.code == 0, said.err
    report = json.loads(said.out)
    server, namespace = release.environment["ARGO_SERVER"], release.namespace.name
    assert report["link"] == f"{server}/workflows/{namespace}/whole"
    assert (report["created"], report["state"], report["percent"]) == (True, "SUCCEEDED", 100)
    changes = said.err.splitlines()
    assert changes[-1] == "SUCCEEDED"
    assert [line for line in changes if "download" in line]
    percents = [int(line.split()[1].rstrip("%")) for line in changes if line.startswith("RUNNING")]
    assert percents == sorted(percents)
    return release


@pytest.fixture(scope="module")
def failed(release: Release) -> Release:
    """The release, when the job `lost` has failed: its source is not in the bucket."""
    source = f"s3://{release.store.bucket}/sources/none.mp4"
    said = release.clipmill("submit", source, "--job-id", "lost", "--wait", seconds=END_S)
    assert said.code == 83
    (line,) = said.errors
    assert line.startswith("error: lost FAILED: download: ")
    assert said.err.splitlines()[-1] == "to go on once that is fixed: clipmill retry lost"
    return release


def test_status_and_list_agree(finished: Release, failed: Release) -> None:
    found = states(finished)
    for job in ("whole", "lost"):
        assert found[job] == finished.state(job)
    assert list(found).index("lost") < list(found).index("whole")
    assert (found["lost"]["state"], found["lost"]["exit_code"]) == ("FAILED", 83)
    assert set(states(finished, "--owner", "bob")) == {"whole"}
    assert states(finished, "--owner", "nobody") == {}
    assert len(states(finished, "--limit", "1")) == 1


def test_the_table_is_complete_without_a_terminal(finished: Release) -> None:
    said = finished.clipmill("list")
    heading, *rows = said.out.splitlines()
    assert heading.split() == ["job", "state", "percent", "owner", "started", "source"]
    (row,) = (row.split() for row in rows if row.startswith("whole "))
    assert row[:4] == ["whole", "SUCCEEDED", "100", "bob"]
    assert row[-1] == finished.state("whole")["source"]


def test_status_in_one_line(finished: Release, failed: Release) -> None:
    assert finished.clipmill("status", "whole").out == "SUCCEEDED\n"
    line = finished.clipmill("status", "lost").out
    assert line.startswith("FAILED: download: ")
    assert "none.mp4" in line


def test_the_same_again_is_the_same_job(finished: Release, opening: str) -> None:
    said = finished.clipmill("submit", opening, *OPTIONS, "--job-id", "whole")
    assert said.code == 0
    assert said.out.startswith("whole was already submitted: ")


def test_other_options_under_an_id_are_refused(finished: Release, opening: str) -> None:
    said = finished.clipmill("submit", opening, *OPTIONS, "--at", "2-5", "--job-id", "whole")
    assert said.code == 83
    assert said.errors == [
        "error: the job whole exists with other options: choose another --job-id"
    ]


def test_an_id_that_argo_has_forgotten_is_not_used_again(release: Release, opening: str) -> None:
    release.write("jobs/bygone/manifest.json", b"{}")
    said = release.clipmill("submit", opening, *OPTIONS, "--job-id", "bygone")
    assert said.code == 83
    assert "see clipmill results bygone" in said.errors[0]
    assert not release.namespace.exists("bygone")


def test_results_are_addresses_that_open(finished: Release) -> None:
    said = finished.clipmill("results", "whole", "--json")
    assert said.code == 0, said.err
    report = json.loads(said.out)
    assert (report["outcome"], report["missing"]) == ("complete", [])
    (clip,) = report["clips"]
    assert {Path(path).suffix for path in clip["files"]} >= {".mp4", ".jpg", ".srt", ".vtt"}
    for path, address in {**clip["files"], "manifest.json": report["manifest"]}.items():
        assert httpx.get(address).content == finished.read(f"jobs/whole/{path}")


def test_results_of_a_job_that_is_not_done(failed: Release) -> None:
    said = failed.clipmill("results", "lost")
    assert said.code == 80
    assert "see clipmill status" in said.errors[0]


def test_results_by_a_cdn(finished: Release) -> None:
    said = finished.clipmill("results", "whole", "--cdn", "https://cdn.example.com/")
    assert "  https://cdn.example.com/jobs/whole/clips/clip_01.mp4" in said.out.splitlines()


def test_logs_are_of_every_step_and_outlive_their_pods(finished: Release) -> None:
    def steps() -> set[str]:
        said = finished.clipmill("logs", "whole")
        assert said.code == 0, said.err
        assert "argo=true" not in said.out
        return {line.split("-")[0] for line in said.out.splitlines()}

    wanted = {"download", "transcribe", "highlight", "render", "publish", "notify"}
    assert steps() >= wanted
    selector = "workflows.argoproj.io/workflow=whole"
    finished.namespace.kubectl("delete", "pods", "--selector", selector, "--wait=true")
    assert steps() >= wanted


def test_logs_without_pods_and_without_a_store(finished: Release) -> None:
    nowhere = {**finished.environment, "CLIPMILL_STORE": ""}
    bare = Release(finished.namespace, finished.store, finished.receiver, nowhere, finished.home)
    selector = "workflows.argoproj.io/workflow=whole"
    finished.namespace.kubectl("delete", "pods", "--selector", selector, "--wait=true")
    said = bare.clipmill("logs", "whole")
    assert (said.code, said.out) == (0, "")
    assert "CLIPMILL_STORE" in said.err


def test_a_local_file_is_put_into_the_bucket_once(release: Release, tmp_path: Path) -> None:
    """The file is not a video, so the job is short; only the upload matters here."""
    path = tmp_path / "not a video.mp4"
    path.write_bytes(b"not a video")
    said = release.clipmill("submit", path, "--job-id", "local", "--wait", seconds=END_S)
    assert said.code in (80, 81), said.err
    (key,) = [key for key in release.keys("sources/") if key.endswith("/not a video.mp4")]
    assert release.state("local")["source"] == f"s3://{release.store.bucket}/sources/{key}"
    assert release.read(f"sources/{key}") == b"not a video"


def test_cancel_then_retry_then_cancel(release: Release, opening: str) -> None:
    release.submit("stopped", opening, *LEAST)
    follower = release.start("logs", "stopped", "--follow")
    release.namespace.begun_pod("stopped", "download", END_S)
    said = release.clipmill("retry", "stopped")
    assert (said.code, "has not ended" in said.errors[0]) == (80, True)
    assert release.clipmill("cancel", "stopped").code == 0
    state = ended(release, "stopped")
    assert (state["state"], state["message"]) == ("CANCELLED", "stopped on request")
    assert state["percent"] < 100
    said = release.clipmill("cancel", "stopped")
    assert (said.code, said.out) == (
        0, "stopped has already ended: CANCELLED: stopped on request\n")  # fmt: skip
    out, _ = follower.communicate(timeout=60)
    assert follower.returncode == 0
    assert {line.split("-")[0] for line in out.splitlines()} <= {*NAMES, *EXIT_NAMES}, out

    release.namespace.stop_came_early("stopped", "download")
    assert release.clipmill("retry", "stopped").code == 0
    release.namespace.begun_pod("stopped", "highlight", END_S)  # what was stopped is done by then
    assert release.clipmill("cancel", "stopped").code == 0
    assert ended(release, "stopped")["state"] == "CANCELLED"


def test_retry_of_a_failed_job_after_the_cause_is_repaired(
    failed: Release, finished: Release
) -> None:
    """What failed runs again; it fails again here, since its source is still no video."""
    failed.write("sources/none.mp4", b"still no video")
    before = failed.namespace.workflow("lost")["status"]["finishedAt"]
    assert failed.clipmill("retry", "lost").code == 0
    failed.namespace.ended("lost", END_S, after=before)
    state = ended(failed, "lost")
    assert (state["state"], state["exit_code"]) in (("FAILED", 80), ("FAILED", 81))


def test_retry_of_what_succeeded_is_refused(finished: Release) -> None:
    said = finished.clipmill("retry", "whole")
    assert (said.code, said.errors) == (
        80, ["error: whole succeeded: there is nothing to run again"])  # fmt: skip


@pytest.mark.parametrize("command", ["status", "logs", "cancel", "retry"])
def test_a_job_that_is_not_there(release: Release, command: str) -> None:
    said = release.clipmill(command, "nobody")
    assert said.code == 83
    (line,) = said.errors
    assert line.startswith(f"error: not found in the namespace {release.namespace.name}: ")


@pytest.mark.parametrize(
    ("variable", "value", "code", "says"),
    [
        ("ARGO_TOKEN", "", 83, "create token clipmill-submitter"),
        ("ARGO_TOKEN", "nonsense", 83, "create token clipmill-submitter"),
        ("ARGO_NAMESPACE", "default", 83, "the token lacks a right"),
        ("ARGO_SERVER", "", 80, "set ARGO_SERVER"),
        ("ARGO_SERVER", "http://127.0.0.1:1", 75, "did not answer"),
    ],
)
def test_a_server_that_says_no(
    release: Release, variable: str, value: str, code: int, says: str
) -> None:
    environment = {**release.environment, variable: value}
    other = Release(release.namespace, release.store, release.receiver, environment, release.home)
    said = other.clipmill("status", "whole")
    assert said.code == code
    assert says in said.errors[0]


def test_following_survives_a_server_that_is_away(release: Release, opening: str) -> None:
    """The address of the server is a door of our own, which is shut for a while."""
    from tests.e2e.door import Door

    with Door(release.environment["ARGO_SERVER"]) as door:
        environment = {**release.environment, "ARGO_SERVER": door.address}
        through = Release(
            release.namespace, release.store, release.receiver, environment, release.home
        )
        waiting = through.start("submit", opening, "--job-id", "away", "--wait")
        release.namespace.begun_pod("away", "download", END_S)
        door.shut()
        assert release.clipmill("cancel", "away").code == 0
        ended(release, "away")
        assert waiting.poll() is None
        door.open()
        _, err = waiting.communicate(timeout=120)
    assert waiting.returncode == 1
    assert "away CANCELLED: stopped on request" in err
