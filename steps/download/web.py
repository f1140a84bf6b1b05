"""Fetch a file over http(s): streamed, bounded, resumed, redirects judged one by one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from steps.contract.errors import BadInput, OverLimit, Refused, Transient
from steps.storage.addresses import resolved

MAX_REDIRECTS = 5
ATTEMPTS = 4
"""Connections in a row that bring nothing before it is given up; each goes on from the last."""

DEADLINE_S = 3300
"""For the whole file; a little under the step's own limit, to fail with a reason."""

TIMEOUT = httpx.Timeout(30, connect=15)
PAUSE_S = 1.0
"""Before the next attempt after one that brought nothing; doubled each time."""

_HEADERS = {"User-Agent": "clipmill", "Accept": "*/*", "Accept-Encoding": "identity"}
_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429, 500, 502, 503, 504)

OnBytes = Callable[[int, int], None]
"""Told how many bytes there are, and of how many (0 when unknown)."""


@dataclass(frozen=True)
class Version:
    """Which content of an address it is; a strong ETag or a date, and the length (0: unknown)."""

    etag: str = ""
    modified: str = ""
    length: int = 0

    @property
    def validator(self) -> str:
        """For If-Range: weak tags do not count."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


def fetch(url: str, into: Path, *, max_bytes: int, on_bytes: OnBytes) -> None:
    """Fetch a URL into a file; what is there already of the same content is kept.

    Raises:
        BadInput: it is a page, not a file.
        OverLimit: it is larger than `max_bytes`, or takes too long.
        Refused: the server or the address policy says no.
        Transient: the server or the network fails, after several attempts.
    """
    state = into.with_name(f"{into.name}.json")
    deadline = time.monotonic() + DEADLINE_S
    failures = 0
    with _client() as client:
        while True:
            before = into.stat().st_size if into.is_file() else 0
            try:
                if _attempt(client, url, into, state, max_bytes, deadline, on_bytes):
                    state.unlink(missing_ok=True)
                    return
                reason = "the connection ended early"
            except httpx.TransportError as error:
                reason = str(error) or type(error).__name__
            except Transient as error:
                reason = str(error)
            grown = into.is_file() and into.stat().st_size > before
            failures = 0 if grown else failures + 1
            if failures >= ATTEMPTS:
                raise Transient(f"the download stopped ({reason}): run again to go on from there")
            if failures:
                time.sleep(PAUSE_S * 2 ** (failures - 1))


def version_of(url: str) -> Version | None:
    """What the server says of a URL's content now; None when it does not say.

    Raises:
        Refused: the address policy says no.
    """
    with _client() as client:
        try:
            with _response(client, "HEAD", url, {}) as response:
                version = _version(response)
                return version if response.is_success and version.validator else None
        except (httpx.TransportError, Transient):
            return None


def _client() -> httpx.Client:
    # No proxy of the environment: it would look the name up a second time, unjudged.
    return httpx.Client(timeout=TIMEOUT, trust_env=False, verify=httpx.create_ssl_context())


def _attempt(
    client: httpx.Client,
    url: str,
    into: Path,
    state: Path,
    max_bytes: int,
    deadline: float,
    on_bytes: OnBytes,
) -> bool:
    """One connection; returns whether the file is whole now."""
    known = _read_state(state)
    have = into.stat().st_size if into.is_file() and known and known.validator else 0
    headers = {"Range": f"bytes={have}-", "If-Range": known.validator} if known and have else {}
    with _response(client, "GET", url, headers) as response:
        if response.status_code == 416:
            into.unlink(missing_ok=True)
            return False
        _check_status(response)
        goes_on = response.status_code == 206 and _range_start(response) == have
        if response.status_code == 206 and not goes_on:
            into.unlink(missing_ok=True)
            return False
        _check_type(response)
        have = have if goes_on else 0
        announced = int(response.headers.get("Content-Length") or 0)
        total = announced + have if announced else 0
        if total > max_bytes or have > max_bytes:
            raise OverLimit(_too_large(max_bytes))
        state.write_text(json.dumps(asdict(_version(response))))
        with into.open("ab" if goes_on else "wb") as file:
            for piece in response.iter_raw():
                have += len(piece)
                if have > max_bytes:
                    raise OverLimit(_too_large(max_bytes))
                if time.monotonic() > deadline:
                    raise OverLimit(f"the download took over {DEADLINE_S} s: fetch it by hand")
                file.write(piece)
                on_bytes(have, total)
    return total in (0, have)


@contextmanager
def _response(
    client: httpx.Client, method: str, url: str, headers: dict[str, str]
) -> Iterator[httpx.Response]:
    """The answer after all redirects, each address judged."""
    at = httpx.URL(url)
    for _ in range(MAX_REDIRECTS + 1):
        request = _request(client, method, at, headers)
        response = client.send(request, stream=True)
        try:
            if response.status_code not in _REDIRECTS:
                yield response
                return
            target = _joined(at, response.headers.get("Location", ""))
        finally:
            response.close()
        if at.scheme == "https" and target.scheme != "https":
            raise Refused(f"{at.host} leads from https to {target.scheme}: not followed")
        at = target
    raise Refused(f"{url} leads on more than {MAX_REDIRECTS} times: give the last address")


def _request(
    client: httpx.Client, method: str, url: httpx.URL, headers: dict[str, str]
) -> httpx.Request:
    """A request to a judged address that still names the host, in its header and in TLS."""
    port = url.port or (443 if url.scheme == "https" else 80)
    address = min(resolved(url.host, port), key=lambda one: one.version)
    host = url.netloc.decode().rpartition("@")[2]
    return client.build_request(
        method,
        url.copy_with(host=str(address)),
        headers={**_HEADERS, **headers, "Host": host},
        extensions={"sni_hostname": url.host},
    )


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        target = url.join(location)
    except httpx.InvalidURL as error:
        raise Refused(f"{url.host} leads to an address that is not valid") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise Refused(f"{url.host} leads to {target.scheme}://, which is not followed")
    return target


def _check_status(response: httpx.Response) -> None:
    code = response.status_code
    if code in (200, 206):
        return
    host = response.request.headers["Host"]
    what = f"{host} answered {code} {response.reason_phrase}".rstrip()
    if code in _PASSING:
        raise Transient(f"{what}: try again later")
    raise Refused(f"{what}: check the address, and that it is public")


def _check_type(response: httpx.Response) -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise BadInput(
            "the address is a page, neither a video file nor one video of a known site: "
            "give the address of the file itself"
        )


def _too_large(max_bytes: int) -> str:
    return f"the source is larger than {max_bytes >> 20} MiB: raise --max-size-mib"


def _range_start(response: httpx.Response) -> int:
    found = response.headers.get("Content-Range", "")
    start = found.removeprefix("bytes ").partition("-")[0]
    return int(start) if start.isdigit() else -1


def _version(response: httpx.Response) -> Version:
    headers = response.headers
    length = headers.get("Content-Length", "")
    return Version(
        etag=headers.get("ETag", ""),
        modified=headers.get("Last-Modified", ""),
        length=int(length) if length.isdigit() else 0,
    )


def _read_state(state: Path) -> Version | None:
    with suppress(OSError, ValueError, TypeError):
        return Version(**json.loads(state.read_text()))
    return None
