"""`clipmill logs` against a server with set answers, and a real bucket."""

import json
from uuid import uuid4

import pytest

from pipelines.__main__ import main
from steps.storage import Store, open_store
from tests.pipelines.argo.answering import CUT, answering
from tests.servers import S3Server

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Hera's own

Answer = tuple[int, str]
NONE = (404, json.dumps({"code": 5, "message": "talk not found"}))
NONE_IN_STREAM = (200, json.dumps({"error": {"http_code": 404, "message": "talk not found"}}))
AWAY = (501, json.dumps({"code": 12, "message": "not now"}))


def job(phase: str) -> Answer:
    return 200, json.dumps({"metadata": {"name": "talk"}, "spec": {}, "status": {"phase": phase}})


RUNNING, DONE = job("Running"), job("Succeeded")


def said(*lines: str) -> Answer:
    """A stream of lines like `cut-1: two`."""
    entries = (line.split(": ") for line in lines)
    results = [{"podName": f"talk-{pod}", "content": content} for pod, content in entries]
    return 200, "".join(json.dumps({"result": result}) + "\n" for result in results)


def cut(answer: Answer) -> Answer:
    return answer[0], answer[1] + CUT


@pytest.fixture(autouse=True)
def no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLIPMILL_STORE", raising=False)
    monkeypatch.setattr("time.sleep", lambda _s: None)


@pytest.fixture
def bucket(s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A part of the bucket that is this test's, named as the store."""
    uri = f"s3://{s3_environment.bucket}/{uuid4()}"
    monkeypatch.setenv("CLIPMILL_STORE", uri)
    return open_store(uri)


def logs(monkeypatch: pytest.MonkeyPatch, answers: list[Answer], *options: str) -> int:
    """The exit code of the command; every answer was asked for."""
    with answering(*answers) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        code = main(["logs", "talk", *options])
    assert len(there.asked) == len(answers)
    return code


ONE, AGAIN, TWO = "cut-1: one", "cut-1: one", "cut-1: two"
EXECUTOR = "cut-1: sub-process exited argo=true"


@pytest.mark.parametrize(
    "streams",
    [
        [said(ONE, AGAIN, "cut-2: a", TWO)],
        [said(ONE), said(ONE, AGAIN, "cut-2: a", TWO)],
        [cut(said(ONE, AGAIN)), said("cut-2: a", ONE, AGAIN, TWO)],
        [(200, json.dumps({"error": {"http_code": 500}})), said(ONE, AGAIN, "cut-2: a", TWO)],
        [AWAY, said(ONE, AGAIN, "cut-2: a", TWO)],
        [said(ONE, AGAIN, EXECUTOR), said(ONE, AGAIN, EXECUTOR, "cut-2: a"), said(ONE, AGAIN, TWO)],
    ],
)
def test_following_goes_on_until_the_job_has_ended(
    streams: list[Answer], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [RUNNING, *(answer for stream in streams[:-1] for answer in (RUNNING, stream))]
    assert logs(monkeypatch, [*answers, DONE, streams[-1]], "-f") == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines) == sorted([ONE, AGAIN, "cut-2: a", TWO])
    assert [line for line in lines if line.startswith("cut-1")] == [ONE, AGAIN, TWO]


def test_following_waits_for_a_server_that_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [RUNNING, RUNNING, said(ONE), AWAY, AWAY, DONE, said(ONE, AGAIN)]
    assert logs(monkeypatch, answers, "-f") == 0
    assert capsys.readouterr().out.splitlines() == [ONE, AGAIN]


def test_following_ends_when_the_server_is_away_for_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipelines.cli.jobs.PATIENCE_S", -1.0)
    assert logs(monkeypatch, [RUNNING, RUNNING, said(ONE), AWAY], "-f") == 75
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("options", [[], ["-f"]])
def test_the_lines_of_pods_that_are_gone_come_first(
    options: list[str],
    bucket: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bucket.write_bytes("logs/talk/talk-begin-1/main.log", b"gone\n")
    bucket.write_bytes("logs/talk/talk-cut-1/main.log", b"one\none\n")
    states = [DONE, DONE] if options else [DONE]
    assert logs(monkeypatch, [*states, said(ONE, AGAIN, EXECUTOR, "cut-2: a")], *options) == 0
    assert capsys.readouterr().out.splitlines() == ["begin-1: gone", ONE, AGAIN, "cut-2: a"]


@pytest.mark.parametrize(
    "answers", [[NONE], [DONE, NONE_IN_STREAM], [DONE, said()]], ids=["none", "archive", "no pods"]
)
def test_of_a_job_without_pods_the_bucket_has_the_lines(
    answers: list[Answer],
    bucket: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bucket.write_bytes("logs/talk/talk-cut-1/main.log", b"one\n")
    assert logs(monkeypatch, answers) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == (f"{ONE}\n", "")


@pytest.mark.parametrize("answers", [[NONE], [DONE, NONE_IN_STREAM]])
def test_a_job_that_is_nowhere(
    answers: list[Answer],
    bucket: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert logs(monkeypatch, answers) == 83
    assert "talk not found" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["-f"]])
def test_without_pods_and_store_there_is_a_hint(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    states = [DONE, DONE] if options else [DONE]
    assert logs(monkeypatch, [*states, said()], *options) == 0
    assert "CLIPMILL_STORE" in capsys.readouterr().err
