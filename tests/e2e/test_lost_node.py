"""A node is lost in the middle of a step."""

import pytest

from tests.e2e.namespace import Object, nodes, tool
from tests.e2e.release import Release
from tests.e2e.surroundings import OUT_OF_SERVICE, Surroundings
from tests.e2e.tiny import tiny

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

DEADLINE_S = 90
LINGER = "import os, time; time.sleep(1800 if os.environ['NODE_NAME'] == {node!r} else 0)"


@pytest.fixture
def gpu_node() -> str:
    """The node that is lost: the one on which nothing else runs."""
    found = tool("kubectl", "get", "nodes", "--selector", "clipmill.dev/pool=gpu", "-o", "name")
    return found.split()[0].removeprefix("node/")


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
