"""What only S3 can do or suffer: signatures, refusals, lost connections, lesser servers."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from steps.contract.errors import BadInput, Refused, StepError, Transient
from steps.storage import open_store
from steps.storage.s3 import S3Store
from tests.servers import READER, S3Server, forget_aws, free_ports, serving


def test_a_signed_url_opens_one_object_without_credentials(s3_environment: S3Server) -> None:
    store = open_store(f"s3://{s3_environment.bucket}/signed")
    store.write_bytes("clips/clip 01.mp4", b"the clip")
    url = store.signed_url("clips/clip 01.mp4", 60)
    assert httpx.get(url).content == b"the clip"
    assert httpx.get(url.replace("clip%2001", "clip%2002")).status_code == 403
    assert httpx.get(url.partition("?")[0]).status_code == 403


@pytest.mark.parametrize("seconds", [0, -1, 7 * 24 * 3600 + 1])
def test_a_link_lasts_seconds_to_a_week(s3_environment: S3Server, seconds: int) -> None:
    with pytest.raises(BadInput, match="1 to 604800 seconds"):
        open_store(f"s3://{s3_environment.bucket}/x").signed_url("a", seconds)


def test_an_object_has_the_media_type_of_its_name(s3_environment: S3Server, tmp_path: Path) -> None:
    store = open_store(f"s3://{s3_environment.bucket}/types")
    (tmp_path / "file").write_bytes(b"content")
    store.put_file(tmp_path / "file", "clips/clip_01.mp4")
    store.write_bytes("report.html", b"<p>")
    store.write_bytes("manifest.json", b"{}", if_absent=True)
    kinds = [
        httpx.get(store.signed_url(key, 60)).headers["content-type"]
        for key in ("clips/clip_01.mp4", "report.html", "manifest.json")
    ]
    assert kinds == ["video/mp4", "text/html", "application/json"]


def test_keys_outside_the_prefix_are_not_seen(s3_environment: S3Server) -> None:
    bucket = f"s3://{s3_environment.bucket}"
    open_store(f"{bucket}/side").write_bytes("a", b"1")
    open_store(f"{bucket}/side-by-side").write_bytes("b", b"2")
    assert [entry.key for entry in open_store(f"{bucket}/side").list()] == ["a"]
    assert open_store(bucket).read_bytes("side-by-side/b") == b"2"


def test_folder_markers_and_odd_keys_are_left_out(s3_environment: S3Server) -> None:
    client = s3_environment.client()
    for key in ("odd/", "odd/marker/", "odd/real"):
        client.put_object(Bucket=s3_environment.bucket, Key=key, Body=b"")
    store = open_store(f"s3://{s3_environment.bucket}/odd")
    assert [entry.key for entry in store.list()] == ["real"]


def test_more_objects_than_a_page_are_listed(s3_environment: S3Server) -> None:
    """The server's pages have two objects here, not a thousand."""
    store = open_store(f"s3://{s3_environment.bucket}/many")
    client = store.client  # type: ignore[attr-defined]
    for number in range(5):
        client.put_object(Bucket=s3_environment.bucket, Key=f"many/{number}", Body=b"")
    pages: list[int] = []
    event = "{}.s3.ListObjectsV2"
    client.meta.events.register(
        event.format("provide-client-params"), lambda params, **_: {**params, "MaxKeys": 2}
    )
    client.meta.events.register(
        event.format("after-call"), lambda parsed, **_: pages.append(parsed["KeyCount"])
    )
    assert [entry.key for entry in store.list()] == ["0", "1", "2", "3", "4"]
    assert pages == [2, 2, 1]


def refusal(uri: str) -> StepError:
    """The error of a read and of a write, which agree."""
    store = open_store(uri)
    errors = []
    for use in (lambda: store.list(), lambda: store.write_bytes("a", b"x")):
        with pytest.raises(StepError) as caught:
            use()
        errors.append(caught.value)
    assert type(errors[0]) is type(errors[1])
    assert all("\n" not in str(error) for error in errors)
    return errors[0]


def test_no_credentials(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_aws(monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_server.endpoint)
    error = refusal(f"s3://{s3_server.bucket}/x")
    assert isinstance(error, BadInput)
    assert "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in str(error)
    with pytest.raises(BadInput, match="AWS_ACCESS_KEY_ID"):
        open_store(f"s3://{s3_server.bucket}/x").signed_url("a", 60)


def test_a_bucket_that_is_not_there(s3_environment: S3Server) -> None:
    error = refusal("s3://no-such-bucket-here/x")
    assert isinstance(error, Refused)
    assert "s3://no-such-bucket-here does not exist" in str(error)


def test_wrong_credentials(s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-wrong-wrong")
    error = refusal(f"s3://{s3_environment.bucket}/x")
    assert isinstance(error, Refused)
    assert "check the credentials" in str(error)
    assert "wrong-wrong" not in str(error)


def test_the_right_to_read_is_not_that_to_write(
    s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    uri = f"s3://{s3_environment.bucket}/shared"
    open_store(uri).write_bytes("a", b"x")
    for name, value in s3_environment.environment(READER).items():
        monkeypatch.setenv(name, value)
    store, file = open_store(uri), tmp_path / "file"
    file.write_bytes(b"y")
    assert store.read_bytes("a") == b"x"
    for use in (
        lambda: store.write_bytes("a", b"y"),
        lambda: store.put_file(file, "a"),
        lambda: store.delete("a"),
    ):
        with pytest.raises(Refused, match="no permission to use"):
            use()
    assert store.read_bytes("a") == b"x"


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch, s3_environment: S3Server) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{free_ports(1)[0]}")
    error = refusal("s3://bucket/x")
    assert isinstance(error, Transient)
    assert "cannot be reached" in str(error)


@pytest.mark.parametrize(
    ("name", "value"), [("AWS_ENDPOINT_URL_S3", "not a url"), ("AWS_PROFILE", "nobody")]
)
def test_a_malformed_environment(
    s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput, match=r"s3://bucket cannot be used: .*(not a url|nobody)"):
        open_store("s3://bucket/x")


def test_a_bucket_name_that_cannot_be(s3_environment: S3Server) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        open_store("s3://Not_A_Bucket!/x").list()


class Primitive(BaseHTTPRequestHandler):
    """An S3 server with one answer for each method, and no conditional writes."""

    objects: dict[str, bytes]
    short = False
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if "If-None-Match" in self.headers:
            return self.answer(501, b"<Error><Code>NotImplemented</Code></Error>")
        self.objects[self.path] = data
        return self.answer(200, b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self.path not in self.objects:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self.answer(200, self.objects[self.path])

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.send_header("ETag", '"x"')
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.short and status == 200 and body:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def primitive(
    s3_environment: S3Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[type[Primitive]]:
    handler = type("Handler", (Primitive,), {"objects": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, serving(server):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
        yield handler


def test_without_conditional_writes_it_looks_first_and_says_so(
    primitive: type[Primitive], capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store("s3://bucket/job")
    assert store.write_bytes("manifest.json", b"one", if_absent=True) is True
    assert store.write_bytes("manifest.json", b"two", if_absent=True) is False
    assert primitive.objects == {"/bucket/job/manifest.json": b"one"}
    output = capsys.readouterr()
    assert "no conditional writes" in output.out + output.err


def test_a_connection_that_breaks_in_the_middle(primitive: type[Primitive], tmp_path: Path) -> None:
    store = open_store("s3://bucket/job")
    store.write_bytes("a", b"0123456789" * 1000)
    primitive.short = True
    with pytest.raises(Transient):
        store.read_bytes("a")
    with pytest.raises(Transient):
        store.get_file("a", tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_an_upload_that_arrived_short_is_noticed(primitive: type[Primitive]) -> None:
    def keep_half(self: Primitive) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.objects[self.path] = data[:2]
        self.answer(200, b"")

    primitive.do_PUT = keep_half  # type: ignore[method-assign]
    with pytest.raises(Transient, match="has 2 bytes, 4 were sent"):
        open_store("s3://bucket/job").write_bytes("a", b"four")


def test_a_custom_endpoint_means_region_auto_and_path_style(s3_environment: S3Server) -> None:
    client = open_store("s3://some.bucket/x").client  # type: ignore[attr-defined]
    assert client.meta.region_name == "auto"
    assert client.meta.config.s3["addressing_style"] == "path"
    assert client.meta.config.request_checksum_calculation == "when_required"


def test_an_upload_url_takes_one_file_of_its_size_and_type(s3_environment: S3Server) -> None:
    store = open_store(f"s3://{s3_environment.bucket}/uploads")
    assert isinstance(store, S3Store)
    url = store.upload_url("talk.mp4", 60, 5, "video/mp4")
    video = {"content-type": "video/mp4"}
    assert httpx.put(url, content=b"123456", headers=video).status_code == 403
    assert httpx.put(url, content=b"12345", headers={"content-type": "a/b"}).status_code == 403
    assert store.head("talk.mp4") is None
    assert httpx.put(url, content=b"12345", headers=video).status_code == 200
    assert store.read_bytes("talk.mp4") == b"12345"
    with pytest.raises(BadInput, match="1 to 604800 seconds"):
        store.upload_url("talk.mp4", 0, 5, "video/mp4")
