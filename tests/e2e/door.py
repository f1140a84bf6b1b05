"""A door to a server: the same server at another address, open or shut."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit


class Door:
    """Forwards connections while it is open, and refuses them while it is shut."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._there = (parts.hostname or "", parts.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._is_open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def shut(self) -> None:
        self._is_open = False

    def open(self) -> None:
        self._is_open = True

    def __enter__(self) -> "Door":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            if not self._is_open:
                here.close()
                continue
            threading.Thread(target=self._connect, args=(here,), daemon=True).start()

    def _connect(self, here: socket.socket) -> None:
        with here, socket.create_connection(self._there) as there:
            back = threading.Thread(target=_pour, args=(there, here), daemon=True)
            back.start()
            _pour(here, there)
            back.join()


def _pour(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(1 << 16):
            other.sendall(data)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
