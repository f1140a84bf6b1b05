"""Engines on the cluster: where a GPU engine runs, and what a missing engine or model says."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.namespace import main_state, nodes
from tests.e2e.release import Release, install
from tests.e2e.surroundings import Surroundings
from tests.servers import S3Server
from tests.steps.notify.receiver import Receiver

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

END_S = 600
ONE = ("--at", "1-4", "--preset", "ultrafast", "--moderation", "off")
GPU = "nvidia.com/gpu"
BAD_INPUT = 80


def test_a_step_without_its_model_names_it_and_the_command_that_fetches_it(
    release: Release, opening: str
) -> None:
    release.submit("no-model", opening, "--asr-model", "large-v3-turbo", *ONE)
    workflow = release.namespace.ended("no-model", END_S)
    assert workflow["status"]["phase"] == "Failed"
    (tried,) = nodes(workflow, "transcribe")
    assert tried["outputs"]["exitCode"] == str(BAD_INPUT)
    assert "clipmill models fetch faster-whisper-large-v3-turbo" in tried["message"]


@pytest.fixture(scope="module")
def with_whisperx(
    surroundings: Surroundings, tag: str, bucket: S3Server, callback: Receiver, work: Path
) -> Iterator[Release]:
    """The chart with an engine for GPUs, in an image that lacks it."""
    name = f"clipmill-e2e-engine-{uuid.uuid4().hex[:6]}"
    image = f"{surroundings.registry}/clipmill-transcribe:{tag}"
    options = ("pools.gpu.enabled=true", "engines.asr=whisperx", f"steps.transcribe.image={image}")
    words = [word for option in options for word in ("--set", option)]
    with install(name, surroundings, tag, bucket, callback, work, *words) as release:
        yield release


def test_a_gpu_engine_s_pod_alone_asks_for_a_gpu(with_whisperx: Release, opening: str) -> None:
    release = with_whisperx
    release.submit("whisperx", opening, "--prefix", release.namespace.name, *ONE)
    workflow = release.namespace.ended("whisperx", END_S)
    assert workflow["status"]["phase"] == "Failed"
    (tried,) = nodes(workflow, "transcribe")
    assert "clipmill engines install whisperx" in tried["message"]
    places = set()
    for pod in release.namespace.pods("whisperx"):
        main = next(item for item in pod["spec"]["containers"] if item["name"] == "main")
        step = pod["metadata"]["labels"]["clipmill.dev/step"]
        gpus = main["resources"]["limits"].get(GPU)
        places.add((step == "transcribe", gpus, pod["spec"]["nodeName"] == "gpu-1"))
        assert main_state(pod)["terminated"]
    assert places == {(True, "1", True), (False, None, False)}


def test_a_job_cannot_name_another_engine(with_whisperx: Release, opening: str) -> None:
    words = ("submit", opening, "--job-id", "other", "--asr", "faster-whisper")
    said = with_whisperx.clipmill(*words)
    assert said.code == BAD_INPUT
    assert "--asr=faster-whisper: this cluster offers whisperx" in said.err
    assert not with_whisperx.namespace.exists("other")
