"""States and nodes, from workflows that a real controller wrote, without inputs and outputs."""

import json
from pathlib import Path
from typing import Any

import pytest
from hera.workflows import models as m

from pipelines.argo.nodes import failure, percent
from pipelines.argo.state import JobState, job_state

RECORDED = Path(__file__).parent / "workflows"
Json = dict[str, Any]


def recorded(name: str) -> Json:
    found: Json = json.loads((RECORDED / f"{name}.json").read_text())
    return found


def state_of(workflow: Json) -> JobState:
    return job_state(m.Workflow(**workflow))


def nodes_of(workflow: Json) -> list[m.NodeStatus]:
    return list((m.Workflow(**workflow).status.nodes or {}).values())


LOCK = "Waiting for clips/ConfigMap/clipmill-limits/jobs lock. Lock status: 0/1"


@pytest.mark.parametrize(
    ("name", "state", "stage", "percent_done", "message", "exit_code"),
    [
        ("queued", "QUEUED", "", 0, LOCK, None),
        ("running", "RUNNING", "transcribe", 20, "", None),
        ("retried", "RUNNING", "cut", 50, "", None),
        ("failed", "FAILED", "", 50, "cut: the step says: told to fail", 80),
        ("cancelled", "CANCELLED", "", 23, "stopped on request", None),
        ("partial", "SUCCEEDED", "", 100, "", None),
    ],
)
def test_a_recorded_workflow_has_this_state(
    name: str, state: str, stage: str, percent_done: int, message: str, exit_code: int | None
) -> None:
    found = state_of(recorded(name))
    assert (found.state, found.stage, found.percent) == (state, stage, percent_done)
    assert (found.message, found.exit_code) == (message, exit_code)
    assert (found.job, found.owner, found.source) == (
        "talk-1", "alice", "https://example.com/talk.mp4")  # fmt: skip
    assert found.ended is (state not in ("QUEUED", "RUNNING"))
    assert bool(found.started) is (name != "queued")
    assert bool(found.finished) is found.ended


def test_a_workflow_that_the_controller_has_not_seen_is_queued() -> None:
    fresh = recorded("queued")
    del fresh["status"]
    found = state_of(fresh)
    assert (found.state, found.percent, found.message) == ("QUEUED", 0, "")


@pytest.mark.parametrize(("name", "state"), [("running", "RUNNING"), ("queued", "QUEUED")])
def test_a_stop_shows_at_once_although_the_job_has_not_ended(name: str, state: str) -> None:
    workflow = recorded(name)
    workflow["spec"]["shutdown"] = "Stop"
    found = state_of(workflow)
    assert (found.state, found.message) == (state, "is being cancelled")


def test_a_stop_that_came_too_late_changes_nothing() -> None:
    workflow = recorded("partial")
    workflow["spec"]["shutdown"] = "Stop"
    assert state_of(workflow).state == "SUCCEEDED"


def test_terminate_also_cancels() -> None:
    workflow = recorded("cancelled")
    workflow["spec"]["shutdown"] = "Terminate"
    assert state_of(workflow).state == "CANCELLED"


def test_a_job_that_was_terminated_while_it_waited_did_not_succeed() -> None:
    """Argo calls it `Succeeded`, although nothing of it ran."""
    workflow = recorded("queued")
    workflow["spec"]["shutdown"] = "Terminate"
    workflow["status"] |= {"phase": "Succeeded", "progress": "0/1"}
    found = state_of(workflow)
    assert (found.state, found.percent) == ("CANCELLED", 0)


def test_an_error_of_the_controller_is_a_failure_with_its_message() -> None:
    workflow = recorded("queued")
    workflow["status"] |= {"phase": "Error", "message": "no such template\nclipmill"}
    found = state_of(workflow)
    assert (found.state, found.message) == ("FAILED", "no such template clipmill")


def test_without_nodes_the_percent_is_argos_own() -> None:
    workflow = recorded("running")
    del workflow["status"]["nodes"], workflow["status"]["storedWorkflowTemplateSpec"]
    assert state_of(workflow).percent == 66


@pytest.mark.parametrize("progress", ["", "x/y", "0/0", "3"])
def test_bad_progress_counts_as_zero(progress: str) -> None:
    workflow = recorded("running")
    del workflow["status"]["nodes"], workflow["status"]["storedWorkflowTemplateSpec"]
    workflow["status"]["progress"] = progress
    assert state_of(workflow).percent == 0


def node(workflow: Json, name: str) -> Json:
    nodes = workflow["status"]["nodes"].values()
    found: Json = next(item for item in nodes if item["name"] == f"talk-1{name}")
    return found


def test_a_try_before_a_successful_one_is_not_a_failure() -> None:
    workflow = recorded("partial")
    assert node(workflow, ".cut(0)")["phase"] == "Failed"
    node(workflow, "")["phase"] = "Failed"
    found = failure(nodes_of(workflow), "talk-1")
    assert found is not None
    assert (found.task, found.exit_code) == ("render-clip_02", 80)


def test_the_last_failure_is_the_reason() -> None:
    workflow = recorded("partial")
    workflow["status"]["phase"] = node(workflow, "")["phase"] = "Failed"
    at = node(workflow, ".render(1:clip_02)")["finishedAt"]  # Argo's times have whole seconds
    for name in (".publish", ".publish(0)"):
        node(workflow, name).update(
            phase="Failed", message="main: Error (exit code 84): no clip", finishedAt=at
        )
    found = state_of(workflow)
    assert (found.message, found.exit_code) == ("publish: no clip", 84)


@pytest.mark.parametrize(
    ("said", "message", "exit_code"),
    [
        ("main: Error (exit code 80): bad link", "bad link", 80),
        ("Error (exit code 80): bad link", "bad link", 80),
        ("main: Error (exit code 1)", "main: Error (exit code 1)", 1),
        ("OOMKilled (exit code 137)", "OOMKilled (exit code 137)", 137),
        ("pod deleted", "pod deleted", None),
        (None, "no reason is known", None),
    ],
)
def test_the_step_s_own_reason_comes_first(
    said: str | None, message: str, exit_code: int | None
) -> None:
    workflow = recorded("failed")
    node(workflow, ".cut(0)")["message"] = said
    found = state_of(workflow)
    assert (found.message, found.exit_code) == (f"cut: {message}", exit_code)


def test_the_exit_hook_is_not_the_reason_while_there_is_another() -> None:
    workflow = recorded("cancelled")
    node(workflow, ".onExit").update(phase="Failed", message="later")
    assert failure(nodes_of(workflow), "talk-1") is None


def test_an_exit_hook_that_failed_a_good_job_is_the_reason() -> None:
    """Not its missing clip: the job had succeeded with the others."""
    workflow = recorded("partial")
    workflow["status"]["phase"] = "Failed"
    for name in (".onExit", ".onExit(0)"):
        node(workflow, name).update(phase="Failed", message="OOMKilled (exit code 137)")
    found = state_of(workflow)
    assert (found.state, found.exit_code) == ("FAILED", 137)
    assert found.message.endswith("OOMKilled (exit code 137)")


def test_each_stage_is_named_once_in_order_of_its_start() -> None:
    workflow = recorded("partial")
    workflow["status"]["phase"] = "Running"
    pods = [item for item in workflow["status"]["nodes"].values() if item["type"] == "Pod"]
    for pod in pods:
        if pod["templateName"] in ("render", "caption"):
            pod["phase"] = "Running"
    assert state_of(workflow).stage == "caption, render"


def test_a_fan_out_counts_by_its_items() -> None:
    workflow = recorded("partial")
    for item in workflow["status"]["nodes"].values():
        if item["templateName"] == "render":
            done = item["type"] == "Pod" and "clip_01" in item["name"]
            item.update(phase="Succeeded" if done else "Running", progress="25/100")
    assert percent(nodes_of(workflow), "talk-1", ["render"]) == 50  # of 1, 1/4 and 1/4
    assert percent(nodes_of(workflow), "talk-1", ["render", "cut", "download", "publish"]) == 87


def test_a_task_that_has_not_started_counts_as_zero() -> None:
    assert percent(nodes_of(recorded("running")), "talk-1", ["publish"]) == 0
    assert percent(nodes_of(recorded("running")), "talk-1", []) is None
