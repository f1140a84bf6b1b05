"""The files of docs/examples: valid for Argo and Argo Events, and for the template they name."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hera.events.models import EventSource, Sensor
from hera.workflows.models import CronWorkflow, Workflow

from pipelines.argo.names import CLIPS_TEMPLATE, kebab
from pipelines.argo.template import CLUSTER_PARAMETERS
from pipelines.dag import clips_dag
from tests.comparisons import program

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "docs" / "examples"
TEMPLATE = ROOT / "charts" / "clipmill" / "files" / "clipmill.yaml"
KNOWN = {kebab(name) for name in clips_dag().params} | {one.name for one in CLUSTER_PARAMETERS}


def documents(name: str) -> list[Any]:
    return list(yaml.safe_load_all((EXAMPLES / name).read_text()))


def trigger() -> dict[str, Any]:
    _, sensor = documents("sensor.yaml")
    (found,) = sensor["spec"]["triggers"]
    made: dict[str, Any] = found["template"]["k8s"]
    return made


def workflows() -> list[dict[str, Any]]:
    """The spec of the Workflow that each example makes."""
    (nightly,) = documents("nightly.yaml")
    return [trigger()["source"]["resource"]["spec"], nightly["spec"]["workflowSpec"]]


def test_the_models_of_argo_take_them() -> None:
    source, sensor = documents("sensor.yaml")
    assert EventSource.model_validate(source).spec
    assert Sensor.model_validate(sensor).spec
    assert Workflow.model_validate(trigger()["source"]["resource"]).spec
    assert CronWorkflow.model_validate(documents("nightly.yaml")[0]).spec


@pytest.mark.parametrize("spec", workflows())
def test_the_template_has_these_parameters(spec: dict[str, Any]) -> None:
    assert spec["workflowTemplateRef"] == {"name": CLIPS_TEMPLATE}
    given = {one["name"]: one["value"] for one in spec["arguments"]["parameters"]}
    assert set(given) <= KNOWN
    values = {name.replace("-", "_"): value for name, value in given.items()}
    clips_dag().check_params({name: text for name, text in values.items() if name != "owner"})


def test_the_sensor_listens_to_its_source_and_names_the_job_after_the_upload() -> None:
    source, sensor = documents("sensor.yaml")
    (dependency,) = sensor["spec"]["dependencies"]
    assert dependency["eventSourceName"] == source["metadata"]["name"]
    assert dependency["eventName"] in source["spec"]["minio"]
    name, film = trigger()["parameters"]
    assert {one["src"]["dependencyName"] for one in (name, film)} == {dependency["name"]}
    assert name["dest"] == "metadata.name"
    resource = trigger()["source"]["resource"]
    assert resource["metadata"]["name"] == "upload-"
    assert film["dest"] == "spec.arguments.parameters.0.value"
    assert resource["spec"]["arguments"]["parameters"][0]["name"] == "source"
    for one in (name, film):
        assert one["src"]["dataTemplate"].count("{{") == one["src"]["dataTemplate"].count("}}")


def test_argo_lint_accepts_them(tmp_path: Path) -> None:
    argo = program("argo", "the examples with argo lint")
    made = trigger()["source"]["resource"] | {"metadata": {"name": "upload-1"}}
    extracted = tmp_path / "workflow.yaml"
    extracted.write_text(yaml.safe_dump(made))
    kinds = "workflows,cronworkflows,workflowtemplates"
    files = [str(path) for path in (extracted, EXAMPLES / "nightly.yaml", TEMPLATE)]
    said = subprocess.run(
        [str(argo), "lint", "--offline", "--kinds", kinds, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_a_page_explains_them() -> None:
    page = (ROOT / "docs" / "cluster.md").read_text()
    for path in sorted(EXAMPLES.iterdir()):
        assert f"(examples/{path.name})" in page
