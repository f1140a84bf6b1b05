"""The GPU pool: who asks for a GPU, where that runs, and that it is shared in turn.

The images are those for CPUs, and the values put two of their steps on the pool: Kubernetes hands
out a GPU by number, whatever is done with it.
"""

import uuid
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from steps.catalogue import NAMES
from tests.e2e.metrics import samples, total
from tests.e2e.namespace import Object, main_state, nodes
from tests.e2e.overhead import moment
from tests.e2e.release import LEAST, Release, install
from tests.e2e.surroundings import Surroundings
from tests.servers import S3Server
from tests.steps.notify.receiver import Receiver

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

JOBS = ("one", "two")
END_S = 900
OPTIONS = ("--at", "1-4", *LEAST)
PRICE = ("--set", "metrics.pricePerGpuHour=3600")
GPU = "nvidia.com/gpu"
GPU_STEPS = ("transcribe", "highlight")
ON_GPUS = tuple(
    word
    for step in GPU_STEPS
    for word in ("--set", f"steps.{step}.pool=gpu", "--set", f"steps.{step}.gpus=1")
)


@pytest.fixture(scope="module")
def pods(
    surroundings: Surroundings,
    tag: str,
    bucket: S3Server,
    callback: Receiver,
    work: Path,
    opening: str,
) -> Iterator[list[tuple[str, str, Object]]]:
    """Job, step and pod of two jobs that ran side by side with the GPU profile."""
    name = f"clipmill-e2e-gpu-{uuid.uuid4().hex[:6]}"
    pool = ("--set", "pools.gpu.enabled=true", "--set", "prePull.enabled=true")
    profile = (*pool, *ON_GPUS, *PRICE)
    with install(name, surroundings, tag, bucket, callback, work, *profile) as release:
        yield _run_both(release, name, opening)


def _run_both(release: Release, prefix: str, source: str) -> list[tuple[str, str, Object]]:
    namespace = release.namespace
    for job in JOBS:
        release.submit(job, source, *OPTIONS, "--prefix", prefix)
    for job in JOBS:
        assert namespace.ended(job, END_S)["status"]["phase"] == "Succeeded"
        assert len(nodes(namespace.workflow(job), "render")) == 1
    namespace.kubectl("rollout", "status", "daemonset/clipmill-pull-gpu", "--timeout=60s")
    return [
        (job, pod["metadata"]["labels"]["clipmill.dev/step"], pod)
        for job in JOBS
        for pod in namespace.pods(job)
    ]


def gpus(pod: Object) -> int:
    main = next(item for item in pod["spec"]["containers"] if item["name"] == "main")
    return int(main["resources"]["limits"].get(GPU, 0))


def test_steps_of_the_gpu_pool_alone_have_a_gpu_and_its_node(
    pods: list[tuple[str, str, Object]],
) -> None:
    assert {step for _, step, _ in pods} == {*NAMES, "notify"}
    with_gpu = {(step, gpus(pod)) for _, step, pod in pods if gpus(pod)}
    assert with_gpu == {(step, 1) for step in GPU_STEPS}
    by_node = {(pod["spec"]["nodeName"] == "gpu-1", step in GPU_STEPS) for _, step, pod in pods}
    assert by_node == {(True, True), (False, False)}


def test_two_jobs_take_turns_on_one_gpu(pods: list[tuple[str, str, Object]]) -> None:
    times = [
        (moment(ended["startedAt"]), moment(ended["finishedAt"]), f"{job}/{step}")
        for job, step, pod in pods
        if (ended := main_state(pod)["terminated"]) and step in GPU_STEPS
    ]
    assert len(times) == len(JOBS) * len(GPU_STEPS)
    overlaps = [
        (a[2], b[2]) for a, b in combinations(sorted(times), 2) if max(a[0], b[0]) < min(a[1], b[1])
    ]
    assert not overlaps


def test_prometheus_learns_of_gpu_seconds_and_their_cost(
    pods: list[tuple[str, str, Object]], surroundings: Surroundings
) -> None:
    assert pods
    found = samples(surroundings)
    seconds = {
        step: total(found, "clipmill_step_gpu_seconds_total", f'step="{step}"')
        for step in GPU_STEPS
    }
    assert all(seconds.values()), seconds
    # Other releases give transcribe a GPU too, without a price. Here it is one a second.
    cost = total(found, "clipmill_step_cost_total", 'step="highlight"')
    assert cost == pytest.approx(seconds["highlight"])
    assert not total(found, "clipmill_step_gpu_seconds_total", 'step="cut"')
