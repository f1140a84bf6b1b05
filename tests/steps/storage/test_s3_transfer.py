"""Content that changes on its way to or from a bucket is noticed, whoever changes it."""

import hashlib
import itertools
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from steps.contract.errors import BadInput, StepError, Transient
from steps.storage import Store, open_store, s3, s3_transfer
from tests.servers import S3Server
from tests.steps.storage.lying import Answer, Headers, Lies, lying_proxy
from tests.steps.storage.test_s3 import Primitive, primitive  # noqa: F401 - a fixture

PART_BYTES = 5 << 20
"""The least that S3 takes as a part."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_transfer, "PART_BYTES", PART_BYTES)
    config = s3_transfer.TransferConfig(
        multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=2
    )
    monkeypatch.setattr(s3, "UPLOAD", config)


@pytest.fixture
def proxied(
    s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Store, Lies]]:
    with lying_proxy(s3_environment) as (seen, lies):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", seen.endpoint)
        yield open_store(f"s3://{seen.bucket}/{secrets.token_hex(4)}"), lies


def content(folder: Path, size: int) -> Path:
    path = folder / f"{size}.bin"
    path.write_bytes(bytes(itertools.islice(itertools.cycle(range(251)), size)))
    return path


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1]) if data else data


@pytest.mark.parametrize("size", [0, 1, PART_BYTES - 1, PART_BYTES, 2 * PART_BYTES + 7])
def test_content_of_any_size_goes_there_and_back(
    proxied: tuple[Store, Lies], tmp_path: Path, size: int
) -> None:
    """And the server's ETag proves it: nothing is read back."""
    store, lies = proxied
    path = content(tmp_path, size)
    store.put_file(path, "a")
    assert [request for request in lies.seen if request.startswith("GET")] == []
    arrived: list[int] = []
    store.get_file("a", tmp_path / "back", arrived.append)
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
    assert sum(arrived) == size
    if size < PART_BYTES:
        assert store.read_bytes("a") == path.read_bytes()


@pytest.mark.parametrize("size", [10, 2 * PART_BYTES])
def test_an_upload_that_was_changed_is_noticed(
    proxied: tuple[Store, Lies], tmp_path: Path, size: int
) -> None:
    store, lies = proxied
    lies.sent = lambda method, body: flipped(body) if method == "PUT" else body
    with pytest.raises(StepError):
        store.put_file(content(tmp_path, size), "a")


def test_an_upload_that_no_server_checks_is_read_back(
    primitive: type[Primitive],  # noqa: F811
    tmp_path: Path,
) -> None:
    """Its ETag is not an MD5 digest, so it proves nothing."""
    store, path = open_store("s3://bucket/job"), content(tmp_path, 10)
    store.put_file(path, "a")
    assert store.read_bytes("a") == path.read_bytes()

    def put_flipped(self: Primitive) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.objects[self.path] = flipped(data)
        self.answer(200, b"")

    primitive.do_PUT = put_flipped  # type: ignore[method-assign]
    with pytest.raises(Transient, match="changed on the way"):
        store.put_file(path, "b")
    with pytest.raises(Transient, match="changed on the way"):
        store.write_bytes("c", b"0123456789")


@pytest.mark.parametrize("size", [10, 2 * PART_BYTES + 7])
def test_a_download_that_was_changed_is_noticed(
    proxied: tuple[Store, Lies], tmp_path: Path, size: int
) -> None:
    store, lies = proxied
    store.put_file(content(tmp_path, size), "a")

    def change(method: str, _asked: Headers, answer: Answer) -> Answer:
        return (*answer[:2], flipped(answer[2])) if method == "GET" else answer

    lies.received = change
    with pytest.raises(Transient, match="changed on the way"):
        store.get_file("a", tmp_path / "back")
    assert not (tmp_path / "back").exists()
    if size < PART_BYTES:
        with pytest.raises(Transient, match="changed on the way"):
            store.read_bytes("a")


def short(_method: str, _asked: Headers, answer: Answer) -> Answer:
    """A part with a length that fits its body, but not the question."""
    return answer[0], answer[1], answer[2][:-3]


def another_part(_method: str, _asked: Headers, answer: Answer) -> Answer:
    status, headers, body = answer
    return status, headers | {"Content-Range": f"bytes 0-{len(body) - 1}/{len(body)}"}, body


def no_part(_method: str, _asked: Headers, answer: Answer) -> Answer:
    headers = {name: value for name, value in answer[1].items() if name != "Content-Range"}
    return 200, headers, answer[2]


@pytest.mark.parametrize("lie", [short, another_part, no_part])
def test_a_part_that_is_not_the_one_asked_for_leaves_no_hole(
    proxied: tuple[Store, Lies], tmp_path: Path, lie
) -> None:
    store, lies = proxied
    path = content(tmp_path, 2 * PART_BYTES + 7)
    store.put_file(path, "a")
    middle, lied = f"bytes={PART_BYTES}-{2 * PART_BYTES - 1}", []

    def received(method: str, asked: Headers, answer: Answer) -> Answer:
        if asked.get("Range") != middle or len(lied) >= times:
            return answer
        lied.append(1)
        return lie(method, asked, answer)

    lies.received = received
    times = 100
    with pytest.raises(Transient, match="a: "):
        store.get_file("a", tmp_path / "back")
    assert not (tmp_path / "back").exists()
    lied.clear()
    times = 1
    store.get_file("a", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == path.read_bytes()


def test_an_object_that_changes_while_it_is_read(
    proxied: tuple[Store, Lies], tmp_path: Path
) -> None:
    store, lies = proxied
    store.put_file(content(tmp_path, 2 * PART_BYTES), "a")

    def replaced(method: str, _asked: Headers, answer: Answer) -> Answer:
        if method == "HEAD":
            return answer[0], {**answer[1], "ETag": '"of the version before"'}, answer[2]
        return answer

    lies.received = replaced
    with pytest.raises(Transient, match="changed while it was read"):
        store.get_file("a", tmp_path / "back")


@pytest.mark.parametrize("status", [301, 307])
@pytest.mark.parametrize("region", ["", "eu-west-1"])
def test_a_redirect_is_one_line(
    proxied: tuple[Store, Lies], tmp_path: Path, status: int, region: str
) -> None:
    store, lies = proxied
    code = "PermanentRedirect" if status == 301 else "TemporaryRedirect"
    headers = {"Location": "http://127.0.0.1:1/x"}
    if region:
        headers["x-amz-bucket-region"] = region
    body = f"<Error><Code>{code}</Code></Error>".encode()
    lies.received = lambda *_: (status, dict(headers), body)
    for use in (
        lambda: store.head("a"),
        lambda: store.list(),
        lambda: store.read_bytes("a"),
        lambda: store.get_file("a", tmp_path / "a"),
        lambda: store.write_bytes("a", b"x"),
    ):
        with pytest.raises(BadInput, match="set AWS_REGION"):
            use()
    assert len(lies.seen) < 30


def test_a_silent_server_is_given_up(
    s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a bounded number of bounded waits, which are short here."""
    assert s3.ATTEMPTS * max(s3.SILENCE_S, s3.CONNECT_S) <= 30
    monkeypatch.setattr(s3, "SILENCE_S", 0.1)
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(Transient, match="cannot be reached"):
            open_store("s3://bucket/x").read_bytes("a")
        server.setblocking(False)
        for _ in range(s3.ATTEMPTS):
            server.accept()[0].close()
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_digest_goes_with_the_object(s3_environment: S3Server) -> None:
    store = open_store(f"s3://{s3_environment.bucket}/digest")
    store.write_bytes("a", b"the content")
    head = s3_environment.client().head_object(Bucket=s3_environment.bucket, Key="digest/a")
    assert head["Metadata"] == {"sha256": hashlib.sha256(b"the content").hexdigest()}
