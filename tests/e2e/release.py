"""An installed chart with what surrounds it: the bucket, the callback, the command line."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.namespace import Namespace, tool
from tests.e2e.surroundings import Surroundings
from tests.e2e.waiting import until
from tests.pipelines.clipmill import QUICK, Said, clipmill, command
from tests.servers import WRITER, S3Server
from tests.steps.notify.receiver import Receiver

CHART = Path(__file__).parents[2] / "charts" / "clipmill"
LEAST = (*QUICK, "--size", "720")
"""Options of a job that is there to run: what its steps make is not the subject."""
WEBHOOK_KEY = bytes(range(32))
WEBHOOK_SECRET = f"whsec_{base64.b64encode(WEBHOOK_KEY).decode()}"
TOKEN_LIFE = "4h"

Values = dict[str, Any]


@dataclass(frozen=True)
class Release:
    """A namespace with the chart installed."""

    namespace: Namespace
    store: S3Server
    receiver: Receiver
    environment: dict[str, str]
    home: Path

    def clipmill(self, *words: str | Path, seconds: float = 600) -> Said:
        """Run a command to its end."""
        return clipmill(*words, home=self.home, seconds=seconds, environment=self.environment)

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start a command."""
        environment = {**os.environ, **self.environment, "HOME": str(self.home)}
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command(*words), env=environment, stdout=pipe, stderr=pipe, text=True
        )

    def submit(self, job: str, *words: str | Path) -> Said:
        """Submit a job with a callback; it has to be taken."""
        said = self.clipmill(
            "submit", *words, "--job-id", job, "--callback", self.receiver.address, "--json"
        )
        assert said.code == 0, said.err
        return said

    def state(self, job: str) -> dict[str, Any]:
        """What `clipmill status` says."""
        said = self.clipmill("status", job, "--json")
        assert said.code == 0, said.err
        found: dict[str, Any] = json.loads(said.out)
        return found

    def read(self, key: str) -> bytes:
        """An object of the bucket."""
        body = self.store.client().get_object(Bucket=self.store.bucket, Key=key)["Body"]
        content: bytes = body.read()
        return content

    def write(self, key: str, content: bytes) -> None:
        self.store.client().put_object(Bucket=self.store.bucket, Key=key, Body=content)

    def keys(self, prefix: str) -> list[str]:
        """What is under a prefix, without it."""
        pages = self.store.client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.store.bucket, Prefix=prefix).search("Contents[].Key")
        return sorted(key.removeprefix(prefix) for key in found if key)

    def document(self, job: str, path: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.read(f"jobs/{job}/{path}"))
        return found

    def events(self, job: str) -> list[tuple[dict[str, str], dict[str, Any]]]:
        """The headers and bodies that the callback got for a job."""
        came = [(headers, json.loads(body)) for headers, body in list(self.receiver.messages)]
        return [(headers, body) for headers, body in came if body["data"]["job"] == job]


@contextmanager
def install(
    name: str,
    surroundings: Surroundings,
    tag: str,
    store: S3Server,
    receiver: Receiver,
    home: Path,
    *options: str,
) -> Iterator[Release]:
    """The chart in a namespace of its own, which is removed with all that is in it."""
    namespace = Namespace(name)
    tool("kubectl", "create", "namespace", name)
    try:
        keys = [f"--from-literal=access-key={WRITER[0]}", f"--from-literal=secret-key={WRITER[1]}"]
        namespace.kubectl("create", "secret", "generic", "clipmill-store", *keys)
        signing = f"--from-literal=secret={WEBHOOK_SECRET}"
        namespace.kubectl("create", "secret", "generic", "clipmill-webhook", signing)
        values = home / f"{name}.json"
        values.write_text(json.dumps(_values(surroundings, tag, store)))
        small = ("--values", str(CHART / "values-small.yaml"))
        words = ("--namespace", name, *small, "--values", str(values), *options)
        tool("helm", "install", "clipmill", str(CHART), *words)
        account = "clipmill-submitter"
        token = namespace.kubectl("create", "token", account, "--duration", TOKEN_LIFE).strip()
        yield Release(
            namespace,
            store,
            receiver,
            {
                "ARGO_SERVER": surroundings.argo_server,
                "ARGO_TOKEN": token,
                "ARGO_NAMESPACE": name,
                "CLIPMILL_STORE": f"s3://{store.bucket}",
                **store.environment(),
            },
            home,
        )
    finally:
        namespace.kubectl("delete", "workflows.argoproj.io", "--all", "--timeout=60s", check=False)
        tool("helm", "uninstall", "clipmill", "--namespace", name, check=False)
        tool("kubectl", "delete", "namespace", name, "--timeout=120s", check=False)
        until("the namespace's end", lambda: not _exists(name), 120)


def _exists(namespace: str) -> bool:
    return bool(tool("kubectl", "get", "namespace", namespace, "--ignore-not-found"))


def _values(surroundings: Surroundings, tag: str, store: S3Server) -> Values:
    return {
        "storage": {
            "endpoint": store.endpoint.removeprefix("http://"),
            "insecure": True,
            "bucket": store.bucket,
            "region": "us-east-1",
        },
        "images": {"registry": surroundings.registry, "tag": tag},
        "webhook": {"existingSecret": "clipmill-webhook"},
        "allowPrivateHosts": True,
    }
