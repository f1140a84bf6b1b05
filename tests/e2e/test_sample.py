"""The start of the sample on the cluster, beside the same job on this machine."""

import base64
import hmac
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from steps.catalogue import NAMES
from tests.comparisons import program
from tests.e2e.metrics import samples, total
from tests.e2e.namespace import nodes
from tests.e2e.overhead import as_text, table
from tests.e2e.release import WEBHOOK_KEY, Release
from tests.e2e.surroundings import Surroundings
from tests.pipelines.clipmill import clipmill
from tests.servers import serving
from tests.steps.publish.looks import HARNESS, looked_at, unexpected

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

JOB = "sample"
OPTIONS = ("--clips", "2", "--lengths", "8")
OF_THE_CONNECTION = ("content-length", "transfer-encoding", "connection", "content-encoding")
MAY_DIFFER = ("runs/", "logs/", "run.json", ".lock")


@pytest.fixture(scope="module")
def job(release: Release, talk_opening: Path) -> Release:
    """The release, when the sample job is done."""
    said = release.clipmill(
        "submit", talk_opening, *OPTIONS, "--job-id", JOB, "--owner", "e2e",
        "--callback", release.receiver.address, "--wait", seconds=1500,
    )  # fmt: skip
    assert said.code == 0, said.err
    assert said.out.startswith(f"{JOB} submitted: ")
    assert "RUNNING" in said.err
    assert said.err.splitlines()[-1] == "SUCCEEDED"
    return release


@pytest.fixture(scope="module")
def local(talk_opening: Path, work: Path) -> Path:
    """The same job's folder, made on this machine."""
    out = work / "local"
    said = clipmill(
        "run", talk_opening, *OPTIONS, "--job-id", JOB, "--out", out, "--no-cache", home=work
    )
    assert said.code == 0, said.err
    return out / JOB


def test_the_bucket_holds_what_the_local_run_made(job: Release, local: Path) -> None:
    here = sorted(str(path.relative_to(local)) for path in local.rglob("*") if path.is_file())
    same = [path for path in here if not path.startswith(MAY_DIFFER)]
    there = job.keys(f"jobs/{JOB}/")
    assert [path for path in there if not path.startswith(MAY_DIFFER)] == same
    assert len([path for path in same if path.endswith(".mp4")]) == 2
    for path in ("manifest.json", *same):
        assert job.read(f"jobs/{JOB}/{path}") == (local / path).read_bytes(), path


def test_every_step_says_how_long_it_took(job: Release, capsys: pytest.CaptureFixture[str]) -> None:
    workflow = job.namespace.workflow(JOB)
    run = job.document(JOB, "run.json")
    records = {record["task"]: record["wall_ms"] for record in run["tasks"]}
    rows = table(workflow, records)
    with capsys.disabled():
        print("\n" + as_text(rows), file=sys.stderr)  # a worker's stdout is pytest-xdist's
    assert {row["step"] for row in rows} - {"job", "notify"} == set(records)
    assert all(row["own_s"] <= row["wall_s"] + 1 for row in rows[:-1] if row["step"] != "notify")


def test_the_callback_is_told_signed(job: Release) -> None:
    (headers, body), *more = job.events(JOB)
    assert not more
    assert body["type"] == "job.succeeded"
    assert body["data"]["outcome"] == "complete"
    assert body["data"]["owner"] == "e2e"
    assert [clip["id"] for clip in body["data"]["clips"]] == ["clip_01", "clip_02"]
    raw = next(raw for _, raw in job.receiver.messages if json.loads(raw) == body)
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + raw
    digest = base64.b64encode(hmac.digest(WEBHOOK_KEY, said, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"


def test_results_are_signed_addresses_of_the_clips(job: Release, local: Path) -> None:
    said = job.clipmill("results", JOB, "--json")
    assert said.code == 0, said.err
    for clip in json.loads(said.out)["clips"]:
        for path, address in clip["files"].items():
            answer = httpx.get(address, timeout=30)
            assert answer.content == (local / path).read_bytes(), path


def test_the_job_is_listed_with_its_state_and_logs(job: Release) -> None:
    listed = json.loads(job.clipmill("list", "--json").out)["jobs"]
    mine = next(item for item in listed if item["job"] == JOB)
    assert (mine["state"], mine["percent"], mine["owner"]) == ("SUCCEEDED", 100, "e2e")
    logs = job.clipmill("logs", JOB)
    assert logs.code == 0, logs.err
    assert "publish" in logs.out


def test_the_argo_ui_shows_titles_labels_and_progress(job: Release) -> None:
    workflow = job.namespace.workflow(JOB)
    metadata = workflow["metadata"]
    assert metadata["labels"]["clipmill.dev/job"] == JOB
    assert metadata["labels"]["clipmill.dev/owner"] == "e2e"
    assert metadata["labels"]["clipmill.dev/source"] == "talk.mp4"
    assert metadata["annotations"]["workflows.argoproj.io/title"] == f"{JOB}: talk.mp4"
    assert [node["progress"] for node in nodes(workflow, "render")] == ["100/100", "100/100"]


def test_artifacts_open_for_those_who_look_and_for_no_submitter(job: Release) -> None:
    (publish,) = nodes(job.namespace.workflow(JOB), "publish")
    server, namespace = job.environment["ARGO_SERVER"], job.namespace.name
    path = f"artifact-files/{namespace}/workflows/{JOB}/{publish['id']}/outputs/manifest"

    def answer(token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{server}/{path}", headers=headers, timeout=30)

    viewer = job.namespace.kubectl("create", "token", "clipmill-viewer").strip()
    assert answer(viewer).content == job.read(f"jobs/{JOB}/manifest.json")
    assert answer(job.environment["ARGO_TOKEN"]).is_error


def test_the_report_is_readable_where_argo_serves_it(job: Release, tmp_path: Path) -> None:
    """In a browser, with the headers that this Argo sends."""
    chromium = program("chromium", "the report in a browser")
    (publish,) = nodes(job.namespace.workflow(JOB), "publish")
    server, namespace = job.environment["ARGO_SERVER"], job.namespace.name
    report = f"{server}/artifact-files/{namespace}/workflows/{JOB}/{publish['id']}/outputs/report"
    viewer = job.namespace.kubectl("create", "token", "clipmill-viewer").strip()

    class Handler(BaseHTTPRequestHandler):
        """Sends the viewer's token, which a browser has in a cookie."""

        def do_GET(self) -> None:
            if self.path == "/harness.html":
                headers, content = {"Content-Type": "text/html"}, HARNESS.encode()
            elif self.path == "/report.html":
                sent = {"Authorization": f"Bearer {viewer}"}
                answer = httpx.get(report, headers=sent, timeout=30)
                headers, content = dict(answer.headers), answer.content
            else:  # its pictures, which that address does not have
                self.send_error(404)
                return
            self.send_response(200)
            for name, value in headers.items():
                if name.lower() not in OF_THE_CONNECTION:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as at, serving(at):
        address = f"http://127.0.0.1:{at.server_port}/harness.html"
        found, console = looked_at(chromium, address, tmp_path / "profile")
    assert found["hidden"] == []
    assert found["text"] > 1000
    assert found["styled"] == "18px"
    assert [line for line in unexpected(console) if "status of 404" not in line] == []


def test_the_same_submission_is_the_same_job(job: Release, talk_opening: Path) -> None:
    words = ("submit", talk_opening, *OPTIONS, "--job-id", JOB, "--owner", "e2e")
    again = job.clipmill(*words, "--callback", job.receiver.address, "--json")
    assert again.code == 0, again.err
    assert json.loads(again.out)["created"] is False
    other = job.clipmill(*words, "--callback", job.receiver.address, "--clips", "1")
    assert other.code == 83
    assert "another --job-id" in other.errors[0]


def test_prometheus_learns_of_steps_jobs_and_clips(
    job: Release, surroundings: Surroundings
) -> None:
    found = samples(surroundings)
    good = 'status="Succeeded"'
    for step in NAMES:
        assert total(found, "clipmill_step_tries_total", f'step="{step}"', good) >= 1, step
        assert total(found, "clipmill_step_duration_seconds_sum", f'step="{step}"', good) > 0, step
    assert total(found, "clipmill_clips_total") >= 2
    assert total(found, "clipmill_jobs_total", 'pipeline="clipmill"', good) >= 1
    assert total(found, "clipmill_job_duration_seconds_sum", 'pipeline="clipmill"', good) > 0
