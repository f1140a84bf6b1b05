"""A server that speaks OpenAI's protocol on loopback, with scripted answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from steps.__main__ import main
from steps.contract.receipt import Receipt
from tests.servers import LOOPBACK, serving
from tests.steps.highlight.scripted import honest_text
from tests.steps.highlight.speech import words
from tests.steps.highlight.test_work import TALK, job

Body = dict[str, Any]
Said = Body | bytes | tuple[int, Body | bytes]
"""A JSON answer or raw bytes, with a status if it is not 200."""


def completion(text: str | None, **changed: Any) -> Body:
    """A chat completion as vLLM sends it; `changed` replaces fields of its choice."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, "refusal": None, "tool_calls": []},
        "logprobs": None,
        "finish_reason": "stop",
        **changed,
    }
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": "m", "choices": [choice]}


def purpose(body: Body) -> str:
    """What the answer to a request is for."""
    return str(body["response_format"]["json_schema"]["name"])


def honest(body: Body) -> Said:
    """The answer of a model that does as it is told."""
    schema = body["response_format"]["json_schema"]["schema"]
    return completion(honest_text(body["messages"][1]["content"], schema))


@dataclass
class LlmServer:
    """A running server.

    Attributes:
        address: of the API, with `/v1`.
        answer: what it says to a chat request; may be replaced while it runs.
        models: what it lists.
        asked: the chat requests so far.
        headers: of the requests so far.
    """

    answer: Callable[[Body], Said] = honest
    models: list[str] = field(default_factory=lambda: ["test-model"])
    listing: Said | None = None
    address: str = ""
    asked: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def respond(self, path: str, body: Body | None) -> tuple[int, bytes]:
        if path == "/v1/models" and body is None:
            names = [{"id": name, "object": "model"} for name in self.models]
            said: Said = self.listing or {"object": "list", "data": names}
        elif path == "/v1/chat/completions" and body is not None:
            self.asked.append(body)
            said = self.answer(body)
        else:
            said = (404, {"error": {"message": f"no route {path}"}})
        code, content = said if isinstance(said, tuple) else (200, said)
        return code, content if isinstance(content, bytes) else json.dumps(content).encode()


@contextmanager
def llm_server() -> Iterator[LlmServer]:
    """Serve until the context ends."""
    state = LlmServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*state.respond(self.path, None))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self._send(*state.respond(self.path, json.loads(self.rfile.read(length))))

        def _send(self, code: int, content: bytes) -> None:
            state.headers.append(dict(self.headers))
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Handler) as server, serving(server):
        state.address = f"http://{LOOPBACK}:{server.server_port}/v1"
        yield state


def highlight(folder: Path, *options: str, code: int = 0) -> Receipt:
    """Run the step on the talk in a folder of its own, and read its receipt."""
    job(folder, words(TALK[: len(TALK) // 4]))
    argv = ["highlight", "--lengths=10-15", *options, "--in", str(folder), "--out", str(folder)]
    assert main(argv) == code
    return Receipt.from_file(folder / "receipts/highlight.json")
