"""How a job ended, from what Argo states."""

import json

import pytest

from steps.contract.receipt import Failure, Receipt
from steps.model.manifest import Delivered, Manifest, Missing
from steps.notify.event import JobEnd, JobEvent, event_type
from steps.notify.outcome import job_end, mark_of, parse_failures

JOB = "talk-1"
NOT_AGAIN = "retryStrategy.expression evaluated to false"


def node(name: str, message: str = "", finished: str = "2026-01-01T00:00:00Z") -> dict[str, str]:
    return {
        "displayName": name, "message": message, "templateName": name.partition("(")[0],
        "phase": "Failed", "podName": "p", "finishedAt": finished,
    }  # fmt: skip


def quoted(*nodes: dict[str, str]) -> str:
    """As Argo's controller writes workflow.failures: JSON, quoted once more."""
    return json.dumps(json.dumps(list(nodes)))


def receipt(task: str, code: int, message: str) -> Receipt:
    return Receipt(
        task=task, step=task.partition("-")[0], version=1, params={}, inputs=(), outputs=(),
        failure=Failure(exit_code=code, error="BadInput", message=message),
    )  # fmt: skip


def manifest(**changes: object) -> Manifest:
    whole = Manifest(
        clipmill="0", outcome="complete", reason="", source_sha256="0" * 64,
        clips=(Delivered(id="clip_01", title="One", files=("clips/clip_01.mp4",)),),
        missing=(), tasks=(), models=(), degradations=(), artifacts=(),
    )  # fmt: skip
    return whole.model_copy(update=changes)


def ended(
    status: str = "Succeeded",
    failures: str = '"null"',
    made: Manifest | None = None,
    receipts: tuple[Receipt, ...] = (),
) -> JobEnd:
    return job_end(
        job=JOB, owner="ann", prefix="jobs", status=status, failures=parse_failures(failures),
        manifest=made, receipts=receipts,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "null", '"null"', '"[]"', "{", '"{"', "[1]", "3"])
def test_no_failures(text: str) -> None:
    assert parse_failures(text) == []


def test_failures_are_in_order_of_their_end_whatever_argo_gives() -> None:
    later, sooner = node("cut", "b", "2026-01-02"), node("detect(0)", "a", "2026-01-01")
    found = parse_failures(quoted(later, sooner))
    assert [item.task for item in found] == ["detect", "cut"]
    assert found == parse_failures(json.dumps([sooner, later]))


def test_go_s_quoting_is_read() -> None:
    """strconv.Quote writes escapes that JSON does not have; control characters are dropped."""
    message = r"a\x7fb\\u0007\\u000b \U0001fae9 \\\"c\\\" \\\\x41"
    (found,) = parse_failures(rf'"[{{\"displayName\":\"cut(0)\",\"message\":\"{message}\"}}]"')
    assert (found.task, found.message) == ("cut", 'ab \U0001fae9 "c" \\x41')


@pytest.mark.parametrize(
    ("display", "task"),
    [
        ("cut", "cut"),
        ("cut(2)", "cut"),
        ("render(0:clip_01)", "render-clip_01"),
        ("render(11:clip_12)(1)", "render-clip_12"),
    ],
)
def test_the_task_behind_a_node(display: str, task: str) -> None:
    assert parse_failures(quoted(node(display)))[0].task == task


def test_success() -> None:
    made = manifest()
    end = ended(made=made)
    assert (end.outcome, end.reason, end.failures) == ("complete", "", ())
    assert end.prefix == "jobs/talk-1"
    assert end.manifest_sha256 == made.sha256()
    assert [clip.files for clip in end.clips] == [("clips/clip_01.mp4",)]
    assert event_type(end) == "job.succeeded"


def test_a_missing_clip_is_named_in_a_job_that_succeeded() -> None:
    failure = Failure(exit_code=81, error="UnsupportedMedia", message="no picture")
    made = manifest(
        outcome="partial", reason="1 of 2 clips", missing=(Missing(id="clip_02", failure=failure),)
    )
    lines = quoted(
        node("render(1:clip_02)(0)", "main: Error (exit code 81): no picture", "2026-01-01"),
        node("render(1:clip_02)", NOT_AGAIN, "2026-01-02"),
        node("render", "", "2026-01-02"),
    )
    end = ended(failures=lines, made=made, receipts=(receipt("render-clip_02", 81, "no picture"),))
    assert (end.outcome, end.reason) == ("partial", "1 of 2 clips")
    assert [(item.task, item.exit_code, item.message) for item in end.failures] == [
        ("render-clip_02", 81, "no picture")
    ]


def test_failure_says_what_the_step_said() -> None:
    lines = quoted(
        node("download", NOT_AGAIN, "2026-01-02"),
        node(JOB, "", "2026-01-02"),
        node("download(0)", "main: Error (exit code 80)", "2026-01-01"),
    )
    end = ended("Failed", lines, receipts=(receipt("download", 80, "no such file"),))
    assert (end.outcome, end.reason) == ("failed", "download: no such file")
    assert [item.task for item in end.failures] == ["download"]
    assert event_type(end) == "job.failed"


def test_the_task_that_failed_last_is_the_reason() -> None:
    """A clip may fail and the job go on; what failed after it ended the job."""
    failures = quoted(
        node("render-clip_02", NOT_AGAIN, "2026-01-01T00:00:01Z"),
        node("render-clip_02(0)", "main: Error (exit code 84)", "2026-01-01T00:00:00Z"),
        node("publish", NOT_AGAIN, "2026-01-01T00:00:09Z"),
        node("publish(0)", "main: Error (exit code 84)", "2026-01-01T00:00:08Z"),
    )
    receipts = (receipt("render-clip_02", 84, "no cut"), receipt("publish", 84, "no clip is left"))
    end = ended("Failed", failures, receipts=receipts)
    assert [item.task for item in end.failures] == ["render-clip_02", "publish"]
    assert end.reason == "publish: no clip is left"


def test_a_lost_pod_has_argo_s_words() -> None:
    lines = quoted(
        node("detect(0)", "main: Error (exit code 75)", "2026-01-01"),
        node("detect(1)", "pod deleted", "2026-01-02"),
        node("detect", "No more retries left", "2026-01-03"),
    )
    end = ended("Error", lines)
    assert end.reason == "detect: pod deleted"
    assert end.failures[0].exit_code == -1
    assert end.failures[0].error == "Lost"


def test_a_try_that_was_made_good_is_no_failure() -> None:
    end = ended(failures=quoted(node("cut(0)", "main: Error (exit code 75)")), made=manifest())
    assert end.failures == ()


def test_a_task_that_never_had_a_pod_has_its_own_words() -> None:
    end = ended("Error", quoted(node("cut", "cannot make the pod"), node(JOB)))
    assert end.reason == "cut: cannot make the pod"


def test_a_failure_before_a_stop_is_still_named() -> None:
    lines = quoted(
        node("caption(0)", "main: Error (exit code 80): no words", "2026-01-01"),
        node("caption", NOT_AGAIN, "2026-01-01"),
        node("detect(0)", "workflow shutdown with strategy:  Stop", ""),
        node("detect", "Stopped with strategy 'Stop'", "2026-01-03"),
    )
    end = ended("Failed", lines)
    assert (end.outcome, [item.task for item in end.failures]) == ("cancelled", ["caption"])


@pytest.mark.parametrize(
    "message", ["Stopped with strategy 'Stop'", "workflow shutdown with strategy:  Stop"]
)
def test_cancelled(message: str) -> None:
    end = ended("Failed", quoted(node("detect", message), node(JOB, message)))
    assert (end.outcome, end.reason, end.failures) == ("cancelled", "stopped on request", ())
    assert event_type(end) == "job.cancelled"


def test_a_failure_without_words() -> None:
    assert ended("Failed").reason == "no reason is known"


def event(at: str, end: JobEnd, mark: str = "") -> JobEvent:
    return JobEvent(type=event_type(end), timestamp=at, data=end, mark=mark)


def test_the_same_end_has_the_same_id_at_any_time() -> None:
    first, again = event("2026-01-01", ended()), event("2026-01-02", ended())
    assert first.message_id() == again.message_id()
    assert first.body() != again.body()
    assert event("2026-01-01", ended("Failed")).message_id() != first.message_id()


def failed_at(finished: str, uid: str = "u", hook: str = "") -> JobEvent:
    """Failed without a word; the exit hook's own failed try is among Argo's, and ended later."""
    own = [node(f"{JOB}.onExit(0)", hook, "2026-01-09")] if hook else []
    text = quoted(node(JOB, "", finished), node("cut", "", "2026-01-01"), *own)
    return event("2026-01-09", ended("Failed", text), mark_of(JOB, uid, parse_failures(text)))


def test_the_same_failure_after_a_retry_or_in_a_new_job_has_another_id() -> None:
    first = failed_at("2026-01-02")
    assert first.message_id() == failed_at("2026-01-02", hook="OOMKilled").message_id()
    others = [failed_at("2026-01-03"), failed_at("2026-01-02", uid="v")]
    assert first.message_id() not in [other.message_id() for other in others]
    assert {other.body() for other in others} == {first.body()}
