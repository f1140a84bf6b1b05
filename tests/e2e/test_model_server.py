"""The chart's vLLM server for real, on the CPU: a job asks it, and the manifest has its answers.

The server's environment and its model come from this machine's disk, so the nodes have to see it.
"""

import ctypes
import json
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.environments.installed import (
    folder_of,
    interpreter,
    packages_folder,
    state_of,
)
from steps.model.answers import Answers
from tests.comparisons import not_compared
from tests.e2e.namespace import Namespace, Object, nodes, tool
from tests.e2e.release import LEAST, Release, install
from tests.e2e.surroundings import Surroundings
from tests.engines import gemma
from tests.media.fixtures import start_of
from tests.servers import S3Server
from tests.steps.notify.receiver import Receiver

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
TALK = ROOT / "tests" / "media" / "sample" / "talk.mp4"
READY_S, END_S = 1200, 1200
MODELS, ENVIRONMENT = "/models", "/environment"
SERVED = f"{MODELS}/{gemma.FOLDER.name}"
ARGUMENTS = (
    f"--chat-template={MODELS}/talk.jinja",
    "--enforce-eager",
    "--dtype=float32",
    "--max-model-len=8192",
)
PACKAGES = f"{ENVIRONMENT}/{packages_folder('vllm').relative_to(folder_of('vllm'))}"
VARIABLES = {
    "PYTHONPATH": PACKAGES,
    "LD_LIBRARY_PATH": f"{MODELS}/lib",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "OMP_WAIT_POLICY": "PASSIVE",  # it may use one core, and sees more
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
}
SERVER: Object = {
    "enabled": True,
    "model": SERVED,
    "modelClaim": "models",
    "args": list(ARGUMENTS),
    "env": [{"name": name, "value": value} for name, value in VARIABLES.items()],
    "cpu": 1,
    "memoryMiB": 8192,
}


@pytest.fixture(scope="module")
def models() -> Path:
    """The folder of the small model that the tests of vLLM made, and its template for talks."""
    if state_of("vllm") != "installed":
        not_compared("a vLLM server in the cluster", "clipmill engines install vllm")
    folder = gemma.FOLDER.parent
    python = str(interpreter("vllm"))
    subprocess.run([python, "-m", "tests.engines.gemma", gemma.FOLDER], cwd=ROOT, check=True)
    (folder / "talk.jinja").write_text(gemma.CHAT_TEMPLATE)
    libraries = folder / "lib"
    libraries.mkdir(exist_ok=True)
    shutil.copy(_libnuma(), libraries / "libnuma.so.1")
    for path in folder.rglob("*"):  # the server is not root
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def _libnuma() -> Path:
    """The library that vLLM for CPUs takes from the system; clipmill's own images lack it."""
    ctypes.CDLL("libnuma.so.1")
    mapped = Path("/proc/self/maps").read_text().split()
    return next(Path(one) for one in mapped if "/libnuma.so" in one)


@pytest.fixture(scope="module")
def with_server(
    surroundings: Surroundings,
    models: Path,
    tag: str,
    bucket: S3Server,
    callback: Receiver,
    work: Path,
) -> Iterator[Release]:
    """The chart with its server, which runs what this machine has in place of vLLM's own image."""
    name = f"clipmill-e2e-vllm-{uuid.uuid4().hex[:6]}"
    image = f"{surroundings.registry}/clipmill-highlight:{tag}"
    values = work / "vllm.json"
    chosen = {
        "engines": {"chooser": "openai"},
        "pools": {"gpu": {"enabled": True}},
        "vllm": {**SERVER, "image": image},
    }
    values.write_text(json.dumps(chosen))
    try:
        with install(
            name, surroundings, tag, bucket, callback, work, "--values", str(values)
        ) as release:
            release.namespace.apply(*_volume(name, models))
            patch = json.dumps({"spec": {"template": {"spec": _from_this_disk()}}})
            words = ("patch", "deployment", "clipmill-vllm", "--patch", patch)
            release.namespace.kubectl(*words)
            _wait_until_it_answers(release.namespace)
            yield release
    finally:
        tool("kubectl", "delete", "persistentvolume", name, "--ignore-not-found", "--wait=false")


def _volume(name: str, folder: Path) -> tuple[Object, Object]:
    """The claim that the values name, and what it is bound to."""
    size = {"storage": "10Gi"}
    shared = {"storageClassName": "", "accessModes": ["ReadOnlyMany"]}
    volume = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {**shared, "capacity": size, "hostPath": {"path": str(folder)}},
    }
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "models"},
        "spec": {**shared, "volumeName": name, "resources": {"requests": size}},
    }
    return volume, claim


def _from_this_disk() -> Object:
    """A pod's spec with vLLM's environment, for the Python of clipmill's own image."""
    mount = {"name": "environment", "mountPath": ENVIRONMENT, "readOnly": True}
    command = ["python", "-m", "vllm.entrypoints.openai.api_server"]
    return {
        "containers": [{"name": "vllm", "command": command, "volumeMounts": [mount]}],
        "volumes": [{"name": "environment", "hostPath": {"path": str(folder_of("vllm"))}}],
    }


def _wait_until_it_answers(namespace: Namespace) -> None:
    words = ("rollout", "status", "deployment/clipmill-vllm", f"--timeout={READY_S}s")
    try:
        namespace.kubectl(*words)
    except AssertionError as error:
        log = namespace.kubectl("logs", "deployment/clipmill-vllm", "--tail=40", check=False)
        pytest.fail(f"{error}\n{log}\n{namespace.kubectl('get', 'pods', '--output=wide')}")


@pytest.fixture(scope="module")
def talk(bucket: S3Server, work: Path) -> str:
    """The first seconds of the sample in the bucket."""
    short = start_of(TALK, 9, work / "talk.mp4")
    bucket.client().upload_file(str(short), bucket.bucket, "sources/first words.mp4")
    return f"s3://{bucket.bucket}/sources/first words.mp4"


def test_a_job_asks_the_chart_s_server(with_server: Release, talk: str) -> None:
    release = with_server
    # With its times given, a clip needs a title and a text only: two questions.
    release.submit("asked", talk, "--at", "1-8", *LEAST, "--prefix", release.namespace.name)
    workflow = release.namespace.ended("asked", END_S)
    failed = [(node["displayName"], node.get("message")) for node in nodes(workflow)]
    assert workflow["status"]["phase"] == "Succeeded", failed
    assert len(nodes(workflow, "highlight")) == 1
    prefix = f"{release.namespace.name}/asked"
    manifest = json.loads(release.read(f"{prefix}/manifest.json"))
    (highlight,) = (task for task in manifest["tasks"] if task["step"] == "highlight")
    assert {one["param"]: one["name"] for one in highlight["engines"]}["chooser"] == "openai"
    assert any(one["path"] == "answers.jsonl" for one in manifest["artifacts"])
    recorded = Answers.from_bytes(release.read(f"{prefix}/answers.jsonl"))
    assert (recorded.asked.engine, recorded.asked.model) == ("openai", SERVED)
    assert {"name", "tell"} == {one.question.purpose for one in recorded.answers}
    assert all(one.reply.text for one in recorded.answers)
