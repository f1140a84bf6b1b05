"""Parts of the cluster that die in the middle of a job."""

from collections.abc import Iterator

import pytest

from tests.e2e.namespace import Object, main_state, nodes, tool
from tests.e2e.release import GPU_NODE, LEAST, Release
from tests.e2e.surroundings import Surroundings
from tests.e2e.tiny import tiny
from tests.e2e.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

END_S = 600
DEADLINE_S = 90
OPTIONS = ("--at", "1-4", *LEAST)
OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"
LINGER = "import os, time; time.sleep(1800 if os.environ['NODE_NAME'] == {node!r} else 0)"


@pytest.fixture
def repaired(control: Surroundings) -> Iterator[Surroundings]:
    """The cluster, which is whole again after the test."""
    try:
        yield control
    finally:
        control.cluster("up")
        tool("kubectl", "taint", "nodes", "--all", f"{OUT_OF_SERVICE}-", check=False)
        tool("kubectl", "wait", "--for=condition=Ready", "nodes", "--all", "--timeout=120s")


@pytest.fixture
def gpu_node() -> str:
    """The node that is lost: the one on which nothing else runs."""
    found = tool("kubectl", "get", "nodes", "--selector", "clipmill.dev/pool=gpu", "-o", "name")
    return found.split()[0].removeprefix("node/")


@pytest.mark.alone
def test_a_job_outlives_the_controller(
    release: Release, repaired: Surroundings, opening: str
) -> None:
    job, namespace = "without-controller", release.namespace
    release.submit(job, opening, *OPTIONS)
    running = namespace.begun_pod(job, "transcribe", END_S)["metadata"]["name"]
    repaired.cluster("kill", "workflow-controller")

    def terminated() -> Object:
        ended: Object = main_state(namespace.get("pod", running)).get("terminated", {})
        return ended

    until("the end of the step that ran", terminated, END_S)
    assert namespace.phase(job) == "Running"
    seen = {node["id"] for node in nodes(namespace.workflow(job), "highlight")}
    assert not seen
    repaired.cluster("up")
    workflow = namespace.ended(job, END_S)
    assert workflow["status"]["phase"] == "Succeeded"
    assert len(nodes(workflow, "transcribe")) == 1
    assert release.document(job, "manifest.json")["outcome"] == "complete"
    assert [body["type"] for _, body in release.events(job)] == ["job.succeeded"]


@GPU_NODE
def test_a_step_on_a_lost_node_runs_again_elsewhere_or_its_job_ends_with_the_reason(
    release: Release, repaired: Surroundings, gpu_node: str
) -> None:
    namespace, code = release.namespace, LINGER.format(node=gpu_node)
    gone = ("not-ready", "unreachable")
    tolerations = [{"key": "nvidia.com/gpu", "operator": "Exists"}, *map(for_five_seconds, gone)]
    gpu_pool = {"key": "clipmill.dev/pool", "operator": "In", "values": ["gpu"]}
    preferred = [{"weight": 100, "preference": {"matchExpressions": [gpu_pool]}}]
    near = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}
    tiny(namespace, "moves", code, affinity=near, tolerations=tolerations)
    only = {"clipmill.dev/pool": "gpu"}
    deadline = {"activeDeadlineSeconds": DEADLINE_S}
    tiny(namespace, "cannot-move", code, deadline, nodeSelector=only, tolerations=tolerations)
    for name in ("moves", "cannot-move"):
        assert namespace.running_pod(name, "notify", DEADLINE_S)["spec"]["nodeName"] == gpu_node

    repaired.cluster("kill", f"{gpu_node}.kubelet")
    stuck = namespace.ended("cannot-move", 2 * DEADLINE_S)
    assert stuck["status"]["phase"] == "Failed"
    assert any("deadline" in node.get("message", "") for node in nodes(stuck))

    # What an operator, or a cloud's own controller, says of a node that is not coming back.
    tool("kubectl", "taint", "node", gpu_node, f"{OUT_OF_SERVICE}=nodeshutdown:NoExecute")
    assert namespace.ended("moves", 300)["status"]["phase"] == "Succeeded"
    (pod,) = namespace.pods("moves")
    assert pod["spec"]["nodeName"] != gpu_node


def for_five_seconds(state: str) -> Object:
    """The toleration that makes Kubernetes give a lost node's pods up soon."""
    return {
        "key": f"node.kubernetes.io/{state}",
        "operator": "Exists",
        "effect": "NoExecute",
        "tolerationSeconds": 5,
    }
