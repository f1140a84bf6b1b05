"""Every call of docs/rest.md, in order, against the real server: curl first, then TypeScript."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from tests.e2e.release import WEBHOOK_SECRET, Release
from tests.e2e.waiting import until
from tests.markdown import blocks
from tests.servers import serving
from tests.typescript import build

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PAGE = Path(__file__).parents[2] / "docs" / "rest.md"
MARK = "=== "
WITHIN_S = 1500

LISTEN = """
import type { AddressInfo } from "node:net";
hooks.listen(0, "127.0.0.1", () => console.log("=== at", (hooks.address() as AddressInfo).port));
process.stdin.on("end", () => hooks.close()).resume();
"""


@pytest.fixture(scope="module")
def cdn(release: Release) -> Iterator[str]:
    """An address where the bucket may be read without a key: it signs."""
    client, bucket = release.store.client(), release.store.bucket

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = {"Bucket": bucket, "Key": unquote(self.path.removeprefix("/"))}
            self.send_response(302)
            self.send_header("Location", client.generate_presigned_url("get_object", wanted))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="module")
def adapted(release: Release, short_source: str, cdn: str) -> dict[str, str]:
    """What the page says of its example's surroundings, and what they are here."""
    store = release.store
    return {
        "https://argo.example.com": release.environment["ARGO_SERVER"],
        "ARGO_NAMESPACE=clips": f"ARGO_NAMESPACE={release.namespace.name}",
        'namespace: "clips"': f'namespace: "{release.namespace.name}"',
        "s3://my-bucket/uploads/talk.mp4": short_source,
        "s3://my-bucket": f"s3://{store.bucket}",
        "https://s3.example.com/my-bucket": f"{store.endpoint}/{store.bucket}",
        "https://backend.example.com/hooks/clipmill": release.receiver.address,
        "https://cdn.example.com": cdn,
    }


def page(language: str, adapted: dict[str, str]) -> list[tuple[str, str]]:
    """The blocks of a language with the section of each, in the surroundings of the test."""
    found = []
    for block in blocks(PAGE):
        text = block.text
        for there, here in adapted.items():
            text = text.replace(there, here)
        if block.language == language:
            found.append((block.section, text))
    return found


def sections(output: str) -> dict[str, list[str]]:
    """The lines that each section printed."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in output.splitlines():
        if line.startswith(MARK):
            name = line.removeprefix(MARK)
        elif line:
            found.setdefault(name, []).append(line)
    return found


@pytest.fixture(scope="module")
def curl(release: Release, adapted: dict[str, str], work: Path) -> dict[str, list[str]]:
    """What the page's shell blocks print, one shell for all of them."""
    folder = work / "rest"
    folder.mkdir()
    script = ["set -euo pipefail"]
    for section, text in page("bash", adapted):
        script += [f"echo; echo '{MARK}{section}'", text]
    own = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    credentials = {
        name: value for name, value in release.environment.items() if name.startswith("AWS_")
    }
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=folder,
        env={**os.environ, **credentials, "PATH": own, "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    if done.returncode:
        state = release.clipmill("status", "talk-42").out
        pytest.fail(f"{state}{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return sections(done.stdout)


def test_every_section_has_its_calls() -> None:
    said = {block.section for block in blocks(PAGE) if block.language == "bash"}
    assert said == {
        "URL, token, rights", "Parameters", "Submit", "Status", "Results", "List", "Logs",
        "Cancel", "Retry", "Callback",
    }  # fmt: skip


def test_the_parameters_are_those_of_the_template(curl: dict[str, list[str]]) -> None:
    (answer,) = curl["Parameters"]
    parameters = {one["name"]: one for one in json.loads(answer)["spec"]["arguments"]["parameters"]}
    assert {"source", "clips", "lengths", "owner", "callback", "cache", "prefix"} <= set(parameters)
    assert "value" not in parameters["source"]


def test_submitting_again_is_a_conflict_with_the_same_hash(
    curl: dict[str, list[str]], release: Release
) -> None:
    first, second, there = curl["Submit"]
    assert (first, second) == ("200", "409")
    labels = json.loads(there)["metadata"]["labels"]
    assert labels["clipmill.dev/owner"] == "alice"
    assert len(labels["clipmill.dev/spec-hash"]) == 32
    assert release.state("talk-42")["owner"] == "alice"


def test_the_status_goes_from_a_phase_to_success(curl: dict[str, list[str]]) -> None:
    first, *_, last = (json.loads(line) for line in curl["Status"])
    assert first["metadata"]["name"] == "talk-42"
    assert last["status"]["phase"] == "Succeeded"


def test_the_results_are_the_manifest_and_addresses_of_its_files(
    curl: dict[str, list[str]], release: Release, cdn: str
) -> None:
    manifest, signed, *with_cdn = curl["Results"]
    assert json.loads(manifest) == release.document("talk-42", "manifest.json")
    (clip,) = json.loads(signed)["clips"]
    for path, address in clip["files"].items():
        answer = httpx.get(address)
        assert answer.status_code == 200
        assert answer.content == release.read(f"jobs/talk-42/{path}")
    assert f"{cdn}/jobs/talk-42/clips/clip_01.mp4" in [line.strip() for line in with_cdn]


def test_the_list_has_the_owners_jobs(curl: dict[str, list[str]]) -> None:
    (answer,) = curl["List"]
    states = {
        item["metadata"]["name"]: item["status"]["phase"] for item in json.loads(answer)["items"]
    }
    assert states == {"talk-42": "Succeeded"}


def test_the_logs_are_lines_of_pods(curl: dict[str, list[str]]) -> None:
    entries = [json.loads(line)["result"] for line in curl["Logs"]]
    assert all(entry["podName"].startswith("talk-42-") for entry in entries)
    assert any("publish" in entry["podName"] for entry in entries)


def test_a_cancelled_job_ends_and_a_retried_one_goes_on(curl: dict[str, list[str]]) -> None:
    made, stopped, *_, end = curl["Cancel"]
    assert (made, stopped) == ("200", "200")
    assert json.loads(end)["status"]["phase"] == "Failed"
    assert curl["Retry"] == ["200"]


def test_the_callback_was_told_of_both(curl: dict[str, list[str]], release: Release) -> None:
    assert curl["Callback"] == ["secret/webhook-example created"]
    ends = {
        job: [body["type"] for _, body in release.events(job)] for job in ("talk-42", "talk-43")
    }
    assert ends["talk-42"] == ["job.succeeded"]
    assert ends["talk-43"][0] == "job.cancelled"


@pytest.fixture(scope="module")
def typescript(
    curl: dict[str, list[str]], release: Release, adapted: dict[str, str], work: Path
) -> Iterator[subprocess.Popen[str]]:
    """The page's program, listening at last."""
    parts = []
    for section, text in page("ts", adapted):
        heading = "" if "import" in text else f'console.log("{MARK}{section}");\n'
        parts.append(heading + text)
    folder = work / "client"
    folder.mkdir()
    script = build(folder, {"page.ts": "\n".join([*parts, LISTEN])}) / "page.js"
    environment = {
        **os.environ,
        "ARGO_TOKEN": release.environment["ARGO_TOKEN"],
        "WEBHOOK_SECRETS": WEBHOOK_SECRET,
    }
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        ["node", script], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
    )
    with process:
        yield process
        process.kill()


def test_the_typescript_says_the_same(
    typescript: subprocess.Popen[str], release: Release, cdn: str
) -> None:
    lines: list[str] = []
    assert typescript.stdout is not None
    for line in typescript.stdout:
        lines.append(line)
        if line.startswith("=== at"):
            break
    else:
        _, trouble = typescript.communicate()
        pytest.fail("".join(lines)[-2000:] + trouble[-2000:])
    said = sections("".join(lines))
    assert "source (required) " in said["Parameters"]
    assert said["Submit"] == ["exists already", "talk-42 exists with other parameters"]
    assert said["Status"] == ["SUCCEEDED  100 "]
    outcome, clip = said["Results"]
    path = "jobs/talk-42/clips/clip_01.mp4"
    assert (outcome, clip.endswith(f" {cdn}/{path}")) == ("complete", True)
    assert httpx.get(f"{cdn}/{path}", follow_redirects=True).content == release.read(path)
    assert said["List"] == ["talk-43 RUNNING", "talk-42 SUCCEEDED"]
    assert any(line.startswith("talk-42-publish-") for line in said["Logs"])
    assert said["Retry"][0] in ("QUEUED", "RUNNING")

    port = int(lines[-1].rsplit(maxsplit=1)[1])
    raw = [(headers, body) for headers, body in release.receiver.messages if b"talk-42" in body]
    ((headers, body),) = raw
    mine = {name: value for name, value in headers.items() if name.startswith("webhook-")}
    at = f"http://127.0.0.1:{port}"
    assert httpx.post(at, headers=mine, content=body).status_code == 204
    assert "job.succeeded talk-42 complete" in typescript.stdout.readline()
    wrong = httpx.post(at, headers=mine, content=body.replace(b"talk-42", b"talk-44"))
    assert (wrong.status_code, wrong.text) == (400, "Error: the webhook has a wrong signature")


def test_nothing_is_left_running(typescript: subprocess.Popen[str], release: Release) -> None:
    """The page ends with a retried job; it is not needed to its end."""
    assert release.clipmill("cancel", "talk-43").code == 0
    until("talk-43's end", lambda: release.state("talk-43")["state"] == "CANCELLED", 120)
    with contextlib.suppress(BrokenPipeError):
        _, trouble = typescript.communicate("", timeout=60)
        assert trouble == ""
