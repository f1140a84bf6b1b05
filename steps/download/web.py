"""Fetch a file over http(s): streamed, bounded, resumed, every redirect checked."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from steps.contract.errors import BadInput, OverLimit, Refused, Transient
from steps.contract.urls import shown
from steps.storage.http import checked_address, client, status_text

MAX_REDIRECTS = 5
ATTEMPTS = 4
"""Connections in a row that bring nothing, before the download stops."""

PATIENCE_S = 40
"""The longest time without a new byte, over all attempts; the last of them may exceed it."""

DEADLINE_S = 3300
"""For the whole file: a little below the step's own limit, so that the failure has a reason."""

VERSION_S = 20
"""For the question which version of a file a server has."""

PAUSE_S = 1.0
"""Before the next attempt after one that brought nothing; doubled each time."""

_HEADERS = {"User-Agent": "clipmill", "Accept": "*/*", "Accept-Encoding": "identity"}
_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_PART = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")

OnBytes = Callable[[int, int], None]
"""Called with how many bytes have arrived, and of how many (0 when unknown)."""


@dataclass(frozen=True)
class Version:
    """Which content of an address it is: a strong ETag or a date, and the length (0: unknown)."""

    etag: str = ""
    modified: str = ""
    length: int = 0

    @property
    def validator(self) -> str:
        """The value for If-Range, else empty; weak tags do not count, nor does what is not ASCII.

        RFC 9110 allows other bytes in a tag, but no client sends them back unchanged.
        """
        strong = "" if self.etag.startswith("W/") else self.etag
        found = strong or self.modified
        return found if found.isascii() and found.isprintable() else ""


def fetch(url: str, into: Path, *, max_bytes: int, on_bytes: OnBytes) -> None:
    """Fetch a URL into a file; the bytes that are there already of the same version are kept.

    Raises:
        BadInput: it is not a valid address, or it is a page, not a file.
        OverLimit: it is larger than `max_bytes`, or takes too long.
        Refused: the server or the address policy says no.
        Transient: the server or the network fails, after several attempts.
    """
    state = into.with_name(f"{into.name}.json")
    start_s = grown_s = time.monotonic()
    failures = 0
    while True:
        before = into.stat().st_size if into.is_file() else 0
        try:
            with client(start_s + DEADLINE_S - time.monotonic()) as web:
                if _attempt(web, url, into, state, max_bytes, on_bytes):
                    state.unlink(missing_ok=True)
                    return
            reason = "the connection ended early"
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
        except Transient as error:
            reason = str(error)
        now_s = time.monotonic()
        if now_s - start_s >= DEADLINE_S:
            raise OverLimit(f"the download took over {DEADLINE_S} s: give the file itself")
        if into.is_file() and into.stat().st_size > before:
            failures, grown_s = 0, now_s
            continue
        failures += 1
        if failures >= ATTEMPTS or now_s - grown_s > PATIENCE_S:
            raise Transient(f"the download stopped ({reason}): run again to resume it")
        time.sleep(PAUSE_S * 2 ** (failures - 1))


def version_of(url: str) -> Version | None:
    """Which version of a URL's content the server has now; None when it does not say.

    Raises:
        BadInput: the address is not valid.
        Refused: the address policy says no.
    """
    with client(VERSION_S) as web:
        try:
            with _response(web, "HEAD", url, {}) as response:
                version = _version(response)
                return version if response.is_success and version.validator else None
        except (httpx.TransportError, Transient):
            return None


def _attempt(
    web: httpx.Client, url: str, into: Path, state: Path, max_bytes: int, on_bytes: OnBytes
) -> bool:
    """Make one request; returns whether the file is whole now."""
    known = _read_state(state)
    have = into.stat().st_size if into.is_file() and known and known.validator else 0
    headers = {"Range": f"bytes={have}-", "If-Range": known.validator} if known and have else {}
    with _response(web, "GET", url, headers) as response:
        if response.status_code == 416:
            into.unlink(missing_ok=True)
            return False
        _check_status(response)
        version = _version(response)
        if response.status_code == 206:
            if not (known and _continues(response, known, version, have)):
                into.unlink(missing_ok=True)
                if not have:
                    raise Refused(
                        f"{shown(url)} sends only a part of the file: give another address"
                    )
                return False
            version = known
        else:
            have = 0
        _check_type(response)
        total = version.length
        if total > max_bytes or have > max_bytes:
            raise OverLimit(_too_large(max_bytes))
        if not have:
            into.unlink(missing_ok=True)  # else a kill here would give old bytes the new state
        state.write_text(json.dumps(asdict(version)))
        with into.open("ab" if have else "wb") as file:
            for piece in response.iter_raw():
                have += len(piece)
                if have > max_bytes:
                    raise OverLimit(_too_large(max_bytes))
                file.write(piece)
                on_bytes(have, total)
    return total in (0, have)


def _continues(response: httpx.Response, known: Version, version: Version, have: int) -> bool:
    """Whether a 206 is the rest of the same version, up to its end."""
    part = _PART.fullmatch(response.headers.get("Content-Range", ""))
    if part is None or not have or int(part[1]) != have:
        return False
    if version.validator and version.validator != known.validator:
        return False
    whole = int(part[3]) if part[3] != "*" else known.length
    return whole == int(part[2]) + 1 and known.length in (0, whole)


@contextmanager
def _response(
    web: httpx.Client, method: str, url: str, headers: dict[str, str]
) -> Iterator[httpx.Response]:
    """The answer after all redirects; each address is checked before it is connected to."""
    at = checked_address(url)
    for _ in range(MAX_REDIRECTS + 1):
        request = web.build_request(method, at, headers={**_HEADERS, **headers})
        response = web.send(request, stream=True)
        try:
            if response.status_code not in _REDIRECTS:
                yield response
                return
            target = _target(at, response.extensions["location"])
        finally:
            response.close()
        if at.scheme == "https" and target.scheme != "https":
            raise Refused(f"{at.host} redirects from https to {target.scheme}: this is refused")
        at = target
    raise Refused(f"{shown(url)} redirects more than {MAX_REDIRECTS} times: give the last address")


def _target(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return checked_address(str(url.join(location)))
    except (BadInput, httpx.InvalidURL, UnicodeError) as error:
        raise Refused(
            f"{url.host} redirects to an address that is not followed ({error}): "
            "give the address of the file itself"
        ) from error


def _check_status(response: httpx.Response) -> None:
    code = response.status_code
    if code in (200, 206):
        return
    what = f"{response.url.host} answered {status_text(code)}"
    if code in _PASSING:
        raise Transient(f"{what}: try again later")
    raise Refused(f"{what}: check the address, and that it is public")


def _check_type(response: httpx.Response) -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise BadInput(
            f"{response.url.host} sends a page, and not of a video site that clipmill knows: "
            "give the address of the video file itself"
        )


def _too_large(max_bytes: int) -> str:
    return f"the source is larger than {max_bytes >> 20} MiB: raise --max-size-mib"


def _version(response: httpx.Response) -> Version:
    headers = response.headers
    length = headers.get("Content-Length", "")
    return Version(
        etag=headers.get("ETag", ""),
        modified=headers.get("Last-Modified", ""),
        length=int(length) if re.fullmatch(r"[0-9]{1,18}", length) else 0,
    )


def _read_state(state: Path) -> Version | None:
    with suppress(OSError, ValueError, TypeError):
        return Version(**json.loads(state.read_text()))
    return None
