"""What each value does, and that nothing else changes the rendered templates."""

import copy
import json
from pathlib import Path

import pytest
import yaml

from steps.catalogue import NAMES
from tests.charts.helm import (
    CHART,
    GPU_VALUES,
    IN_CLUSTER,
    SMALL_VALUES,
    STEPS,
    Manifest,
    Values,
    environment,
    named,
    needs_helm,
    rendered,
    step,
)

GPU_STEPS = ("transcribe", "detect")
ON_GPUS: Values = {
    "pools": {"gpu": {"enabled": True}},
    "prePull": {"enabled": True},
    "steps": {name: {"pool": "gpu", "gpus": 1} for name in GPU_STEPS},
}


def test_the_schema_knows_every_value() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert set(values) <= set(schema["properties"])
    assert set(schema["properties"]["steps"]["properties"]) == set(STEPS)


def test_the_chart_has_the_project_s_version() -> None:
    from importlib.metadata import version

    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["appVersion"] == chart["version"] == version("clipmill")


def without_what_values_set(template: Manifest) -> Manifest:
    kept = copy.deepcopy(template)
    container = kept.get("container", {})
    for name in ("image", "imagePullPolicy"):
        container.pop(name, None)
    own = ("CLIPMILL_LOG", "CLIPMILL_REASON_FILE", "HOME", "NODE_NAME")
    if "env" in container:
        container["env"] = [item for item in container["env"] if item["name"] in own]
    kept.get("metadata", {}).get("labels", {}).pop("clipmill.dev/pool", None)
    return kept


@needs_helm
@pytest.mark.parametrize("name", ["clipmill", "clipmill-detect"])
def test_by_default_the_spec_is_the_committed_one(name: str, tmp_path: Path) -> None:
    text = (CHART / "files" / f"{name}.yaml").read_text()
    committed = yaml.load(text, yaml.CSafeLoader)["spec"]
    spec = named(rendered(tmp_path), "WorkflowTemplate", name)["spec"]
    chosen_by_values = json.loads((CHART / "files/engines.json").read_text())
    for item in (*spec["arguments"]["parameters"], *committed["arguments"]["parameters"]):
        if item["name"] in chosen_by_values:
            del item["enum"]
    for ours, theirs in zip(spec.pop("templates"), committed.pop("templates"), strict=True):
        assert without_what_values_set(ours) == without_what_values_set(theirs)
    assert spec == committed


@needs_helm
def test_by_default_no_step_requests_a_gpu(tmp_path: Path) -> None:
    objects = rendered(tmp_path)
    for name in STEPS:
        template = step(objects, name)
        assert "nvidia.com/gpu" not in template["container"]["resources"]["limits"]
        assert not {"nodeSelector", "tolerations", "synchronization"} & set(template)
        assert template["metadata"]["labels"]["clipmill.dev/pool"] == "cpu"


@needs_helm
@pytest.mark.parametrize("name", STEPS)
def test_only_steps_of_the_gpu_pool_run_on_gpu_nodes(name: str, tmp_path: Path) -> None:
    template = step(rendered(tmp_path, ON_GPUS), name)
    limits = template["container"]["resources"]["limits"]
    if name in GPU_STEPS:
        assert limits["nvidia.com/gpu"] == "1"
        assert template["nodeSelector"] == {"clipmill.dev/pool": "gpu"}
        assert template["tolerations"][0]["key"] == "nvidia.com/gpu"
        semaphore = template["synchronization"]["semaphores"][0]["configMapKeyRef"]
        assert semaphore == {"name": "clipmill-limits", "key": "gpu-steps"}
    else:
        assert "nvidia.com/gpu" not in limits
        assert not {"nodeSelector", "tolerations", "synchronization"} & set(template)


@needs_helm
def test_the_gpu_profile_asks_for_gpus_for_exactly_its_gpu_engines(tmp_path: Path) -> None:
    chosen = yaml.safe_load(GPU_VALUES.read_text())["engines"]
    facts = json.loads((CHART / "files/engines.json").read_text())
    engines = {
        name: (facts[name]["steps"][0], facts[name]["engines"][one]) for name, one in chosen.items()
    }
    wanted = {step_name for step_name, engine in engines.values() if engine["gpus"]}
    objects = rendered(tmp_path, GPU_VALUES)
    limits = {name: step(objects, name)["container"]["resources"]["limits"] for name in STEPS}
    asking = {name for name in STEPS if "nvidia.com/gpu" in limits[name]}
    assert asking == wanted == {"transcribe", "highlight", "detect"}
    for step_name, engine in engines.values():
        image = step(objects, step_name)["container"]["image"]
        assert image.startswith(f"clipmill-{engine['environment']}:")
        assert int(limits[step_name]["memory"].removesuffix("Mi")) >= engine["memoryMiB"]


@needs_helm
def test_a_step_s_values(tmp_path: Path) -> None:
    own = {
        "image": "x/y@sha256:0", "cpu": 0.5, "memoryMiB": 8192, "scratchGiB": 20,
        "timeoutSeconds": 600, "retries": 0, "env": [{"name": "A", "value": "b"}],
    }  # fmt: skip
    objects = rendered(tmp_path, {"steps": {"detect": own}})
    template = step(objects, "detect")
    container = template["container"]
    assert container["image"] == "x/y@sha256:0"
    assert container["resources"] == {
        "requests": {"cpu": "0.5", "memory": "8192Mi", "ephemeral-storage": "20Gi"},
        "limits": {"memory": "8192Mi"},
    }
    patch = json.loads(template["podSpecPatch"])["containers"][0]
    assert patch["resources"]["limits"]["memory"] == "{{=asInt(retries) == 0 ? 8192 : 16384}}Mi"
    assert template["activeDeadlineSeconds"] == 600
    assert template["retryStrategy"]["limit"] == 0
    assert environment(template)["A"] == "b"
    assert step(objects, "detect", "clipmill-detect")["container"]["image"] == "x/y@sha256:0"
    assert "A" not in environment(step(objects, "cut"))


@needs_helm
def test_the_small_profile_only_changes_cpu_requests(tmp_path: Path) -> None:
    small, usual = (rendered(tmp_path, *values) for values in ((SMALL_VALUES,), ()))
    for name in STEPS:
        template, other = step(small, name), step(usual, name)
        assert template["container"]["resources"]["requests"].pop("cpu") == "0.2"
        assert other["container"]["resources"]["requests"].pop("cpu")
        assert template == other


@needs_helm
@pytest.mark.parametrize(
    ("images", "expected"),
    [
        ({}, "clipmill-cut:0.1.0"),
        ({"registry": "r.example/team/", "tag": "2"}, "r.example/team/clipmill-cut:2"),
        ({"registry": "r.example:5000", "prefix": ""}, "r.example:5000/cut:0.1.0"),
    ],
)
def test_image_names(images: Values, expected: str, tmp_path: Path) -> None:
    assert step(rendered(tmp_path, {"images": images}), "cut")["container"]["image"] == expected


@needs_helm
def test_only_download_gets_the_store_s_keys(tmp_path: Path) -> None:
    objects = rendered(tmp_path, IN_CLUSTER)
    told = {name for name in STEPS if "AWS_SECRET_ACCESS_KEY" in environment(step(objects, name))}
    assert told == {"download"}
    known = environment(step(objects, "download"))
    assert known["AWS_ENDPOINT_URL_S3"] == "http://s3.storage:8333"
    assert known["AWS_SECRET_ACCESS_KEY"] == {
        "secretKeyRef": {"name": "clipmill-store", "key": "secret-key"}
    }


@needs_helm
def test_a_cache_gives_them_to_every_step_but_notify(tmp_path: Path) -> None:
    objects = rendered(tmp_path, IN_CLUSTER, {"cache": {"uri": "s3://clipmill/cache"}})
    told = {name for name in STEPS if "AWS_SECRET_ACCESS_KEY" in environment(step(objects, name))}
    assert told == set(NAMES)
    spec = named(objects, "WorkflowTemplate", "clipmill")["spec"]
    values = {item["name"]: item.get("value") for item in spec["arguments"]["parameters"]}
    assert values["cache"] == "s3://clipmill/cache"


@needs_helm
def test_without_a_secret_pods_use_their_own_identity(tmp_path: Path) -> None:
    role = {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/clips"}
    own = {"storage": {"existingSecret": "", "accountAnnotations": role}}
    objects = rendered(tmp_path, own)
    account = named(objects, "ServiceAccount", "clipmill-steps")
    assert account["metadata"]["annotations"] == role
    store = yaml.safe_load(named(objects, "ConfigMap", "clipmill-artifacts")["data"]["store"])
    assert store["s3"]["useSDKCreds"] is True
    assert not {"accessKeySecret", "secretKeySecret"} & set(store["s3"])
    assert "AWS_ACCESS_KEY_ID" not in environment(step(objects, "download"))


@needs_helm
def test_r2(tmp_path: Path) -> None:
    values = {
        "storage": {"endpoint": "abc.r2.cloudflarestorage.com", "bucket": "clips",
                    "region": "auto", "existingSecret": "r2", "prefix": "clips/team"},
    }  # fmt: skip
    objects = rendered(tmp_path, values)
    store = yaml.safe_load(named(objects, "ConfigMap", "clipmill-artifacts")["data"]["store"])
    assert store["s3"] == {
        "endpoint": "abc.r2.cloudflarestorage.com", "bucket": "clips", "region": "auto",
        "insecure": False, "keyFormat": "logs/{{workflow.name}}/{{pod.name}}",
        "accessKeySecret": {"name": "r2", "key": "access-key"},
        "secretKeySecret": {"name": "r2", "key": "secret-key"},
    }  # fmt: skip
    known = environment(step(objects, "download"))
    assert known["AWS_ENDPOINT_URL_S3"] == "https://abc.r2.cloudflarestorage.com"
    spec = named(objects, "WorkflowTemplate", "clipmill")["spec"]
    prefix = next(item for item in spec["arguments"]["parameters"] if item["name"] == "prefix")
    assert prefix["value"] == "clips/team"


@needs_helm
def test_only_notify_gets_the_webhook_s_secret(tmp_path: Path) -> None:
    objects = rendered(tmp_path, {"webhook": {"existingSecret": "hook"}})
    told = {name for name in STEPS if "CLIPMILL_WEBHOOK_SECRET" in environment(step(objects, name))}
    assert told == {"notify"}


@needs_helm
def test_jobs_preempt_no_other_pods(tmp_path: Path) -> None:
    objects = rendered(tmp_path, {"priorityClass": {"create": True, "value": 7}})
    priority = named(objects, "PriorityClass", "clipmill-clips")
    assert (priority["preemptionPolicy"], priority["value"]) == ("Never", 7)
    spec = named(objects, "WorkflowTemplate", "clipmill")["spec"]
    assert spec["podPriorityClassName"] == "clipmill-clips"
    assert (
        "podPriorityClassName"
        not in named(rendered(tmp_path), "WorkflowTemplate", "clipmill")["spec"]
    )


@needs_helm
def test_images_are_pulled_ahead_on_the_nodes_of_their_pool(tmp_path: Path) -> None:
    objects = rendered(tmp_path, ON_GPUS)

    def pulled(pool: str) -> set[str]:
        pod = named(objects, "DaemonSet", f"clipmill-pull-{pool}")["spec"]["template"]["spec"]
        return {
            item["image"].removeprefix("clipmill-").partition(":")[0] for item in pod["containers"]
        }

    assert pulled("gpu") == set(GPU_STEPS)
    assert pulled("cpu") == set(STEPS) - set(GPU_STEPS)


@needs_helm
def test_costs_are_counted_at_the_prices_of_the_release(tmp_path: Path) -> None:
    def counters(name: str, *values: Values | Path) -> dict[str, str]:
        metrics = step(rendered(tmp_path, *values), name)["metrics"]["prometheus"]
        return {
            item["name"]: item["counter"]["value"]
            for item in metrics
            if item["name"] in ("clipmill_step_gpu_seconds_total", "clipmill_step_cost_total")
        }

    prices: Values = {"metrics": {"pricePerGpuHour": 2.5, "pricePerCpuHour": 0.04}}
    two: Values = {"steps": {"detect": {"gpus": 2}}}
    seconds = "asFloat(jsonpath(outputs.parameters.run, '$.wall_ms')) / 1000"
    assert counters("detect") == counters("cut", ON_GPUS) == {}
    assert counters("detect", ON_GPUS, two) == {
        "clipmill_step_gpu_seconds_total": f"{{{{={seconds} * 2}}}}"
    }
    assert counters("cut", ON_GPUS, prices) == {
        "clipmill_step_cost_total": f"{{{{={seconds} / 3600 * 0.04}}}}"
    }
    assert counters("detect", ON_GPUS, two, prices)["clipmill_step_cost_total"] == (
        f"{{{{={seconds} / 3600 * 5.08}}}}"  # two cores and two GPUs
    )


@needs_helm
def test_a_step_s_own_values_override_step_defaults(tmp_path: Path) -> None:
    values: Values = {
        "stepDefaults": {"cpu": 0.2, "retries": 5},
        "steps": {"cut": {"retries": 0}, "render": {"cpu": 3}},
    }
    objects = rendered(tmp_path, values)
    requests = {
        name: step(objects, name)["container"]["resources"]["requests"]["cpu"] for name in STEPS
    }
    assert requests == {**dict.fromkeys(STEPS, "0.2"), "render": "3"}
    limits = {name: step(objects, name)["retryStrategy"]["limit"] for name in STEPS}
    assert limits == {**dict.fromkeys(STEPS, 5), "cut": 0}
