"""A web server on the loopback interface that serves one file, honestly or badly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers import serving as in_thread


@dataclass
class Site:
    """What is served, how, and what was asked.

    Attributes:
        etag: of the content; empty for none.
        ranges: whether parts may be asked for.
        drop_after: bytes after which each of the next `drops` answers ends.
        statuses: codes that are answered first, one per request.
        redirects: path -> target.
        kind: the Content-Type.
        announces_length: whether it says how long the content is.
        part: of every answer: first byte and end, asked for or not.
        part_etag: the ETag of every 206, where it is another.
        ignores_if_range: whether a part of another version is sent.
    """

    content: bytes
    etag: str = '"v1"'
    ranges: bool = True
    drop_after: int = 0
    drops: int = 0
    statuses: list[int] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    kind: str = "video/mp4"
    announces_length: bool = True
    part: tuple[int, int] | None = None
    part_etag: str | None = None
    ignores_if_range: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/film.mp4"


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, body: bool) -> None:
        site = self.site
        site.asked.append((self.command, self.path, dict(self.headers)))
        if site.statuses:
            self.send_response(site.statuses.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if target := site.redirects.get(self.path):
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = site.files.get(self.path, site.content)
        start, end = site.part or (self.start(len(content)), len(content))
        self.send_response(206 if start or site.part else 200)
        self.send_header("Content-Type", site.kind)
        etag = site.part_etag if start and site.part_etag is not None else site.etag
        if etag:
            self.send_header("ETag", etag)
        if start or site.part:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
        if site.announces_length:
            self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if not body:
            return
        part = content[start:end]
        if site.drops:
            site.drops -= 1
            part = part[: site.drop_after]
        self.wfile.write(part)

    def start(self, length: int) -> int:
        asked = self.headers.get("Range", "")
        fresh = self.headers.get("If-Range", self.site.etag) == self.site.etag
        fresh = fresh or self.site.ignores_if_range
        if not (self.site.ranges and fresh and asked.startswith("bytes=")):
            return 0
        return min(length, int(asked.removeprefix("bytes=").partition("-")[0] or 0))


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve it until the block ends."""
    handler = type("Handler", (_Handler,), {"site": site})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        site.port = server.server_address[1]
        with in_thread(server):
            yield site
