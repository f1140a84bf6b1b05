import subprocess
import sys
from pathlib import Path

import pytest

from steps.contract.errors import BadInput, OverLimit, StepError
from steps.storage import locate, open_store
from steps.storage.schemes import FILE_BYTES, fetch_file
from tests.servers import S3Server


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("/data/jobs", "file:///data/jobs"),
        ("/data/jobs/", "file:///data/jobs"),
        ("file:///data/jobs", "file:///data/jobs"),
        ("file://localhost/data/jobs/", "file:///data/jobs"),
        ("file:///with%20space", "file:///with%20space"),
        ("memory://x", "memory://x"),
        ("memory://x/a/b/", "memory://x/a/b"),
    ],
)
def test_uris_that_mean_a_place(uri: str, expected: str) -> None:
    assert open_store(uri).uri == expected


def test_a_relative_path_is_of_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_store("jobs/a").uri == (tmp_path / "jobs/a").as_uri()


@pytest.mark.parametrize("uri", ["s3://b", "s3://b/", "s3://b/x/y", "s3://b/x/y/"])
def test_buckets(uri: str, s3_environment: S3Server) -> None:
    assert open_store(uri).uri == uri.rstrip("/")


@pytest.mark.parametrize(
    "uri",
    ["", "s3://", "s3:///x", "gs://b/x", "ftp://x", "file://host/x", "s3://b/../x", "s3://b//x",
     "a\0b", "memory://x/./y"],
)  # fmt: skip
def test_uris_that_mean_nothing(uri: str) -> None:
    with pytest.raises(BadInput) as caught:
        open_store(uri)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("uri", "folder", "key"),
    [
        ("/data/talk.mp4", "file:///data", "talk.mp4"),
        ("/talk.mp4", "file:///", "talk.mp4"),
        ("file:///data/a%20b.mp4", "file:///data", "a b.mp4"),
        ("memory://x/a%20b.mp4", "memory://x", "a%20b.mp4"),
        ("memory://x/y/z.mp4", "memory://x/y", "z.mp4"),
    ],
)
def test_one_object_is_located(uri: str, folder: str, key: str) -> None:
    store, found = locate(uri)
    assert (store.uri, found) == (folder, key)


@pytest.mark.parametrize("uri", ["", "talk.mp4/", "s3://bucket", "s3://bucket/", "memory://x"])
def test_what_names_no_object(uri: str) -> None:
    with pytest.raises(BadInput, match="names no file"):
        locate(uri)


def test_boto3_is_imported_for_buckets_only() -> None:
    program = (
        "import sys; from steps.storage import open_store; open_store('.'); open_store('memory://x')"
        "; import steps.storage.cache; print('boto3' in sys.modules, 'botocore' in sys.modules)"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert asked.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("form", ["{path}", "file://{path}", "file://localhost{path}"])
def test_a_file_that_a_param_names_is_copied(form: str, tmp_path: Path) -> None:
    path, copy = tmp_path / "style", tmp_path / "copy"
    path.write_text("{}")
    fetch_file(form.format(path=path), copy)
    assert copy.read_text() == "{}"


@pytest.mark.parametrize(
    ("place", "leaf"),
    [
        ("nowhere.json", BadInput),
        (".", BadInput),
        ("https://example.com/a.json", BadInput),
        ("large.json", OverLimit),
    ],
)
def test_a_file_that_cannot_be_fetched(
    place: str, leaf: type[StepError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Path("large.json").open("wb") as stream:
        stream.truncate(FILE_BYTES + 1)
    with pytest.raises(leaf):
        fetch_file(place, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
