"""A small hub on loopback: what the real client asks for, and faults on demand.

It speaks the part of the Hugging Face hub's API that a download needs: the list of a repository's
files, and `resolve`, which redirects large files to another path, with ranges and error codes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.servers import LOOPBACK, serving

LARGE = ".bin"
"""Files with this ending are large ones: the hub states their SHA-256 and redirects."""
COMMIT = "c" * 40
GOOD_TOKEN = "hf_accepted"


@dataclass
class Hub:
    """The repositories and the faults of a server.

    Attributes:
        url: of the server.
        files: content by repository and path.
        gated: repositories that want a token whose account accepted the terms.
        stated: SHA-256 that the list states for a path in place of the true one.
        cut_after: how many bytes of a body arrive before the connection breaks; None for all.
        down: whether every later request for content gets a 500.
        requests: method, path and range of every request.
    """

    url: str
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    stated: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    down: bool = False
    requests: list[tuple[str, str, str]] = field(default_factory=list)

    def ranges(self) -> list[str]:
        """The ranges that were asked for, of contents."""
        return [asked for _, path, asked in self.requests if path.startswith(("/cdn/", "/plain/"))]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_: Any) -> None: ...

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        parts = [unquote(part) for part in address.path.strip("/").split("/")]
        self.hub.requests.append((self.command, address.path, self.headers.get("Range", "")))
        if parts[:2] == ["api", "models"]:
            self._list("/".join(parts[2:4]), parts[5] if len(parts) > 5 else "main")
        elif len(parts) > 4 and parts[2] == "resolve":
            self._resolve("/".join(parts[:2]), parts[3], "/".join(parts[4:]))
        elif parts[0] in ("cdn", "plain"):
            wanted = parse_qs(address.query).get("sign") == ["yes"] or parts[0] == "plain"
            repository, path = "/".join(parts[1:3]), "/".join(parts[3:])
            self._body(self.hub.files[repository][path] if wanted else b"")
        else:
            self._refuse(404, "EntryNotFound")

    def _list(self, repository: str, revision: str) -> None:
        if repository not in self.hub.files:
            return self._refuse(401, "RepoNotFound")
        if revision not in ("main", COMMIT):
            return self._refuse(404, "RevisionNotFound")
        siblings = []
        for path, content in self.hub.files[repository].items():
            one: dict[str, Any] = {"rfilename": path, "size": len(content)}
            if path.endswith(LARGE):
                sha256 = self.hub.stated.get(path) or hashlib.sha256(content).hexdigest()
                one["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 130}
            siblings.append(one)
        answer = {
            "id": repository,
            "sha": COMMIT,
            "private": False,
            "gated": "auto" if repository in self.hub.gated else False,
            "cardData": {"license": "mit"},
            "siblings": siblings,
        }
        return self._send(200, json.dumps(answer).encode())

    def _resolve(self, repository: str, revision: str, path: str) -> None:
        token = self.headers.get("Authorization", "")
        if repository in self.hub.gated and token != f"Bearer {GOOD_TOKEN}":
            return self._refuse(403 if token else 401, "GatedRepo")
        if path not in self.hub.files.get(repository, {}):
            return self._refuse(404, "EntryNotFound")
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{path}"'}
        if path.endswith(LARGE):
            place = f"{self.hub.url}/cdn/{repository}/{path}?sign=yes"
            return self._send(302, b"", {**headers, "Location": place})
        return self._body(self.hub.files[repository][path], headers)

    def _body(self, content: bytes, headers: dict[str, str] | None = None) -> None:
        if self.hub.down:
            return self._send(500, b"")
        asked = self.headers.get("Range", "")
        start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        if start and start >= len(content):
            return self._send(416, b"")
        last = len(content) - 1
        span = {"Content-Range": f"bytes {start}-{last}/{last + 1}"} if asked else {}
        return self._send(206 if asked else 200, content[start:], {**(headers or {}), **span})

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, b"", {"X-Error-Code": code, "X-Error-Message": code})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        cut = self.hub.cut_after
        if status in (200, 206) and cut is not None and len(body) > cut:
            self.wfile.write(body[:cut])
            self.hub.down, self.close_connection = True, True
        else:
            self.wfile.write(body)


@contextmanager
def hub_server() -> Iterator[Hub]:
    """A running hub without repositories."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        hub = Hub(f"http://{LOOPBACK}:{server.server_address[1]}")
        handler.hub = hub  # type: ignore[attr-defined]
        with serving(server):
            yield hub
