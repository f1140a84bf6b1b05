"""What the values' choice of an engine does to its step: image, resources, pool and param."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.charts.helm import CHART, Manifest, Values, named, needs_helm, rendered, step, template

FACTS: dict[str, Any] = {
    "ear": {
        "steps": ["transcribe"],
        "off": False,
        "engines": {
            "large": {"environment": "whisper", "gpus": 1, "cpu": 4, "memoryMiB": 9000},
            "small": {"environment": "", "gpus": 0, "cpu": 1, "memoryMiB": 500},
        },
    },
    "voices": {
        "steps": ["transcribe"],
        "off": True,
        "engines": {
            "many": {"environment": "whisper", "gpus": 1, "cpu": 1, "memoryMiB": 12000},
            "other": {"environment": "other", "gpus": 0, "cpu": 1, "memoryMiB": 1},
        },
    },
}
GPUS: Values = {"pools": {"gpu": {"enabled": True}}}


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart with two jobs of transcribe, one of which may be off."""
    folder = tmp_path_factory.mktemp("chart") / "clipmill"
    shutil.copytree(CHART, folder)
    (folder / "files/engines.json").write_text(json.dumps(FACTS))
    schema = json.loads((folder / "values.schema.json").read_text())
    schema["properties"]["engines"] = {"type": "object"}
    (folder / "values.schema.json").write_text(json.dumps(schema))
    for path in folder.glob("files/*.yaml"):
        document = yaml.safe_load(path.read_text())
        document["spec"]["arguments"]["parameters"] += [
            {"name": name, "value": "auto", "enum": ["auto", *facts["engines"]]}
            for name, facts in FACTS.items()
        ]
        path.write_text(yaml.safe_dump(document))
    return folder


def parameter(objects: list[Manifest], name: str) -> Manifest:
    spec = named(objects, "WorkflowTemplate", "clipmill")["spec"]
    found: Manifest = next(item for item in spec["arguments"]["parameters"] if item["name"] == name)
    return found


def placed(objects: list[Manifest], name: str) -> tuple[str, str, int]:
    """The image, the memory and the GPUs of a step."""
    container = step(objects, name)["container"]
    limits = container["resources"]["limits"]
    image = container["image"].rpartition(":")[0]
    return image, limits["memory"], int(limits.get("nvidia.com/gpu", 0))


@needs_helm
def test_a_named_engine_brings_its_image_and_its_resources(chart: Path, tmp_path: Path) -> None:
    objects = rendered(tmp_path, GPUS, {"engines": {"ear": "large"}}, chart=chart)
    assert placed(objects, "transcribe") == ("clipmill-whisper", "9000Mi", 1)
    assert step(objects, "transcribe")["container"]["resources"]["requests"]["cpu"] == "4"
    assert step(objects, "transcribe")["metadata"]["labels"]["clipmill.dev/pool"] == "gpu"
    assert placed(objects, "detect") == ("clipmill-detect", "3072Mi", 0)
    assert (parameter(objects, "ear")["value"], parameter(objects, "ear")["enum"]) == (
        "large",
        ["large"],
    )


@needs_helm
def test_engines_of_one_step_share_its_pod(chart: Path, tmp_path: Path) -> None:
    values: Values = {"engines": {"ear": "large", "voices": "many"}}
    objects = rendered(tmp_path, GPUS, values, chart=chart)
    assert placed(objects, "transcribe") == ("clipmill-whisper", "12000Mi", 1)
    assert parameter(objects, "voices")["enum"] == ["many", "off"]


@needs_helm
def test_engines_of_two_images_are_refused(chart: Path, tmp_path: Path) -> None:
    done = template(tmp_path, {"engines": {"ear": "large", "voices": "other"}}, chart=chart)
    assert done.returncode != 0
    assert "other of transcribe needs the image other, another engine needs whisper" in done.stderr


@needs_helm
def test_auto_offers_the_engines_of_the_image(chart: Path, tmp_path: Path) -> None:
    objects = rendered(tmp_path, GPUS, chart=chart)
    assert placed(objects, "transcribe") == ("clipmill-transcribe", "4096Mi", 0)
    assert parameter(objects, "ear")["enum"] == ["auto", "small"]
    assert parameter(objects, "voices")["enum"] == ["auto", "off"]
    objects = rendered(tmp_path, {"engines": {"ear": "large"}}, chart=chart)
    assert parameter(objects, "voices")["enum"] == ["auto", "many", "off"]


@needs_helm
def test_without_a_gpu_pool_the_engine_runs_on_cpus(chart: Path, tmp_path: Path) -> None:
    objects = rendered(tmp_path, {"engines": {"ear": "large"}}, chart=chart)
    assert placed(objects, "transcribe") == ("clipmill-whisper", "9000Mi", 0)
    assert step(objects, "transcribe")["metadata"]["labels"]["clipmill.dev/pool"] == "cpu"


@needs_helm
def test_a_step_s_values_go_before_its_engine(chart: Path, tmp_path: Path) -> None:
    own: Values = {
        "engines": {"ear": "large"},
        "steps": {"transcribe": {"image": "x/y:1", "memoryMiB": 100, "gpus": 0}},
    }
    assert placed(rendered(tmp_path, GPUS, own, chart=chart), "transcribe") == ("x/y", "100Mi", 0)


@needs_helm
def test_the_images_of_engines_are_pulled_ahead(chart: Path, tmp_path: Path) -> None:
    values: Values = {"engines": {"ear": "large"}, "prePull": {"enabled": True}}
    objects = rendered(tmp_path, GPUS, values, chart=chart)
    pod = named(objects, "DaemonSet", "clipmill-pull-gpu")["spec"]["template"]["spec"]
    images = [item["image"].rpartition(":")[0] for item in pod["containers"]]
    assert images == ["clipmill-whisper"]
