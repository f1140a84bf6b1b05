"""A Kubernetes API on the loopback interface with the objects of a test."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from tests.servers import serving

Json = dict[str, Any]
WORDS = ("buildDate", "compiler", "gitCommit", "gitTreeState", "goVersion", "platform")
VERSION: Json = {**dict.fromkeys(WORDS, ""), "major": "1", "minor": "33", "gitVersion": "v1.33.0"}


@dataclass
class Cluster:
    """What is there by path, and what was asked for: a path and the Authorization beside it.

    Attributes:
        objects: a number is the status to answer with.
        tokens: of whom every right is granted; others have none, and `nonsense` is nobody.
        asked: in the order of asking.
    """

    objects: dict[str, Json | int]
    tokens: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    kubeconfig: Path = Path()

    def answer(self, path: str, token: str) -> tuple[int, Json]:
        self.asked.append((path, token))
        if path.endswith("/selfsubjectaccessreviews"):
            if token == "Bearer nonsense":
                return 401, {}
            return 201, {"spec": {}, "status": {"allowed": token in self.tokens}}
        found = self.objects.get(path, 404)
        return (found, {}) if isinstance(found, int) else (200, found)


@contextmanager
def kubernetes_api(folder: Path, objects: dict[str, Json | int]) -> Iterator[Cluster]:
    cluster = Cluster({"/version": VERSION, **objects})

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0].rstrip("/")
            code, answer = cluster.answer(path, self.headers.get("Authorization", ""))
            body = json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        cluster.kubeconfig = folder / "kubeconfig"
        cluster.kubeconfig.write_text(yaml.safe_dump(_config(server.server_port)))
        with serving(server):
            yield cluster


def _config(port: int) -> Json:
    return {
        "apiVersion": "v1", "kind": "Config", "current-context": "here",
        "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "users": [{"name": "me", "user": {"token": "mine"}}],
        "contexts": [{"name": "here",
                      "context": {"cluster": "here", "user": "me", "namespace": "elsewhere"}}],
    }  # fmt: skip
