"""`clipmill submit` against a server with set answers, and a real bucket."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from pipelines.__main__ import main
from pipelines.argo.submission import submission
from steps.storage import Store, open_store
from tests.pipelines.argo.answering import answering
from tests.servers import S3Server

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Hera's own

NONE = (404, json.dumps({"code": 5, "message": "not found"}))
WORKFLOW = (200, json.dumps({"metadata": {"name": "talk"}, "spec": {}}))
SOURCE = "https://example.com/talk.mp4"


@pytest.fixture
def bucket(s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A part of the bucket that is this test's, named as the store."""
    uri = f"s3://{s3_environment.bucket}/{uuid4()}"
    monkeypatch.setenv("CLIPMILL_STORE", uri)
    return open_store(uri)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "talk.mp4"
    path.write_bytes(b"a film")
    return path


def job(phase: str, **values: str) -> tuple[int, str]:
    """What the server says of a job, whether it is live or only in the archive."""
    workflow = submission("talk", "clipmill", {"source": SOURCE, **values})
    made = json.loads(workflow.json(by_alias=True, exclude_none=True))
    return 200, json.dumps({**made, "status": {"phase": phase}})


def methods(asked: list[tuple[str, str, str, str]]) -> list[str]:
    return [method for method, *_ in asked]


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str, str, str]]]:
    """What a server without jobs was asked, by the commands that the environment leads to it."""
    with answering(NONE, WORKFLOW) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        yield there.asked


def test_a_local_film_is_in_the_bucket_when_its_job_is_made(
    bucket: Store, film: Path, nobody: list[tuple[str, str, str, str]]
) -> None:
    assert main(["submit", str(film), "--job-id", "talk"]) == 0
    (entry,) = bucket.list()
    assert bucket.read_bytes(entry.key) == b"a film"
    created = json.loads(nobody[-1][3])["workflow"]
    assert created["metadata"]["annotations"]["clipmill.dev/source"] == f"{bucket.uri}/{entry.key}"
    assert entry.key.endswith("/talk.mp4")
    assert methods(nobody) == ["GET", "POST"]


def test_a_choice_that_the_cluster_does_not_offer_is_refused_before_the_upload(
    bucket: Store,
    film: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    parameter = {"name": "captions", "enum": ["sidecar"]}
    installed = {
        "metadata": {"name": "clipmill"},
        "spec": {"arguments": {"parameters": [parameter]}},
    }
    with answering(NONE, (200, json.dumps(installed))) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        assert main(["submit", str(film), "--job-id", "talk", "--captions", "burn"]) == 80
    assert "--captions=burn: this cluster offers sidecar" in capsys.readouterr().err
    assert there.asked[1][1].endswith("/workflow-templates/default/clipmill")
    assert not list(bucket.list())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("{{workflow.name}}.mp4", "workflow.name_.mp4"),
        ("a\x7fb.mp4", "a_b.mp4"),
        ("a\\b.mp4", "a_b.mp4"),
        ("talk.mp4 ", "talk.mp4"),
        ("日本 1.mp4", "日本 1.mp4"),
    ],
)
def test_a_film_with_an_odd_name_is_put_under_a_safe_one(
    name: str, safe: str, bucket: Store, film: Path, nobody: object
) -> None:
    odd = film.rename(film.with_name(name))
    assert main(["submit", str(odd), "--job-id", "talk"]) == 0
    (entry,) = bucket.list()
    assert Path(entry.key).name == safe


def test_a_style_file_goes_to_the_bucket_and_its_address_to_the_job(
    bucket: Store, film: Path, nobody: list[tuple[str, str, str, str]]
) -> None:
    style = film.with_name("style.json")
    style.write_text('{"size_px": 90}')
    assert main(["submit", str(film), "--job-id", "talk", "--style", str(style)]) == 0
    (entry,) = bucket.list("inputs/")
    assert bucket.read_bytes(entry.key) == style.read_bytes()
    made = json.loads(nobody[-1][3])["workflow"]["spec"]["arguments"]["parameters"]
    assert {"name": "style", "value": f"{bucket.uri}/{entry.key}"} in made


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--job-id", "Talk"), "job id"),
        (("--job-id", "my_talk"), "try my-talk"),
        (("--style", "nosuch.json"), "nosuch.json does not exist"),
        (("--owner", "a@b"), "--owner"),
        (("--callback", "example.com"), "--callback"),
        (("--cache", "s3://b/{{x}}"), "--cache holds {{"),
    ],
)
def test_nothing_is_put_for_a_job_that_cannot_be(
    options: tuple[str, ...],
    says: str,
    bucket: Store,
    film: Path,
    nobody: list[tuple[str, str, str, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["submit", str(film), "--job-id", "talk", *options]) == 80
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert says in line
    assert (list(bucket.list()), nobody) == ([], [])


@pytest.mark.parametrize("store", ["my-bucket", "memory://my-bucket", "s3://", "s3:///x"])
def test_a_store_that_the_cluster_does_not_reach(
    store: str,
    film: Path,
    nobody: list[tuple[str, str, str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(film.parent)
    assert main(["submit", str(film), "--job-id", "talk", "--store", store]) == 80
    assert "write s3://BUCKET" in capsys.readouterr().err
    assert (list(film.parent.iterdir()), nobody) == ([film], [])


def test_a_job_that_only_the_archive_has_is_there_already(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CLIPMILL_STORE", raising=False)
    with answering(job("Succeeded")) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        assert main(["submit", SOURCE, "--job-id", "talk", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["created"], report["state"]) == (False, "SUCCEEDED")
    assert methods(there.asked) == ["GET"]


def test_another_job_that_only_the_archive_has_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CLIPMILL_STORE", raising=False)
    with answering(job("Succeeded", clips="2")) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        assert main(["submit", SOURCE, "--job-id", "talk"]) == 83
    assert "talk exists with other options" in capsys.readouterr().err
    assert methods(there.asked) == ["GET"]


def test_a_job_that_argo_forgot_but_the_bucket_has_is_refused(
    bucket: Store,
    film: Path,
    nobody: list[tuple[str, str, str, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    bucket.write_bytes("jobs/talk/manifest.json", b"{}")
    assert main(["submit", str(film), "--job-id", "talk"]) == 83
    assert "see clipmill results talk" in capsys.readouterr().err
    assert [entry.key for entry in bucket.list()] == ["jobs/talk/manifest.json"]
    assert methods(nobody) == ["GET"]


def test_a_password_is_in_no_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = "https://me:s3cret@h?X-Amz-Signature=s3cret"
    monkeypatch.delenv("CLIPMILL_STORE", raising=False)
    with answering(NONE, job("Running", source=source)) as there:
        monkeypatch.setenv("ARGO_SERVER", there.url)
        assert main(["submit", source, "--job-id", "talk", "--json"]) == 0
    made = json.loads(there.asked[-1][3])["workflow"]
    out = capsys.readouterr().out
    assert json.loads(out)["source"] == "https://h"
    assert "s3cret" not in out + json.dumps(made["metadata"])
    assert made["metadata"]["annotations"]["workflows.argoproj.io/title"] == "talk: h"
