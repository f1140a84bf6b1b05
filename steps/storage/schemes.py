"""Which backend a URI means."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import unquote

from steps.contract.errors import BadInput, OverLimit
from steps.contract.places import absolute
from steps.contract.urls import shown
from steps.storage.folder import FolderStore
from steps.storage.locator import missing, parse
from steps.storage.memory import MemoryStore
from steps.storage.store import Store, checked_key, disk_errors

MEMORY = "memory://"
FILE_BYTES = 64 << 20
"""The largest file that a param may name; the bound does not apply to the source."""
FORMS = "a folder, file:///folder or s3://bucket/prefix"


def open_store(uri: str) -> Store:
    """Open the store at a path, `file://`, `s3://bucket/prefix` or `memory://name/prefix`.

    Args:
        uri: nothing is read or made there yet.

    Raises:
        BadInput: it has no form that is known.
    """
    scheme, separator, rest = uri.partition("://")
    if not uri or "\0" in uri:
        raise BadInput(f"{uri!r} is not a place for files: give {FORMS}")
    if not separator:
        return FolderStore(absolute(uri))
    host, _, path = rest.partition("/")
    if scheme == "file" and host in {"", "localhost"}:
        return FolderStore(Path("/" + unquote(path)))
    path = path.rstrip("/")
    prefix = f"{checked_key(path)}/" if path else ""
    if scheme == "memory":
        return MemoryStore.named(host, prefix)
    if scheme == "s3" and host:
        from steps.storage.s3 import S3Store

        return S3Store.connect(host, prefix)
    raise BadInput(f"{uri} is not a place for files: give {FORMS}")


def fetch_file(place: str, to: Path) -> None:
    """Copy the file that a path or an `s3://` URI names.

    Raises:
        BadInput: there is no such file, or the text has no form that is known.
        OverLimit: the file is over `FILE_BYTES`.
        StepError: the bucket refused.
    """
    found = parse(place)
    if found.kind == "web":
        raise BadInput(f"cannot fetch {shown(place)}: give a path or s3://bucket/key")
    if found.kind == "file":
        path = local_file(place)
        _check_size(place, path.stat().st_size)
        with disk_errors():
            shutil.copyfile(path, to)
        return
    store, key = locate(found.text)
    entry = store.head(key)
    if entry is None:
        raise BadInput(f"{place} does not exist: check the address")
    _check_size(place, entry.size_bytes)
    store.get_file(key, to)


def _check_size(place: str, size_bytes: int) -> None:
    if size_bytes > FILE_BYTES:
        raise OverLimit(f"{place} has {size_bytes:,} bytes, over the limit of {FILE_BYTES:,}")


def local_file(text: str) -> Path:
    """The absolute path of a file on this machine.

    Raises:
        BadInput: it does not exist, or is not a file.
    """
    path = parse(text).path.absolute()
    if not path.exists():
        raise BadInput(missing(text))
    if not path.is_file():
        raise BadInput(f"{text} is not a file: check the path")
    return path


def locate(uri: str) -> tuple[Store, str]:
    """The store that holds one object, and its key there.

    Raises:
        BadInput: the URI names no object, or has no form that is known.
    """
    folder, separator, name = uri.rpartition("/")
    if not name or not separator or folder.endswith(":/"):
        raise BadInput(f"{uri} names no file: give the whole address of one")
    decoded = unquote(name) if uri.startswith("file://") else name
    return open_store(folder or "/"), checked_key(decoded)
