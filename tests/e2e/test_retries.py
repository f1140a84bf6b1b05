"""What is tried again, and what is not: the chart's own retry rules around tiny steps.

All of them run side by side, since Argo waits 20 s before a second try.
"""

import json
import re
import time

import pytest

from tests.e2e.namespace import Object, nodes
from tests.e2e.release import Release
from tests.e2e.tiny import tiny

pytestmark = pytest.mark.e2e

END_S = 420
LINGER = "import time; time.sleep(max(0, {until} - time.time()))"
LINGER_S = 90
FILL = """
import time
if not TRY:
    with open('/job/large', 'wb') as file:
        file.write(bytes(64 << 20))
    time.sleep(600)
"""
TAKEN = ("deleted", "evicted")
EAT = "data = bytearray(700 << 20)\nfor at in range(0, len(data), 4096): data[at] = 1"
STARTED = {
    "exit-80": "raise SystemExit(80)",
    "exit-1": "raise SystemExit(1)",
    "exit-75": "raise SystemExit(0 if TRY else 75)",
    "exit-75-always": "raise SystemExit(75)",
    "out-of-memory": EAT,
}


@pytest.fixture(scope="module")
def started(release: Release) -> Release:
    """The release, with every tiny workflow on its way."""
    namespace = release.namespace
    for name, code in STARTED.items():
        tiny(namespace, name, code)
    small = [
        {"name": "job", "emptyDir": {"sizeLimit": "16Mi"}},
        {"name": "scratch", "emptyDir": {}},
    ]
    tiny(namespace, "over-its-disk", FILL, {"volumes": small})
    return release


@pytest.fixture(scope="module", autouse=True)
def taken(started: Release) -> dict[str, str]:
    """The pods that are taken away while they run: what they are called in Kubernetes."""
    namespace = started.namespace
    code = LINGER.format(until=int(time.time()) + LINGER_S)
    for name in TAKEN:
        tiny(namespace, name, code)
    pods = {name: namespace.running_pod(name, "notify", LINGER_S)["metadata"] for name in TAKEN}
    deleted, evicted = pods["deleted"]["name"], pods["evicted"]["name"]
    namespace.kubectl("delete", "pod", deleted, "--grace-period=1", "--wait=false")
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": evicted, "namespace": namespace.name},
        "deleteOptions": {"gracePeriodSeconds": 1},
    }
    path = f"/api/v1/namespaces/{namespace.name}/pods/{evicted}/eviction"
    namespace.kubectl("create", "--raw", path, "--filename", "-", stdin=json.dumps(eviction))
    return {name: pod["uid"] for name, pod in pods.items()}


def tries(release: Release, name: str) -> tuple[str, list[Object]]:
    workflow = release.namespace.ended(name, END_S)
    return workflow["status"]["phase"], nodes(workflow)


@pytest.mark.parametrize(("name", "code"), [("exit-80", "80"), ("exit-1", "1")])
def test_a_refusal_and_a_bug_are_not_tried_again(started: Release, name: str, code: str) -> None:
    phase, found = tries(started, name)
    assert phase == "Failed"
    assert [node["outputs"]["exitCode"] for node in found] == [code]


def test_a_passing_fault_is_tried_again(started: Release) -> None:
    phase, found = tries(started, "exit-75")
    assert phase == "Succeeded"
    assert [node["outputs"]["exitCode"] for node in found] == ["75", "0"]


def test_a_fault_that_does_not_pass_ends(started: Release) -> None:
    phase, found = tries(started, "exit-75-always")
    assert phase == "Failed"
    assert [node["outputs"]["exitCode"] for node in found] == ["75"] * 3


@pytest.mark.parametrize("name", TAKEN)
def test_a_pod_that_is_taken_away_is_made_again(
    started: Release, taken: dict[str, str], name: str
) -> None:
    phase, found = tries(started, name)
    told = [f"{node['phase']}: {node.get('message')}" for node in found]
    assert phase == "Succeeded", told
    # Argo makes a pod anew as the same try, when it was gone before its end was seen.
    made = {pod["metadata"]["uid"] for pod in started.namespace.pods(name)}
    assert made - {taken[name]}, told


def test_a_pod_that_the_node_evicts_is_tried_again(started: Release) -> None:
    phase, found = tries(started, "over-its-disk")
    told = [f"{node['phase']}: {node.get('message')}" for node in found]
    assert (phase, len(found)) == ("Succeeded", 2), told
    # The second where the pod was gone before Argo saw its end: nobody else takes it away.
    assert re.search("exceeds the limit|pod deleted", found[0]["message"]), told


def test_a_lack_of_memory_is_tried_once_more_with_twice_as_much(started: Release) -> None:
    phase, found = tries(started, "out-of-memory")
    assert phase == "Succeeded"
    first, second = found
    assert first["outputs"]["exitCode"] == "137"
    assert "OOMKilled" in first["message"]
    assert second["phase"] == "Succeeded"
