"""Jobs that do not go as planned, and jobs that wait for each other."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.namespace import nodes
from tests.e2e.release import LEAST, Release
from tests.e2e.waiting import until
from tests.media.fixtures import Film
from tests.media.make import QUIET

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

END_S = 600
THREE = ("--at", "1-3,3-5,5-7", *LEAST)
FOUR = ("--at", "1-3,4-6", "--aspect", "9:16,1:1", *LEAST)
"""Two clips, each in two aspects."""
ONE = ("--at", "1-4", *LEAST)
NONE = ("--lengths", "5", *LEAST)  # shorter than the only sentence


def test_a_clip_that_cannot_be_made_is_named_in_each_aspect(release: Release, opening: str) -> None:
    job = "partial"
    release.submit(job, opening, *FOUR)
    release.namespace.begun_pod(job, "detect", END_S)
    key = f"jobs/{job}/cuts/clip_02.mkv"
    release.write(key, release.read(key)[:1000])  # what detect has by now, render will not have
    workflow = release.namespace.ended(job, END_S)
    assert workflow["status"]["phase"] == "Succeeded"
    assert len(nodes(workflow, "render")) == 4  # a broken file is not tried again
    manifest = release.document(job, "manifest.json")
    assert manifest["outcome"] == "partial"
    assert [clip["id"] for clip in manifest["clips"]] == ["clip_01", "clip_01_1x1"]
    assert "clips/clip_01_1x1.mp4" in manifest["clips"][1]["files"]
    why = {item["id"]: item["failure"]["message"] for item in manifest["missing"]}
    assert list(why) == ["clip_02", "clip_02_1x1"]
    assert all(item["failure"]["exit_code"] >= 80 for item in manifest["missing"])
    ((_, body),) = release.events(job)
    assert body["type"] == "job.succeeded"
    assert body["data"]["outcome"] == "partial"
    assert {item["task"]: item["message"] for item in body["data"]["failures"]} == {
        f"render-{name}": message for name, message in why.items()
    }
    results = json.loads(release.clipmill("results", job, "--json").out)
    assert [item["id"] for item in results["missing"]] == list(why)


@pytest.fixture(scope="module")
def one_sentence(release: Release, sample: Film, work: Path) -> str:
    """A part of the sample in the bucket: one sentence of seven seconds."""
    path = work / "one_sentence.mp4"
    argv = [*QUIET, "-ss", "10.2", "-t", "7.9", "-i", str(sample[0]), "-preset", "ultrafast"]
    subprocess.run([*argv, str(path)], check=True)
    release.write("sources/one_sentence.mp4", path.read_bytes())
    return f"s3://{release.store.bucket}/sources/one_sentence.mp4"


def test_a_second_job_waits_for_its_place_and_a_plan_may_be_empty(
    release: Release, opening: str, one_sentence: str
) -> None:
    limits = ("configmap", "clipmill-limits", "--type=merge", "--patch")
    release.namespace.kubectl("patch", *limits, '{"data": {"jobs": "1"}}')
    try:
        release.submit("ahead", opening, *ONE)
        until("the first job's start", lambda: release.namespace.phase("ahead") == "Running", 120)
        with release.start("submit", one_sentence, *NONE, "--job-id", "empty", "--wait") as second:
            until("the second job", lambda: release.namespace.exists("empty"), 60)
            until("what it waits for", lambda: release.state("empty")["message"], 60)
            assert release.state("empty")["state"] == "QUEUED"
            assert release.state("ahead")["state"] == "RUNNING"
            assert release.namespace.ended("ahead", END_S)["status"]["phase"] == "Succeeded"
            _, said = second.communicate(timeout=END_S)
    finally:
        release.namespace.kubectl("patch", *limits, '{"data": {"jobs": "4"}}')
    assert second.returncode == 0, said
    lines = said.splitlines()
    assert lines[0].startswith("QUEUED")
    assert any(line.startswith("RUNNING") for line in lines)
    assert lines[-1] == "SUCCEEDED"
    manifest = release.document("empty", "manifest.json")
    assert (manifest["outcome"], manifest["clips"]) == ("empty", [])
    assert manifest["reason"]
    assert not nodes(release.namespace.workflow("empty"), "render")


def test_a_cancelled_job_tells_the_callback(release: Release, opening: str) -> None:
    job = "cancelled"
    release.submit(job, opening, *THREE)
    release.namespace.begun_pod(job, "transcribe", END_S)
    said = release.clipmill("cancel", job)
    assert said.code == 0, said.err
    workflow = release.namespace.ended(job, 180)
    assert release.state(job)["state"] == "CANCELLED"
    assert not nodes(workflow, "render")
    ((_, body),) = release.events(job)
    assert body["type"] == "job.cancelled"
    assert release.keys(f"jobs/{job}/manifest.json") == []


def test_a_retry_goes_on_from_what_failed(release: Release, opening: str) -> None:
    job = "retried"
    release.submit(job, opening, *ONE)
    release.namespace.begun_pod(job, "transcribe", END_S)
    key = f"jobs/{job}/source_meta.json"
    kept = release.read(key)
    release.write(key, b"{}")
    workflow = release.namespace.ended(job, END_S)
    assert workflow["status"]["phase"] == "Failed"
    state = release.state(job)
    assert state["state"] == "FAILED"
    assert "highlight" in state["message"]
    ((_, body),) = release.events(job)
    assert body["type"] == "job.failed"
    assert body["data"]["failures"][0]["task"] == "highlight"
    done = {node["templateName"]: node["finishedAt"] for node in nodes(workflow)}

    release.write(key, kept)
    said = release.clipmill("retry", job)
    assert said.code == 0, said.err
    again = release.namespace.ended(job, END_S, after=workflow["status"]["finishedAt"])
    assert again["status"]["phase"] == "Succeeded"
    for step in ("download", "transcribe"):
        assert [node["finishedAt"] for node in nodes(again, step)] == [done[step]]
    assert release.document(job, "manifest.json")["outcome"] == "complete"
    assert [body["type"] for _, body in release.events(job)] == ["job.failed", "job.succeeded"]
