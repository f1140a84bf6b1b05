"""Parts of the cluster that die in the middle of a job."""

from collections.abc import Iterator

import pytest

from tests.e2e.namespace import Object, main_state, nodes, tool
from tests.e2e.release import Release
from tests.e2e.surroundings import Surroundings
from tests.e2e.tiny import tiny
from tests.e2e.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

END_S = 600
OPTIONS = ("--at", "1-4", "--preset", "ultrafast")
NODE = "gpu-1"
OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"
SLEEP = "import time; time.sleep(0 if TRY else 1800)"


@pytest.fixture
def mended(control: Surroundings) -> Iterator[Surroundings]:
    """The cluster, which is whole again after the test."""
    try:
        yield control
    finally:
        control.cluster("up")
        tool("kubectl", "taint", "node", NODE, f"{OUT_OF_SERVICE}-", check=False)
        tool("kubectl", "wait", "--for=condition=Ready", f"node/{NODE}", "--timeout=120s")


def test_a_job_outlives_the_controller(
    release: Release, mended: Surroundings, short_source: str
) -> None:
    job, namespace = "without-controller", release.namespace
    release.submit(job, short_source, *OPTIONS)
    running = namespace.running_pod(job, "transcribe", END_S)["metadata"]["name"]
    mended.cluster("kill", "workflow-controller")

    def terminated() -> Object:
        ended: Object = main_state(namespace.get("pod", running)).get("terminated", {})
        return ended

    until("the end of the step that ran", terminated, END_S)
    assert namespace.phase(job) == "Running"
    seen = {node["id"] for node in nodes(namespace.workflow(job), "highlight")}
    assert not seen
    mended.cluster("up")
    workflow = namespace.ended(job, END_S)
    assert workflow["status"]["phase"] == "Succeeded"
    assert len(nodes(workflow, "transcribe")) == 1
    assert release.document(job, "manifest.json")["outcome"] == "complete"
    assert [body["type"] for _, body in release.events(job)] == ["job.succeeded"]


def test_a_step_on_a_lost_node_runs_again_elsewhere_or_its_job_ends_with_the_reason(
    release: Release, mended: Surroundings
) -> None:
    namespace = release.namespace
    tolerations = [
        {"key": "nvidia.com/gpu", "operator": "Exists"},
        *(
            {
                "key": f"node.kubernetes.io/{state}",
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": 5,
            }
            for state in ("not-ready", "unreachable")
        ),
    ]
    here = {"matchExpressions": [{"key": "clipmill.dev/pool", "operator": "In", "values": ["gpu"]}]}
    preferred = [{"weight": 100, "preference": here}]
    near = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}
    tiny(namespace, "moves", SLEEP, affinity=near, tolerations=tolerations)
    only = {"clipmill.dev/pool": "gpu"}
    deadline = {"activeDeadlineSeconds": 120}
    tiny(namespace, "cannot-move", SLEEP, deadline, nodeSelector=only, tolerations=tolerations)
    for name in ("moves", "cannot-move"):
        assert namespace.running_pod(name, "notify", 120)["spec"]["nodeName"] == NODE

    mended.cluster("kill", f"{NODE}.kubelet")
    stuck = namespace.ended("cannot-move", 300)
    assert stuck["status"]["phase"] == "Failed"
    assert any("deadline" in node.get("message", "").lower() for node in nodes(stuck))

    # What an operator, or a cloud's controller, does with a node that is not coming back.
    tool("kubectl", "taint", "node", NODE, f"{OUT_OF_SERVICE}=nodeshutdown:NoExecute")
    moved = namespace.ended("moves", 300)
    told = [f"{node['phase']}: {node.get('message')}" for node in nodes(moved)]
    assert moved["status"]["phase"] == "Succeeded", told
    first, *_, last = nodes(moved)
    assert first["hostNodeName"] == NODE, told
    assert last["hostNodeName"] != NODE, told
