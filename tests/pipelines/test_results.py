"""`clipmill results` beside a server with set answers, and a real bucket."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from pipelines.__main__ import main
from steps.model.manifest import Manifest
from steps.storage import open_store
from tests.pipelines.argo.answering import answering
from tests.servers import S3Server

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Hera's own

NONE = (404, json.dumps({"code": 5, "message": "talk not found"}))
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def manifest(s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job `talk` is done, in a part of the bucket that is this test's."""
    uri = f"s3://{s3_environment.bucket}/{uuid4()}"
    monkeypatch.setenv("CLIPMILL_STORE", uri)
    monkeypatch.delenv("ARGO_SERVER", raising=False)
    done = Manifest(
        clipmill="1",
        outcome="empty",
        reason="nothing to clip",
        source_sha256="0" * 64,
        clips=(),
        missing=(),
        tasks=(),
        models=(),
        degradations=(),
        artifacts=(),
    )
    open_store(uri).write_bytes("jobs/talk/manifest.json", done.canonical_bytes())


def job(phase: str, since: timedelta | None) -> tuple[int, str]:
    """A job that began so long ago."""
    begun = {"startedAt": (datetime.now(UTC) - since).isoformat()} if since is not None else {}
    status = {"phase": phase, **begun}
    return 200, json.dumps({"metadata": {"name": "talk"}, "spec": {}, "status": status})


@pytest.mark.parametrize(
    "answer",
    [
        NONE,
        job("Succeeded", HOUR),
        job("Succeeded", -HOUR),
        job("Running", HOUR),  # only its hook is left
        job("Failed", HOUR),  # its hook did
    ],
    ids=["none", "done", "retried", "runs", "failed"],
)
def test_a_manifest_that_the_job_wrote_counts(
    answer: tuple[int, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(answer) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        assert main(["results", "talk", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "empty"
    assert len(there.asked) == 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (job("Running", -HOUR), "talk is RUNNING 0%: "),
        (job("Failed", -HOUR), "talk is FAILED: "),
        (job("Pending", None), "talk is QUEUED: "),
    ],
)
def test_a_manifest_of_an_earlier_run_does_not(
    answer: tuple[int, str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(answer) as there:
        assert main(["results", "talk", "--server", there.url]) == 80
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert (said.out, line[: len("error: " + says)]) == ("", f"error: {says}")
    assert "of an earlier run" in line


def test_without_a_server_the_bucket_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", "talk"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("nothing to clip\n", "")


def test_beside_a_server_that_is_away_the_bucket_is_enough(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with answering((501, json.dumps({"code": 12, "message": "not now"}))) as there:
        assert main(["results", "talk", "--server", there.url]) == 0
    said = capsys.readouterr()
    assert said.out == "nothing to clip\n"
    assert "cannot tell whether talk runs again" in said.err
