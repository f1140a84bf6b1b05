"""A webhook receiver of this machine, which answers what it is told to."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer

from tests.servers import serving


@dataclass
class Receiver:
    """What came, and what to answer: one code for each message, the last one ever after."""

    answers: list[int]
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    address: str = ""


@contextmanager
def receiver(*answers: int, host: str = "127.0.0.1") -> Iterator[Receiver]:
    state = Receiver(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.messages.append((headers, body))
            code = state.answers[min(len(state.messages), len(state.answers)) - 1]
            self.send_response(code)
            if code in (301, 302):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((host, 0), Handler) as server, serving(server):
        state.address = f"http://{host}:{server.server_port}/hook?a=1"
        yield state


@contextmanager
def misbehaving(pieces: Iterable[bytes]) -> Iterator[str]:
    """The address of one who answers any request with these bytes, whether HTTP or not."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            with suppress(OSError):
                for piece in pieces:
                    self.wfile.write(piece)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server, serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/hook"
