"""One HTTP client: it connects only to checked addresses, and every wait has an end.

Used by download, notify and highlight; the Argo client shares the check of addresses. There are
three deadlines: for connecting, for silence on the line, and for the whole exchange. Until the
headers of the answer are complete the whole exchange has a shorter one, so that headers that drip
and endless 103 responses end too.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from steps.contract.errors import BadInput, one_line
from steps.contract.urls import shown
from steps.storage.addresses import resolved

CONNECT_S = 10.0
"""The longest wait for a connection, to each address of a host."""

SILENCE_S = 20.0
"""The longest wait for the next byte."""

HEADERS_S = 30.0
"""The longest wait for all headers of an answer, from the start of the request."""


def checked_address(text: str) -> httpx.URL:
    """The URL, when it is an http(s) address of a host that can exist.

    Raises:
        BadInput: it is not.
    """
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, UnicodeError) as error:
        raise BadInput(f"{_short(text)} is not a valid web address ({error}): check it") from error
    if url.scheme not in ("http", "https") or not host:
        raise BadInput(f"{_short(text)} is not a web address: write https://HOST/PATH")
    return url


def _short(text: str) -> str:
    return repr(one_line(shown(text), limit=100))


def status_text(code: int) -> str:
    """A status as people read it, `404 Not Found`; the server's own words are not repeated."""
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def client(
    whole_s: float, headers_s: float = HEADERS_S, *, allow_private: bool = False
) -> httpx.Client:
    """A client whose requests take at most `whole_s` each.

    Args:
        whole_s: the longest time of a whole exchange.
        headers_s: until the headers of the answer are complete.
        allow_private: whether the address may be private, because whoever runs clipmill set it.

    It follows no redirect: `response.extensions["location"]` holds the target, unparsed.
    It uses no proxy of the environment: a proxy would look the name up again, unchecked.

    Raises:
        Refused: by a request, when the host's address may not be connected to.
        Transient: by a request, when the host's name cannot be looked up now.
        httpx.TransportError: by a request, when a deadline passes or the connection fails.
    """
    timeout = httpx.Timeout(SILENCE_S, connect=CONNECT_S)
    transport = _Transport(min(headers_s, whole_s), whole_s, allow_private=allow_private)
    return httpx.Client(transport=transport, timeout=timeout, trust_env=False)


@cache
def _ssl_context() -> SSLContext:
    """The trusted authorities: reading them takes 30 ms, and a job may make 200 requests."""
    return httpx.create_ssl_context()


@dataclass
class _Deadline:
    """When the running request has to be over, on the monotonic clock."""

    seconds: float
    at_s: float

    def left(self, timeout: float | None) -> float:
        """The seconds that an operation may take."""
        left = self.at_s - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(f"no complete answer within {self.seconds:g} s")
        return left if timeout is None else min(timeout, left)


class _Transport(httpx.HTTPTransport):
    def __init__(self, headers_s: float, whole_s: float, *, allow_private: bool) -> None:
        context = _ssl_context()
        super().__init__(verify=context, trust_env=False)
        self._headers_s, self._whole_s = headers_s, whole_s
        self._deadline = _Deadline(headers_s, 0.0)
        self._pool = _pool(context, _Backend(self._deadline, allow_private=allow_private))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        start_s = time.monotonic()
        self._deadline.seconds = self._headers_s
        self._deadline.at_s = start_s + self._headers_s
        response = super().handle_request(request)
        self._deadline.seconds = self._whole_s
        self._deadline.at_s = start_s + self._whole_s
        # httpx parses this header even where it does not follow it, and fails on a bad one.
        response.extensions["location"] = response.headers.pop("Location", "")
        return response


def _pool(context: SSLContext, backend: _Backend) -> httpcore.ConnectionPool:
    return httpcore.ConnectionPool(
        ssl_context=context,
        max_keepalive_connections=0,  # a kept connection would keep its address, too
        network_backend=backend,
    )


class _Backend(httpcore.NetworkBackend):
    """Connects to the checked addresses of a host, one after the other."""

    def __init__(self, deadline: _Deadline, *, allow_private: bool) -> None:
        self._deadline, self._allow_private = deadline, allow_private
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in resolved(host, port, allow_private=self._allow_private):
            try:
                stream = self._sockets.connect_tcp(
                    str(address), port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")


class _Stream(httpcore.NetworkStream):
    """A connection whose operations end at the deadline of the request."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._inner.read(max_bytes, self._deadline.left(timeout))
        except httpcore.ReadTimeout as error:
            self._deadline.left(None)  # says so, where it was the deadline that passed
            raise httpcore.ReadTimeout(f"silent for {timeout or 0:g} s") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left_s = self._deadline.left(timeout)
        secured = self._inner.start_tls(ssl_context, server_hostname, left_s)
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
