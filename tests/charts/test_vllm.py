"""The shared server of a language model: who asks it, how, and in which version."""

import json
import re
from pathlib import Path

import yaml

from tests.charts.helm import (
    CHART,
    NAMESPACE,
    STEPS,
    Manifest,
    Values,
    environment,
    named,
    needs_helm,
    rendered,
    step,
)

SERVED: Values = {"vllm": {"enabled": True, "model": "/models/m", "modelClaim": "weights"}}
LOCKS = CHART.parents[1] / "requirements" / "engines"


def chooser(objects: list[Manifest]) -> Manifest:
    spec = named(objects, "WorkflowTemplate", "clipmill")["spec"]
    found: Manifest = next(
        item for item in spec["arguments"]["parameters"] if item["name"] == "chooser"
    )
    return found


@needs_helm
def test_highlight_asks_the_server_of_the_release(tmp_path: Path) -> None:
    objects = rendered(tmp_path, SERVED)
    assert (chooser(objects)["value"], chooser(objects)["enum"]) == ("openai", ["openai"])
    known = environment(step(objects, "highlight"))
    service = named(objects, "Service", "clipmill-vllm")["spec"]["ports"][0]["port"]
    assert known["CLIPMILL_LLM_URL"] == f"http://clipmill-vllm.{NAMESPACE}.svc:{service}/v1"
    assert known["CLIPMILL_LLM_MODEL"] == "/models/m"
    assert int(known["CLIPMILL_LLM_WAIT_S"]) > 0
    told = [name for name in STEPS if "CLIPMILL_LLM_URL" in environment(step(objects, name))]
    assert told == ["highlight"]


@needs_helm
def test_without_a_server_highlight_chooses_by_itself(tmp_path: Path) -> None:
    objects = rendered(tmp_path)
    assert chooser(objects)["value"] == "auto"
    assert "CLIPMILL_LLM_URL" not in environment(step(objects, "highlight"))
    assert "clipmill-vllm" not in {item["metadata"]["name"] for item in objects}


@needs_helm
def test_the_values_may_still_name_another_chooser(tmp_path: Path) -> None:
    objects = rendered(tmp_path, SERVED, {"engines": {"chooser": "scorer"}})
    assert chooser(objects)["value"] == "scorer"


@needs_helm
def test_the_server_is_probed_and_answers_without_endless_space(tmp_path: Path) -> None:
    pod = named(rendered(tmp_path, SERVED), "Deployment", "clipmill-vllm")["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    assert container["args"][0] == "--model=/models/m"
    option = next(one for one in container["args"] if one.startswith("--structured-outputs"))
    assert json.loads(option.partition("=")[2]) == {
        "backend": "xgrammar", "disable_any_whitespace": True,
    }  # fmt: skip
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[name]["httpGet"] == {"path": "/health", "port": "http"}


@needs_helm
def test_only_highlight_may_connect_to_the_server(tmp_path: Path) -> None:
    objects = rendered(tmp_path, SERVED)
    steps = [{"key": "clipmill.dev/step", "operator": "In", "values": ["highlight"]}]
    (rule,) = named(objects, "NetworkPolicy", "clipmill-vllm")["spec"]["ingress"]
    assert rule["from"] == [{"podSelector": {"matchExpressions": steps}}]
    asking = named(objects, "NetworkPolicy", "clipmill-ask-vllm")["spec"]
    assert asking["podSelector"]["matchExpressions"] == steps
    pods = named(objects, "Deployment", "clipmill-vllm")["spec"]["template"]["metadata"]["labels"]
    selector = asking["egress"][0]["to"][0]["podSelector"]["matchLabels"]
    assert selector.items() <= pods.items()


def test_the_server_has_the_version_of_the_locked_environment() -> None:
    image = yaml.safe_load((CHART / "values.yaml").read_text())["vllm"]["image"]
    locked = {
        found[1]
        for path in sorted(LOCKS.glob("vllm-*.in"))
        if (found := re.search(r"^vllm(?:-cpu)?==(\S+)", path.read_text(), re.MULTILINE))
    }
    assert {image.rpartition(":v")[2]} == locked
