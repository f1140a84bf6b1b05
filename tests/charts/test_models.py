"""Where a step finds models that its image has not: on a volume, from a bucket, or both."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.models import COMMAND
from steps.catalogue import NAMES, load_step
from steps.contract.parser import Parser
from steps.model.weights import MODELS
from tests.charts.helm import (
    CHART,
    IN_CLUSTER,
    Manifest,
    Values,
    environment,
    named,
    needs_helm,
    rendered,
    step,
    template,
)

CLAIM: dict[str, Any] = {"persistentVolumeClaim": {"claimName": "models"}}
URI = "s3://clips/models"
USERS = set(json.loads((CHART / "files/models.json").read_text()))


def volumes(objects: list[Manifest]) -> dict[str, Any]:
    found = named(objects, "WorkflowTemplate", "clipmill")["spec"]["volumes"]
    return {one["name"]: one for one in found}


def mounts(container: Manifest) -> dict[str, Any]:
    return {one["name"]: one for one in container["volumeMounts"]}


def test_every_step_that_declares_models_is_said_to_use_them() -> None:
    used = {name for model in MODELS.values() for name in model.steps}
    declared = {name for name in NAMES if load_step(name).weights}
    assert declared <= used == USERS
    assert used <= set(NAMES)


@needs_helm
def test_without_values_no_step_has_a_model_volume(tmp_path: Path) -> None:
    objects = rendered(tmp_path)
    assert set(volumes(objects)) == {"job", "scratch"}
    assert "CLIPMILL_WEIGHTS_DIR" not in environment(step(objects, "transcribe"))


@needs_helm
def test_a_volume_is_mounted_for_reading_where_models_are_used(tmp_path: Path) -> None:
    objects = rendered(tmp_path, {"models": {"volume": CLAIM}})
    assert volumes(objects)["models"] == {"name": "models", **CLAIM}
    for name in NAMES:
        made = step(objects, name)
        assert "initContainers" not in made
        assert ("models" in mounts(made["container"])) == (name in USERS)
        if name in USERS:
            assert mounts(made["container"])["models"]["readOnly"] is True
            assert environment(made)["CLIPMILL_WEIGHTS_DIR"] == "/models"


@needs_helm
@pytest.mark.parametrize("volume", [{}, CLAIM])
def test_a_bucket_fills_the_volume_before_the_step(tmp_path: Path, volume: Values) -> None:
    objects = rendered(tmp_path, IN_CLUSTER, {"models": {"uri": URI, "volume": volume}})
    assert volumes(objects)["models"] == {"name": "models", **(volume or {"emptyDir": {}})}
    made = step(objects, "detect")
    (init,) = made["initContainers"]
    assert init["image"] == made["container"]["image"]
    assert init["command"] == ["python", "-m", "pipelines"]
    assert init["securityContext"] == made["container"]["securityContext"]
    assert "readOnly" not in mounts(init)["models"]
    assert mounts(made["container"])["models"]["readOnly"] is True
    told = environment({"container": init})
    assert told["AWS_ENDPOINT_URL_S3"] == "http://s3.storage:8333"
    assert told["CLIPMILL_WEIGHTS_DIR"] == "/models"
    assert "AWS_ACCESS_KEY_ID" not in environment(made)
    parser = Parser()
    COMMAND.add_options(parser)
    options = parser.parse_args(init["args"][1:])
    assert (options.action, options.source, options.step) == ("fetch", URI, "detect")
    assert all("initContainers" not in step(objects, name) for name in set(NAMES) - USERS)


@needs_helm
@pytest.mark.parametrize("models", [{"uri": "/models"}, {"volume": "models"}, {"path": "x"}])
def test_other_values_are_refused(tmp_path: Path, models: Values) -> None:
    done = template(tmp_path, {"models": models})
    assert done.returncode != 0
    assert "models" in done.stderr
