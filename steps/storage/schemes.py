"""Which backend a URI means."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from steps.contract.errors import BadInput
from steps.storage.folder import FolderStore
from steps.storage.locator import expanded
from steps.storage.memory import MemoryStore
from steps.storage.store import Store, checked_key

MEMORY = "memory://"
FORMS = "a folder, file:///folder or s3://bucket/prefix"


def open_store(uri: str) -> Store:
    """The store behind a path, `file://`, `s3://bucket/prefix` or `memory://name/prefix`.

    Args:
        uri: nothing is read or made there yet.

    Raises:
        BadInput: it has no form that is known.
    """
    scheme, separator, rest = uri.partition("://")
    if not uri or "\0" in uri:
        raise BadInput(f"{uri!r} is no place for files: give {FORMS}")
    if not separator:
        return FolderStore(Path(expanded(uri)).absolute())
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
    raise BadInput(f"{uri} is no place for files: give {FORMS}")


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
