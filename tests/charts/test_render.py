"""The chart over a matrix of values: every object is valid, limited, and free of secrets."""

import json
from functools import cache
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from pipelines.argo.lint.checks import lint
from tests.charts.helm import (
    CHART,
    GPU_VALUES,
    Manifest,
    Values,
    helm,
    needs_helm,
    rendered,
    template,
)
from tests.charts.matrix import EVERYTHING, MATRIX

pytestmark = needs_helm

KUBERNETES = ("1.31", "1.34")
POD_KINDS = ("Deployment", "DaemonSet")


@pytest.fixture(scope="module", params=sorted(MATRIX))
def objects(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Manifest]:
    return rendered(tmp_path_factory.mktemp("values"), *MATRIX[request.param])


@pytest.mark.parametrize("values", [(), (GPU_VALUES,)])
def test_helm_lint_passes(values: tuple[Path, ...]) -> None:
    done = helm("lint", "--strict", str(CHART), *(f"--values={path}" for path in values))
    assert done.returncode == 0, done.stdout + done.stderr


def test_rendering_twice_gives_the_same_text(tmp_path: Path) -> None:
    assert template(tmp_path, EVERYTHING).stdout == template(tmp_path, EVERYTHING).stdout


@cache
def valid(text: str, version: str) -> None:
    """Validate an object; those that several releases have are validated once."""
    kubernetes_validate.validate(json.loads(text), version, strict=True)


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_knows_every_object(objects: list[Manifest], version: str) -> None:
    for item in objects:
        if not item["apiVersion"].startswith("argoproj.io/"):
            valid(json.dumps(item), version)


def test_argo_knows_every_template(objects: list[Manifest]) -> None:
    workflows = [item for item in objects if item["kind"] == "WorkflowTemplate"]
    assert len(workflows) == 2
    assert {item["metadata"]["name"]: lint(item) for item in workflows} == {
        "clipmill": [], "clipmill-detect": [],
    }  # fmt: skip


def test_no_secret_holds_data(objects: list[Manifest]) -> None:
    secrets = [item for item in objects if item["kind"] == "Secret"]
    assert secrets
    assert [item for item in secrets if item.get("data") or item.get("stringData")] == []


def test_every_object_has_its_namespace_and_labels(objects: list[Manifest]) -> None:
    for item in objects:
        assert item["metadata"]["labels"]["app.kubernetes.io/name"] == "clipmill"
        assert ("namespace" in item["metadata"]) is (item["kind"] != "PriorityClass")


def test_every_container_is_limited_and_locked_down(objects: list[Manifest]) -> None:
    found = []
    for item in objects:
        if item["kind"] in POD_KINDS:
            pod = item["spec"]["template"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["automountServiceAccountToken"] is False
            found += pod["containers"]
        if item["kind"] == "WorkflowTemplate":
            assert item["spec"]["securityContext"]["runAsNonRoot"] is True
            templates = item["spec"]["templates"]
            found += [one["container"] for one in templates if "container" in one]
    assert found
    for container in found:
        assert "memory" in container["resources"]["limits"]
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        rights = container["securityContext"]
        assert rights["readOnlyRootFilesystem"] is True
        assert rights["allowPrivilegeEscalation"] is False
        assert rights["capabilities"]["drop"] == ["ALL"]


def test_names_that_templates_refer_to_exist(objects: list[Manifest]) -> None:
    names = {(item["kind"], item["metadata"]["name"]) for item in objects}
    maps = {item["metadata"]["name"]: item for item in objects if item["kind"] == "ConfigMap"}
    for item in objects:
        if item["kind"] != "WorkflowTemplate":
            continue
        spec = item["spec"]
        assert ("ServiceAccount", spec["serviceAccountName"]) in names
        executor = spec["executor"]["serviceAccountName"]
        assert ("ServiceAccount", executor) in names
        assert ("Secret", f"{executor}.service-account-token") in names
        store = spec["artifactRepositoryRef"]
        assert store["key"] in maps[store["configMap"]]["data"]
        locks = [spec, *spec["templates"]]
        for lock in (found["synchronization"] for found in locks if "synchronization" in found):
            for semaphore in lock["semaphores"]:
                reference = semaphore["configMapKeyRef"]
                assert int(maps[reference["name"]]["data"][reference["key"]]) >= 1


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"storagee": {}}, "storagee"),
        ({"storage": {"endpoin": "x"}}, "endpoin"),
        ({"storage": {"endpoint": "https://s3.example"}}, "endpoint"),
        ({"storage": {"prefix": "../x"}}, "prefix"),
        ({"steps": {"detectt": {}}}, "detectt"),
        ({"steps": {"detect": {"memory": 1}}}, "memory"),
        ({"steps": {"detect": {"memoryMiB": "8Gi"}}}, "memoryMiB"),
        ({"steps": {"detect": {"pool": "tpu"}}}, "pool"),
        ({"limits": {"jobs": 0}}, "jobs"),
        ({"limits": {"gpuSteps": 0}}, "gpuSteps"),
        ({"images": {"pullPolicy": "Sometimes"}}, "pullPolicy"),
        ({"pools": {"gpu": {"enable": True}}}, "enable"),
        ({"networkPolicy": {"apiServerCIDRs": []}}, "apiServerCIDRs"),
        ({"networkPolicy": {"blockedCIDRs": ["anywhere"]}}, "blockedCIDRs"),
        ({"cache": {"uri": "/tmp/cache"}}, "uri"),
        ({"metrics": {"pricePerGpuHour": "much"}}, "pricePerGpuHour"),
        ({"vllm": {"enabled": "yes"}}, "enabled"),
    ],
)
def test_the_schema_names_a_bad_value(tmp_path: Path, values: Values, names: str) -> None:
    done = template(tmp_path, values)
    assert done.returncode != 0
    assert names in done.stderr


def test_vllm_without_a_model_is_refused(tmp_path: Path) -> None:
    done = template(tmp_path, {"vllm": {"enabled": True}})
    assert done.returncode != 0
    assert "vllm.model" in done.stderr


def test_every_value_has_a_place_in_the_schema() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())

    def walk(values: object, node: Values, where: str) -> None:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        if not isinstance(values, dict) or "properties" not in node:
            return
        assert node["additionalProperties"] is False, where
        assert set(values) <= set(node["properties"]), where
        for name, value in values.items():
            walk(value, node["properties"][name], f"{where}.{name}")

    defaults = yaml.safe_load((CHART / "values.yaml").read_text())
    walk(defaults, schema, "")
    assert set(schema["properties"]) - {"global"} == set(defaults)
