"""The TypeScript client of docs/ agrees with the command line about recorded workflows."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hera.workflows import models as m

from pipelines.argo.retry import unfinished_nodes
from pipelines.argo.state import job_state
from pipelines.argo.submission import is_carried, spec_hash
from pipelines.dag import clips_dag
from steps.contract.receipt import Failure
from steps.model.manifest import Delivered, Manifest, Missing
from steps.notify.signing import headers, parse_secrets
from tests.markdown import blocks
from tests.pipelines.argo.answering import Answering, answering
from tests.typescript import build, node

RECORDED = Path(__file__).parent / "workflows"
PAGE = Path(__file__).parents[3] / "docs" / "rest.md"
SECRETS = ("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", f"whsec_{'QUJD' * 10}")
BODY = '{"type":"job.succeeded","data":{"job":"tälk"}}'
TIME_S = 1_800_000_000

PROBE = """
import { readFileSync } from "node:fs";
import { Clipmill, jobOf, results, specHash, verifyWebhook } from "./clipmill.js";

const caught = async (work: () => Promise<unknown>) => {
  try { return await work() ?? null; } catch (error) { return String(error); }
};
const asked = JSON.parse(readFileSync(process.argv[2]!, "utf8"));
const verified = asked.webhooks.map((one: any) => {
  try { return verifyWebhook(one.secrets, one.headers, one.body, one.now).type; }
  catch (error) { return String(error); }
});
const hashes = asked.parameters.map((values: any) => specHash("clipmill", values));
const clipmill = new Clipmill({ server: asked.server, namespace: "clips", token: () => "secret" });
const lines = async () => { for await (const one of clipmill.logs("talk")) void one; };
const called: unknown[] = [];
const calls: Record<string, () => Promise<unknown>> = {
  submit: () => clipmill.submit("talk", asked.values[called.length]),
  retry: () => clipmill.retry("talk"),
  logs: lines,
  list: () => clipmill.list(),
  results: () => results(`${asked.server}/cdn/`, "talk"),
};
for (const name of asked.calls) called.push(await caught(calls[name]!));
console.log(JSON.stringify({ called, jobs: asked.workflows.map(jobOf), hashes, verified }));
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = "\n".join(block.text for block in blocks(PAGE) if block.language == "ts")
    folder = tmp_path_factory.mktemp("client")
    return build(folder, {"probe.ts": PROBE, "page.ts": page})


def ask(built: Path, **asked: Any) -> dict[str, Any]:
    asked = {"workflows": [], "parameters": [], "webhooks": [], "calls": [], **asked}
    (built / "question.json").write_text(json.dumps(asked))
    answer: dict[str, Any] = json.loads(node(built / "probe.js", str(built / "question.json")))
    return answer


def submit(built: Path, there: Answering, *values: dict[str, str]) -> list[Any]:
    """What each submission of a job gave, one after the other."""
    calls = ["submit"] * len(values)
    found: list[Any] = ask(built, server=there.url, values=values, calls=calls)["called"]
    return found


def workflows() -> list[dict[str, Any]]:
    """What a controller wrote, and each of it stopped, and each with a lost pod."""
    all_of_them = [recorded(path.stem) for path in sorted(RECORDED.glob("*.json"))]
    stopped, lost = copy.deepcopy(all_of_them), copy.deepcopy(all_of_them)
    for workflow in stopped:
        workflow["spec"]["shutdown"] = "Terminate"
    for workflow in lost:
        workflow["status"]["phase"] = "Failed"
        for one in workflow["status"].get("nodes", {}).values():
            if one["phase"] in ("Failed", "Running"):
                one |= {"phase": "Error", "message": "pod deleted", "progress": "33/100"}
    bare = [{"metadata": {"name": "talk"}, "spec": {}}]
    return [*all_of_them, *stopped, *lost, *bare, terminated(), hook_failed(), at_one_time()]


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text())
    return found


def terminated() -> dict[str, Any]:
    """It was terminated while it waited; Argo reports that as a success."""
    workflow = recorded("queued")
    workflow["spec"]["shutdown"] = "Terminate"
    workflow["status"] |= {"phase": "Succeeded", "progress": "0/1"}
    return workflow


def hook_failed() -> dict[str, Any]:
    """After a success without one of the clips."""
    workflow = recorded("partial")
    workflow["status"]["phase"] = "Failed"
    for one in workflow["status"]["nodes"].values():
        if ".onExit" in one["name"]:
            one |= {"phase": "Failed", "message": "OOMKilled (exit code 137)"}
    return workflow


def at_one_time() -> dict[str, Any]:
    """Several failures in one second, which is the resolution of Argo's times."""
    workflow = recorded("partial")
    workflow["status"]["phase"] = "Failed"
    for one in workflow["status"]["nodes"].values():
        one["finishedAt"] = "2026-01-01T00:00:00Z"
        if ".onExit" not in one["name"]:
            one |= {"phase": "Failed", "message": f"main: Error (exit code 84): {one['name']}"}
    return workflow


def test_states_are_those_of_the_command_line(built: Path) -> None:
    asked = workflows()
    wanted = []
    for workflow in asked:
        state = job_state(m.Workflow(**workflow))
        wanted.append(
            {
                "id": state.job, "state": state.state, "stage": state.stage,
                "percent": state.percent, "message": state.message, "exitCode": state.exit_code,
            }
        )  # fmt: skip
    assert ask(built, workflows=asked)["jobs"] == wanted
    assert {state["state"] for state in wanted} == {
        "QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"}  # fmt: skip


def test_hashes_are_those_of_the_command_line(built: Path) -> None:
    parameters = [
        {},
        {"source": "https://example.com/a.mp4", "clips": "3"},
        {"b": "2", "a": "1", "é": 'quoted "text" \\ \u2028 \x07', "Z": "\U0001f600"},
    ]
    wanted = [spec_hash("clipmill", values) for values in parameters]
    assert ask(built, parameters=parameters)["hashes"] == wanted


def test_a_webhook_needs_a_recent_signature_of_one_of_the_secrets(built: Path) -> None:
    keys = parse_secrets(SECRETS[0])
    both = parse_secrets(" ".join(SECRETS))
    signed = headers(keys, "msg_1", TIME_S, BODY.encode())
    other = {"secrets": [SECRETS[1]], "headers": signed, "body": BODY, "now": TIME_S}
    good = {**other, "secrets": [SECRETS[0]]}
    cases = [
        (good, "job.succeeded"),
        ({**good, "secrets": list(SECRETS)}, "job.succeeded"),
        ({**good, "now": TIME_S + 300}, "job.succeeded"),
        ({**other, "headers": headers(both, "msg_1", TIME_S, BODY.encode())}, "job.succeeded"),
        (other, "Error: the webhook has a wrong signature"),
        ({**good, "body": BODY.replace("tälk", "other")}, "Error: the webhook has a wrong"),
        ({**good, "headers": {**signed, "webhook-id": "msg_2"}}, "Error: the webhook has a wrong"),
        ({**good, "headers": {**signed, "webhook-signature": "v1,"}}, "Error: the webhook has a"),
        ({**good, "now": TIME_S + 301}, "Error: the webhook is too old"),
        ({**good, "now": TIME_S - 301}, "Error: the webhook is too old"),
        ({**good, "headers": {**signed, "webhook-timestamp": "x"}}, "Error: the webhook is too"),
        ({**good, "headers": {}}, "Error: the webhook is not signed"),
        ({**good, "secrets": []}, "Error: the webhook has a wrong signature"),
        ({**good, "secrets": [SECRETS[0], "whsec_!"]}, "Error: a webhook secret is not base64"),
        ({**good, "secrets": [SECRETS[0], "QUJD"]}, "Error: a webhook secret has 24 to 64 bytes"),
        (
            {**good, "secrets": [""], "headers": headers((b"",), "msg_1", TIME_S, BODY.encode())},
            "Error: a webhook secret has 24 to 64 bytes, not 0",
        ),
    ]
    found = ask(built, webhooks=[case for case, _ in cases])["verified"]
    for said, (case, wanted) in zip(found, cases, strict=True):
        assert said.startswith(wanted), (said, case)


TEMPLATE = json.dumps(
    {"spec": {"arguments": {"parameters": [{"name": "source"}, {"name": "callback"}]}}}
)
MADE = json.dumps({"metadata": {"name": "talk"}, "spec": {}})
NEW = [(200, TEMPLATE), (404, "not found"), (200, MADE)]
"""A server's answer about a job that it does not know yet."""


def test_every_submission_reads_the_parameters_of_the_template(built: Path) -> None:
    """So an expired token or an upgrade of the chart has no lasting effect."""
    with answering((401, "expired"), *NEW, *NEW) as there:
        found = submit(built, there, *[{"source": "s3://a/b"}] * 3)
    assert found[0] == "Error: expired"
    assert [one["created"] for one in found[1:]] == [True, True]


NOT_URLS = (
    "backend", "ftp://example.com/", "https://", "https:///a", "https://?a", " https://a.b/",
    "https://a.b/\n", "https://a.b/ c", "https://[a/", "https://a.b:x/",
    f"https://a.b/{'c' * 2000}",
)  # fmt: skip


def test_a_callback_that_is_not_a_url_is_refused(built: Path) -> None:
    with answering((200, TEMPLATE)) as there:
        found = submit(built, there, *({"callback": callback} for callback in NOT_URLS))
        assert len(there.asked) == len(NOT_URLS)
    refusal = "Error: callback is not an http(s) URL of at most 2000 characters"
    assert dict(zip(NOT_URLS, found, strict=True)) == dict.fromkeys(NOT_URLS, refusal)


SOURCES = (
    "s3://a/plain", "s3://a/tag{{x", "s3://a/tab\t", "s3://a/\x07", "s3://a/\x7f",
    "s3://a/\x85\u200d\ue000", "s3://a/\U0001f600", "s3://a/\U000e0001", "s3://a/\ud800",
)  # fmt: skip


def test_characters_that_argo_cannot_pass_on_are_refused(built: Path) -> None:
    answers = [one for source in SOURCES for one in (NEW if is_carried(source) else NEW[:1])]
    with answering(*answers) as there:
        found = submit(built, there, *({"source": source} for source in SOURCES))
        assert len(there.asked) == len(answers)
    made = {source: not isinstance(one, str) for source, one in zip(SOURCES, found, strict=True)}
    assert made == {source: is_carried(source) for source in SOURCES}


def test_a_callback_may_be_long_and_without_tls(built: Path) -> None:
    callback = f"HTTP://example.com:8080/{'a' * 1900}?b=c"
    with answering(*NEW) as there:
        (found,) = submit(built, there, {"callback": callback})
    assert found["created"]


def test_a_job_in_the_archive_is_not_created_again(built: Path) -> None:
    values = {"source": "s3://a/b"}
    labels = {"clipmill.dev/spec-hash": spec_hash("clipmill", values)}
    kept = json.dumps({"metadata": {"name": "talk", "labels": labels}, "spec": {}})
    with answering((200, TEMPLATE), (200, kept), (200, TEMPLATE), (200, MADE)) as there:
        found = submit(built, there, values, values)
    assert [method for method, *_ in there.asked] == ["GET"] * 4
    assert found[0]["created"] is False
    assert found[1] == "Error: talk exists with other parameters"


def test_a_retry_sends_what_the_command_line_sends(built: Path) -> None:
    with answering((200, MADE)) as there:
        ask(built, server=there.url, calls=["retry"])
    ((method, path, _, body),) = there.asked
    assert (method, path) == ("PUT", "/api/v1/workflows/clips/talk/retry")
    nodes = unfinished_nodes("talk", clips_dag())
    assert json.loads(body) == {"restartSuccessful": True, "nodeFieldSelector": nodes}


def test_the_list_shows_a_job_that_was_terminated_while_it_waited(built: Path) -> None:
    with answering((200, json.dumps({"items": [terminated()]}))) as there:
        found = ask(built, server=there.url, calls=["list"])
    assert "items.status.progress" in there.asked[0][1]
    assert [one["state"] for one in found["called"][0]] == ["CANCELLED"]


def test_an_error_in_the_log_stream_keeps_its_message(built: Path) -> None:
    line = json.dumps({"error": {"http_code": 404, "message": "no such workflow"}})
    with answering((200, f"{line}\n")) as there:
        assert ask(built, server=there.url, calls=["logs"])["called"] == ["Error: no such workflow"]


def test_results_are_urls_that_can_be_fetched(built: Path) -> None:
    failure = Failure(exit_code=81, error="UnsupportedMedia", message="no picture")
    manifest = Manifest(
        clipmill="0", outcome="partial", reason="1 of 2 clips", source_sha256="0" * 64,
        clips=(Delivered(id="clip_01", title="One", files=("clips/clip_01.mp4", "a b/é#.txt")),),
        missing=(Missing(id="clip_02", failure=failure),),
        tasks=(), models=(), degradations=(), artifacts=(),
    )  # fmt: skip
    answers = [(200, manifest.canonical_bytes().decode()), (404, ""), (403, ""), (500, "")]
    with answering(*answers) as there:
        found = ask(built, server=there.url, calls=["results"] * 4)["called"]
    at = f"{there.url}/cdn/jobs/talk"
    assert found[0] == {
        "outcome": "partial",
        "reason": "1 of 2 clips",
        "clips": [
            {
                "id": "clip_01",
                "title": "One",
                "files": {
                    "clips/clip_01.mp4": f"{at}/clips/clip_01.mp4",
                    "a b/é#.txt": f"{at}/a%20b/%C3%A9%23.txt",
                },
            }
        ],
        "missing": [{"id": "clip_02", "why": "no picture"}],
    }
    assert found[1:] == [None, None, f"Error: {at}/manifest.json answered 500"]
    assert {(path, token) for _, path, token, _ in there.asked} == {
        ("/cdn/jobs/talk/manifest.json", "")
    }
