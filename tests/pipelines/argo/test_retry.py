"""Which failures are retried: the expression of the template, evaluated."""

import re

import pytest

from pipelines.argo.retry import EXPRESSION, retry_strategy, unfinished_nodes
from pipelines.dag import clips_dag, detect_dag

DEADLINE = "Pod was active on the node longer than the specified deadline"
SHUTDOWN = "Pod was terminated in response to imminent node shutdown."
MISSING = (
    "init: Error (exit code 64): artifact cut failed to load: The specified key does not exist."
)
WEBHOOK = 'failed calling webhook "pods.example.com": context deadline exceeded'
SLOW = "wait: Error (exit code 64): failed to save: Put: context deadline exceeded"
EVICTED = "The node was low on resource: memory. Container main was using 5Gi"


def evaluate(
    *, status: str = "Failed", code: int = -1, message: str = "", retries: int = 0
) -> bool:
    """The few words of expr-lang that the expression uses, as Python."""
    text = EXPRESSION.replace("&&", " and ").replace("||", " or ")
    text = re.sub(r"!(?!=)", " not ", text)
    text = re.sub(r"(lastRetry\.\w+) matches ('[^']*')", r"bool(re.search(\2, \1))", text)
    text = re.sub(r"(lastRetry\.\w+) startsWith ('[^']*')", r"\1.startswith(\2)", text)
    values = {"status": status, "exitCode": str(code), "message": message}
    text = re.sub(r"lastRetry\.(\w+)", lambda found: repr(values[found[1]]), text)
    return bool(eval(text, {"re": re, "asInt": int, "retries": str(retries)}))


@pytest.mark.parametrize(
    ("end", "again"),
    [
        ({"code": 75, "message": "main: Error (exit code 75)"}, True),
        ({"code": 64}, True),
        ({"code": 65}, True),
        ({"code": 143}, True),
        ({"code": 130, "message": "main: Error (exit code 130)"}, True),
        ({"status": "Error", "message": "pod deleted"}, True),
        ({"status": "Error", "message": "pod deleted", "retries": 1}, True),
        ({"message": SHUTDOWN}, True),
        ({"message": EVICTED}, True),
        ({"code": 137, "message": "main: Error (exit code 137)"}, True),
        ({"code": 137, "message": "main: OOMKilled (exit code 137)"}, True),
        ({"code": 137, "message": "main: OOMKilled (exit code 137)", "retries": 1}, False),
        ({"code": 1, "message": "main: Error (exit code 1)"}, False),
        ({"code": 80, "message": "main: Error (exit code 80)"}, False),
        *(({"code": code}, False) for code in range(80, 86)),
        ({"message": DEADLINE}, False),
        ({"code": 137, "message": DEADLINE}, False),
        ({"code": 130, "message": DEADLINE}, False),
        ({"status": "Error", "message": "Step exceeded its deadline"}, False),
        ({"status": "Error", "message": MISSING}, False),
        ({"status": "Error", "message": WEBHOOK}, True),
        ({"code": 64, "message": SLOW}, True),
        ({"code": 255, "message": "main: Unknown (exit code 255)"}, True),
        ({"code": 128, "message": "main: StartError (exit code 128): no such file"}, False),
        # A step's own words, which a user's input may be part of, decide nothing.
        ({"code": 80, "message": "main: Error (exit code 80): Evicted pod deleted"}, False),
        ({"code": 75, "message": "main: Error (exit code 75): deadline of the server"}, True),
    ],
)  # fmt: skip
def test_which_failures_are_retried(end: dict[str, object], again: bool) -> None:
    assert evaluate(**end) is again  # type: ignore[arg-type]


def matches(selector: str, name: str, phase: str) -> bool:
    """Whether Argo's field selector, which only excludes, lets a node through."""
    return not {f"name!={name}", f"phase!={phase}"} & set(selector.split(","))


@pytest.mark.parametrize("phase", ["Failed", "Error", "Running", "Pending"])
def test_a_retry_runs_again_what_is_not_done(phase: str) -> None:
    selector = unfinished_nodes("talk", clips_dag())
    assert matches(selector, "talk.download", phase)
    assert matches(selector, "talk.render(0:clip_01)", phase)


@pytest.mark.parametrize("phase", ["Succeeded", "Skipped", "Omitted"])
def test_a_retry_keeps_what_is_done(phase: str) -> None:
    assert not matches(unfinished_nodes("talk", clips_dag()), "talk.download", phase)


def test_a_retry_does_not_reset_groups() -> None:
    for group in ("talk", "talk.render"):
        assert not matches(unfinished_nodes("talk", clips_dag()), group, "Failed")
    assert matches(unfinished_nodes("talk", detect_dag()), "talk.render", "Failed")


def test_only_the_expression_decides() -> None:
    built = retry_strategy(3).build()
    assert built.retry_policy is None
    assert built.backoff is not None
    assert built.backoff.max_duration is None
