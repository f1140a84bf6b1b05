"""The interface that every backend has: objects of bytes under safe keys."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from steps.contract.errors import BadInput, Refused, from_os_error
from steps.contract.folders import PARTIAL
from steps.contract.receipt import Fingerprint

CHUNK_BYTES = 1 << 20
MAX_KEY_BYTES = 1024  # Amazon S3's limit for a whole key

OnBytes = Callable[[int], None]
"""Called with how many more bytes have arrived, possibly from another thread."""


class NotFound(Refused):
    """The key has no object."""


@dataclass(frozen=True)
class Entry:
    """An object as a listing shows it.

    Attributes:
        key: relative to its store.
        modified_ms: when it was last written, in milliseconds since 1970 by the backend's clock.
        etag: of the object's content where the backend has one (S3), else empty.
    """

    key: str
    size_bytes: int
    modified_ms: int
    etag: str = ""


class Store(Protocol):
    """Objects under one URI. Every method raises leaves of `steps.contract.errors` only.

    A key is relative, `/` between its parts, without `.`, `..` or empty parts (`checked_key`).
    A write is seen whole or not at all.
    """

    @property
    def uri(self) -> str:
        """Where it is, without credentials and without a slash at its end."""

    def read_bytes(self, key: str) -> bytes:
        """A small object's content; raises NotFound."""

    def chunks(self, key: str) -> Iterator[bytes]:
        """An object's content in pieces; raises NotFound at the first."""

    def write_bytes(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
        """Write a small object; returns False where `if_absent` found one, which stays as it is."""

    def get_file(self, key: str, to: Path, on_bytes: OnBytes | None = None) -> None:
        """Copy an object to a file, made under a partial name, then renamed; raises NotFound."""

    def put_file(self, path: Path, key: str) -> None:
        """Copy a file to an object, in parts when it is large; the size is checked after."""

    def list(self, prefix: str = "") -> tuple[Entry, ...]:
        """All objects whose key starts with this text, in order of their keys."""

    def folders(self, prefix: str = "") -> tuple[str, ...]:
        """The sorted names that follow a prefix (empty, or ending in `/`) up to the next `/`."""

    def head(self, key: str) -> Entry | None:
        """What a listing would show of one object, or None."""

    def delete(self, key: str) -> None:
        """Remove an object; an absent one is not an error."""

    def signed_url(self, key: str, seconds: int) -> str:
        """An address that opens the object without credentials, for so long where it can end."""


def bytes_if_any(store: Store, key: str) -> bytes | None:
    """A small object's content; None where there is none."""
    try:
        return store.read_bytes(key)
    except NotFound:
        return None


def checked_key(key: str) -> str:
    """The key, if it is safe to use in any backend.

    Raises:
        BadInput: it is absolute, leads out of the store, or no backend could hold it.
    """
    if not is_safe(key):
        raise BadInput(f"{key!r} cannot be a key: give a relative path without ., .. or //")
    return key


def is_safe(key: str) -> bool:
    """Whether `checked_key` takes it."""
    parts = key.split("/")
    return (
        not any(part in {"", ".", ".."} or part.startswith(PARTIAL) for part in parts)
        and not any(ord(sign) < 32 or sign == "\\" for sign in key)
        and len(key.encode(errors="replace")) <= MAX_KEY_BYTES
    )


def fingerprint(store: Store, key: str) -> Fingerprint:
    """Digest and size of an object, read in pieces; raises NotFound."""
    digest, size = hashlib.sha256(), 0
    for chunk in store.chunks(key):
        digest.update(chunk)
        size += len(chunk)
    return Fingerprint(path=key, sha256=digest.hexdigest(), size_bytes=size)


def absent(store_uri: str, key: str) -> NotFound:
    """The error for an object that is not there."""
    return NotFound(f"{store_uri}/{key} does not exist: check the address")


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn the operating system's refusals into leaves."""
    try:
        yield
    except OSError as error:
        raise from_os_error(error) from error
