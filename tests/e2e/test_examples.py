"""The files of docs/examples on a cluster: what they create starts a job of the template.

The source is not in the bucket, so that each job ends at its first step.
"""

import json
from typing import Any

import httpx
import pytest
import yaml

from tests.comparisons import program
from tests.e2e.namespace import Object, nodes, tool
from tests.e2e.release import Release
from tests.e2e.waiting import until
from tests.pipelines.argo.test_examples import EXAMPLES, trigger

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

END_S = 300


def given(parameters: list[dict[str, str]], source: str) -> list[dict[str, str]]:
    """An example's parameters, with another source."""
    return [{**one, "value": source} if one["name"] == "source" else one for one in parameters]


def failed_download(release: Release, job: str, source: str) -> Object:
    """The workflow, when its download has failed for want of that source."""
    workflow = release.namespace.ended(job, END_S)
    (download, *_) = nodes(workflow, "download")
    assert download["outputs"]["exitCode"] == "83", download.get("message")
    assert source.rpartition("/")[2] in json.dumps(workflow["status"])
    return workflow


def test_the_body_of_the_sensor_is_a_job(release: Release) -> None:
    """Argo Events is not here: this does to its Workflow what the sensor's parameters do."""
    source = f"s3://{release.store.bucket}/uploads/no such talk.mp4"
    body: dict[str, Any] = trigger()["source"]["resource"]
    body["metadata"]["name"] += "0123456789abcdef"
    arguments = body["spec"]["arguments"]
    arguments["parameters"] = given(arguments["parameters"], source)
    server, namespace = release.environment["ARGO_SERVER"], release.namespace.name
    answer = httpx.post(
        f"{server}/api/v1/workflows/{namespace}",
        json={"workflow": body},
        headers={"Authorization": f"Bearer {release.environment['ARGO_TOKEN']}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    workflow = failed_download(release, body["metadata"]["name"], source)
    assert workflow["metadata"]["annotations"]["workflows.argoproj.io/title"] == "An upload"


def test_the_cron_workflow_starts_a_job(release: Release) -> None:
    """Started by hand, as `argo submit --from` does, not by its clock."""
    argo = program("argo", "the CronWorkflow of docs/examples")
    source = f"s3://{release.store.bucket}/shows/none.mp4"
    nightly = yaml.safe_load((EXAMPLES / "nightly.yaml").read_text())
    nightly["spec"]["suspend"] = True
    arguments = nightly["spec"]["workflowSpec"]["arguments"]
    arguments["parameters"] = given(arguments["parameters"], source)
    release.namespace.apply(nightly)
    name = nightly["metadata"]["name"]
    until("the CronWorkflow", lambda: release.namespace.get("cronworkflows.argoproj.io", name), 30)
    words = ("submit", "--namespace", release.namespace.name, "--from", f"cronwf/{name}")
    job = tool(str(argo), *words, "--output", "name").strip()
    workflow = failed_download(release, job, source)
    assert workflow["spec"]["workflowTemplateRef"] == {"name": "clipmill"}
    assert workflow["metadata"]["labels"]["app.kubernetes.io/name"] == "clipmill"
