"""The controller dies in the middle of a job."""

import pytest

from tests.e2e.namespace import Object, main_state, nodes
from tests.e2e.release import LEAST, Release
from tests.e2e.surroundings import Surroundings
from tests.e2e.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.alone, pytest.mark.slow]

END_S = 600
OPTIONS = ("--at", "1-4", *LEAST)


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
