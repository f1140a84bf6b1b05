"""The TypeScript client of docs/ says what the command line says, of recorded workflows."""

import json
from pathlib import Path
from typing import Any

import pytest
from hera.workflows import models as m

from pipelines.argo.state import job_state
from pipelines.argo.submission import spec_hash
from steps.notify.signing import headers, parse_secrets
from tests.markdown import blocks
from tests.typescript import build, node

RECORDED = Path(__file__).parent / "workflows"
PAGE = Path(__file__).parents[3] / "docs" / "rest.md"
SECRETS = ("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", f"whsec_{'QUJD' * 10}")
BODY = '{"type":"job.succeeded","data":{"job":"tälk"}}'
TIME_S = 1_800_000_000

PROBE = """
import { readFileSync } from "node:fs";
import { jobOf, specHash, verifyWebhook } from "./clipmill.js";

const asked = JSON.parse(readFileSync(process.argv[2]!, "utf8"));
const verified = asked.webhooks.map((one: any) => {
  try { return verifyWebhook(one.secrets, one.headers, one.body, one.now).type; }
  catch (error) { return String(error); }
});
const hashes = asked.parameters.map((values: any) => specHash("clipmill", values));
console.log(JSON.stringify({ jobs: asked.workflows.map(jobOf), hashes, verified }));
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = "\n".join(block.text for block in blocks(PAGE) if block.language == "ts")
    folder = tmp_path_factory.mktemp("client")
    return build(folder, {"probe.ts": PROBE, "page.ts": page})


def ask(built: Path, **asked: Any) -> dict[str, Any]:
    asked = {"workflows": [], "parameters": [], "webhooks": [], **asked}
    question = built / "question.json"
    question.write_text(json.dumps(asked))
    answer: dict[str, Any] = json.loads(node(built / "probe.js", str(question)))
    return answer


def workflows() -> list[dict[str, Any]]:
    """What a controller wrote, and each of it stopped, and each with a lost pod."""
    recorded = [json.loads(path.read_text()) for path in sorted(RECORDED.glob("*.json"))]
    stopped = json.loads(json.dumps(recorded))
    lost = json.loads(json.dumps(recorded))
    for workflow in stopped:
        workflow["spec"]["shutdown"] = "Terminate"
    for workflow in lost:
        workflow["status"]["phase"] = "Failed"
        for one in workflow["status"].get("nodes", {}).values():
            if one["phase"] in ("Failed", "Running"):
                one |= {"phase": "Error", "message": "pod deleted", "progress": "33/100"}
    bare = [{"metadata": {"name": "talk"}, "spec": {}}]
    return [*recorded, *stopped, *lost, *bare]


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


def test_a_webhook_counts_when_one_of_the_secrets_signed_it_lately(built: Path) -> None:
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
    ]
    found = ask(built, webhooks=[case for case, _ in cases])["verified"]
    for said, (case, wanted) in zip(found, cases, strict=True):
        assert said.startswith(wanted), (said, case)
