"""An Argo Server on the loopback interface with prepared answers."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pipelines.argo.server import Server
from tests.servers import serving

CUT = "\0"
"""At the end of an answer: the connection breaks there, before the promised length."""


@dataclass
class Answering:
    """What came, and what to answer: one for each request, the last one ever after."""

    answers: list[tuple[int, str]]
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)
    url: str = ""

    @property
    def server(self) -> Server:
        return Server(self.url, "secret", "clips")


@contextmanager
def answering(*answers: tuple[int, str], tls: ssl.SSLContext | None = None) -> Iterator[Answering]:
    state = Answering(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            token = self.headers.get("Authorization", "")
            state.asked.append((self.command, self.path, token, body))
            code, text = state.answers[min(len(state.asked), len(state.answers)) - 1]
            self.send_response(code)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.removesuffix(CUT).encode())

        do_GET = do_PUT = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        with serving(server):
            yield state
