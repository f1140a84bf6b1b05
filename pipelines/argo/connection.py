"""How to reach an Argo Server: the variables of Argo's own CLI, and an HTTP session."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from steps.contract.errors import BadInput
from steps.storage.addresses import resolved

SERVER_VARIABLE = "ARGO_SERVER"
TOKEN_VARIABLE = "ARGO_TOKEN"
NAMESPACE_VARIABLE = "ARGO_NAMESPACE"
CA_VARIABLE = "ARGO_CA_FILE"
SECURE_VARIABLE = "ARGO_SECURE"
SKIP_VERIFY_VARIABLE = "ARGO_INSECURE_SKIP_VERIFY"
TIMEOUT_S = 30.0

_URL = re.compile(r"https?://[^/\s]")


def named_namespace(option: str) -> str:
    """The namespace of the jobs: from an option, else from the environment, else `default`."""
    return option or os.environ.get(NAMESPACE_VARIABLE, "") or "default"


def named_url(option: str) -> str:
    """The server's URL, from an option or from the environment, with a scheme.

    Raises:
        BadInput: neither names one, or it is not a URL.
    """
    where = option or os.environ.get(SERVER_VARIABLE, "")
    if not where:
        raise BadInput(
            f"no Argo Server is named: set {SERVER_VARIABLE}=https://HOST and {TOKEN_VARIABLE}"
        )
    if "://" not in where:
        plain = os.environ.get(SECURE_VARIABLE, "").lower() == "false"
        where = f"{'http' if plain else 'https'}://{where}"
    if not _URL.match(where):
        raise BadInput(f"{where!r} is not the URL of an Argo Server: write https://HOST")
    return where.rstrip("/")


def named_authorities() -> str:
    """The file of certificate authorities that the environment names; empty for none.

    Raises:
        BadInput: the file cannot be read.
    """
    path = os.environ.get(CA_VARIABLE, "")
    if path and not os.access(path, os.R_OK):
        raise BadInput(f"cannot read {path!r}: set {CA_VARIABLE} to a file of certificates")
    return path


def bare_token(text: str) -> str:
    """A token without the scheme that some write before it; empty for none."""
    return text.strip().removeprefix("Bearer ").strip()


class _CheckedHttp(HTTPConnection):
    """A connection to a checked address: a server's own network, but nothing link-local."""

    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


class _CheckedHttps(HTTPSConnection):
    """The same with TLS."""

    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)


def _connected(connection: HTTPConnection, connect: Callable[[], socket.socket]) -> socket.socket:
    """Connect to the addresses of a host, one after the other; the name stays for TLS."""
    name = connection._dns_host
    *others, last = resolved(name, connection.port or 0, allow_private=True)
    try:
        for address in others:
            connection._dns_host = str(address)
            with suppress(HTTPError):
                return connect()
        connection._dns_host = str(last)
        return connect()
    finally:
        connection._dns_host = name


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _CheckedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedHttps


class _CheckedAdapter(HTTPAdapter):
    """Connects to checked addresses only."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of checked connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class Session(requests.Session):
    """A session with a time limit, which tries a busy server again."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = _as_it_is  # else an entry in ~/.netrc takes the token's place
        again = Retry(
            total=4,
            connect=2,
            other=0,  # an untrusted certificate stays untrusted
            backoff_factor=0.5,
            status_forcelist=(429, 502, 503, 504),
            allowed_methods=("GET",),  # the first try of a change may have succeeded
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            self.mount(scheme, _CheckedAdapter(max_retries=again))

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request as requests does, with a time limit."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = TIMEOUT_S
        return super().request(*args, **kwargs)
