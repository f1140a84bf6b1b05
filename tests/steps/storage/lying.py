"""A proxy before a real S3 server that changes what passes, as bad networks and servers do."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers import S3Server, serving

Headers = dict[str, str]
Answer = tuple[int, Headers, bytes]


@dataclass
class Lies:
    """What the proxy changes; as it is, nothing.

    Attributes:
        sent: from a request's method and body to the body that is passed on.
        received: from a request's method and headers and the server's answer to what is passed on.
        seen: the requests so far, as `GET /path`.
    """

    sent: Callable[[str, bytes], bytes] = lambda _method, body: body
    received: Callable[[str, Headers, Answer], Answer] = lambda _method, _asked, answer: answer
    seen: list[str] = field(default_factory=list)


@contextmanager
def lying_proxy(server: S3Server) -> Iterator[tuple[S3Server, Lies]]:
    """The server as it looks through the proxy, and what to change."""
    lies = Lies()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            lies.seen.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = dict(self.headers.items())
            upstream = http.client.HTTPConnection(server.endpoint.removeprefix("http://"))
            upstream.request(self.command, self.path, lies.sent(self.command, body), asked)
            got = upstream.getresponse()
            answer = (got.status, dict(got.getheaders()), got.read())
            upstream.close()
            self._pass_on(lies.received(self.command, asked, answer))

        do_PUT = do_POST = do_HEAD = do_DELETE = do_GET

        def handle_expect_100(self) -> bool:
            self.send_response_only(100)
            self.end_headers()
            return True

        def _pass_on(self, answer: Answer) -> None:
            status, headers, body = answer
            if self.command != "HEAD":
                headers["Content-Length"] = str(len(body))
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in {"transfer-encoding", "connection"}:
                    self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Proxy(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is expected."""

    with Proxy(("127.0.0.1", 0), Handler) as proxy, serving(proxy):
        yield S3Server(f"http://127.0.0.1:{proxy.server_port}", server.bucket), lies
