"""A job that asks a language model: a real vLLM in the cluster, its environment from this host."""

import hashlib
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.environments.installed import home, interpreter, state_of
from steps.model import artifacts
from steps.model.answers import Answers
from tests.comparisons import not_compared
from tests.e2e.namespace import Object
from tests.e2e.release import Release, install
from tests.e2e.surroundings import Surroundings
from tests.engines.gemma import CHAT_TEMPLATE
from tests.pipelines.clipmill import QUICK
from tests.servers import S3Server
from tests.steps.notify.receiver import Receiver

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

END_S = 900
ROOT = Path(__file__).parents[2]
NAME, PORT, MODEL = "language-model", 8000, "tiny"
NUMA = Path("/usr/lib/x86_64-linux-gnu/libnuma.so.1")
"""vLLM on a CPU loads it, and the step images, which have no vLLM, lack it."""
LIBRARIES = "/opt/host-libraries"
ASK = (*QUICK, "--lengths", "5-15", "--clips", "1")


@pytest.fixture(scope="module")
def model() -> Path:
    """A small model that vLLM can serve."""
    if state_of("vllm") != "installed":
        not_compared("a language model on the cluster", "run `clipmill engines install vllm`")
    if not NUMA.exists():
        not_compared("a language model on the cluster", f"install the library {NUMA.name}")
    folder = home() / "test-models" / "gemma"
    words = [str(interpreter("vllm")), "-m", "tests.engines.gemma", str(folder)]
    subprocess.run(words, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return folder


def server(image: str, model: Path) -> tuple[Object, Object]:
    """A pod with vLLM, and its service; the folders of this host have the same place in it."""
    python = interpreter("vllm")
    places = {
        "environment": python.parent.parent,
        "python": Path(os.path.realpath(python)).parent.parent,
        "model": model,
    }
    mounts = [
        {"name": name, "mountPath": str(place), "readOnly": True} for name, place in places.items()
    ]
    mounts.append({"name": "numa", "mountPath": f"{LIBRARIES}/{NUMA.name}", "readOnly": True})
    volumes: list[Object] = [
        {"name": name, "hostPath": {"path": str(place), "type": "Directory"}}
        for name, place in places.items()
    ]
    volumes.append({"name": "numa", "hostPath": {"path": str(NUMA.resolve()), "type": "File"}})
    labels = {"app": NAME}
    container = {
        "name": "vllm",
        "image": image,
        "command": [str(python), "-m", "vllm.entrypoints.openai.api_server"],
        "args": [
            f"--model={model}",
            f"--served-model-name={MODEL}",
            f"--port={PORT}",
            "--dtype=bfloat16",
            "--max-model-len=8192",
            f"--chat-template={CHAT_TEMPLATE}",
            "--enforce-eager",
            '--structured-outputs-config={"backend":"xgrammar","disable_any_whitespace":true}',
        ],
        "env": [
            {"name": name, "value": value}
            for name, value in {
                "HOME": "/tmp",
                "USER": "vllm",
                "PYTHONPATH": "",
                "LD_LIBRARY_PATH": LIBRARIES,
                "TORCHDYNAMO_DISABLE": "1",  # the image has no compiler
                "HF_HUB_OFFLINE": "1",
                "VLLM_CPU_KVCACHE_SPACE": "1",
                "VLLM_NO_USAGE_STATS": "1",
                "DO_NOT_TRACK": "1",
            }.items()
        ],
        "securityContext": {"runAsUser": 0},  # the host's folders may be closed to others
        "readinessProbe": {"httpGet": {"path": "/health", "port": PORT}, "timeoutSeconds": 5},
        "volumeMounts": [
            *mounts,
            {"name": "scratch", "mountPath": "/tmp"},
            {"name": "memory", "mountPath": "/dev/shm"},
        ],
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": NAME, "labels": labels},
        "spec": {
            "containers": [container],
            "volumes": [
                *volumes,
                {"name": "scratch", "emptyDir": {}},
                {"name": "memory", "emptyDir": {"medium": "Memory"}},
            ],
            "nodeSelector": {"clipmill.dev/pool": "cpu"},
        },
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": NAME},
        "spec": {"selector": labels, "ports": [{"port": PORT}]},
    }
    return pod, service


@pytest.fixture(scope="module")
def asking(
    surroundings: Surroundings,
    tag: str,
    bucket: S3Server,
    callback: Receiver,
    work: Path,
    model: Path,
) -> Iterator[Release]:
    """The chart with `engines.chooser=openai`, and a server that answers."""
    name = f"clipmill-e2e-llm-{uuid.uuid4().hex[:6]}"
    address = f"http://{NAME}.{name}.svc:{PORT}/v1"
    options = (
        "engines.chooser=openai",
        "steps.highlight.env[0].name=CLIPMILL_LLM_URL",
        f"steps.highlight.env[0].value={address}",
    )
    words = [word for option in options for word in ("--set", option)]
    with install(name, surroundings, tag, bucket, callback, work, *words) as release:
        image = f"{surroundings.registry}/clipmill-highlight:{tag}"
        release.namespace.apply(*server(image, model))
        try:
            ready = ("--for=condition=Ready", f"pod/{NAME}", f"--timeout={END_S}s")
            release.namespace.kubectl("wait", *ready)
        except AssertionError:
            sys.stderr.write(release.namespace.kubectl("logs", NAME, "--tail=40", check=False))
            raise
        yield release


def test_the_model_s_answers_are_in_the_manifest(asking: Release, short_source: str) -> None:
    prefix = asking.namespace.name
    asking.submit("asked", short_source, "--prefix", prefix, *ASK)
    workflow = asking.namespace.ended("asked", END_S)
    assert workflow["status"]["phase"] == "Succeeded", workflow["status"].get("message")
    manifest = json.loads(asking.read(f"{prefix}/asked/{artifacts.MANIFEST.path}"))
    (task,) = [item for item in manifest["tasks"] if item["task"] == "highlight"]
    assert ("openai", "replay") in [(one["name"], one["promise"]) for one in task["engines"]]
    assert "chooser-fallback" not in [item["code"] for item in manifest["degradations"]]
    (listed,) = [item for item in manifest["artifacts"] if item["path"] == artifacts.ANSWERS.path]
    answers = asking.read(f"{prefix}/asked/{artifacts.ANSWERS.path}")
    assert (hashlib.sha256(answers).hexdigest(), len(answers)) == (
        listed["sha256"],
        listed["size_bytes"],
    )
    recorded = Answers.from_bytes(answers, "the answers")
    assert MODEL in recorded.asked.model
    assert "rate" in {item.question.purpose for item in recorded.answers}
