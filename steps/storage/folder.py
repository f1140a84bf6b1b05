"""A store in a folder of this machine."""

from __future__ import annotations

import fcntl
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from steps.contract.folders import PARTIAL
from steps.storage.store import (
    CHUNK_BYTES,
    Entry,
    OnBytes,
    absent,
    checked_key,
    disk_errors,
)

_FICLONE = 0x40049409
"""Linux: make a file share all blocks of another (ioctl_ficlonerange(2))."""


@dataclass(frozen=True)
class FolderStore:
    """Files under a folder; the folder is made by the first write.

    Attributes:
        root: absolute.
    """

    root: Path

    @property
    def uri(self) -> str:
        """As `file:///folder`."""
        return self.root.as_uri()

    def read_bytes(self, key: str) -> bytes:
        """See `Store`."""
        with self._reading(key) as path:
            return path.read_bytes()

    def chunks(self, key: str) -> Iterator[bytes]:
        """See `Store`."""
        with self._reading(key) as path, path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk

    def write_bytes(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
        """See `Store`."""
        target = self._path(key)
        with disk_errors(), _partial(target) as partial:
            partial.write_bytes(data)
            if not if_absent:
                partial.replace(target)
                return True
            try:
                target.hardlink_to(partial)  # unlike a rename, it fails where there is a file
            except FileExistsError:
                return False
            except OSError:  # a disk without hard links
                return _write_new(target, data)
            return True

    def get_file(self, key: str, to: Path, on_bytes: OnBytes | None = None) -> None:
        """See `Store`."""
        with self._reading(key) as path, _partial(to) as partial:
            copy(path, partial)
            partial.replace(to)
            if on_bytes:
                on_bytes(to.stat().st_size)

    def put_file(self, path: Path, key: str) -> None:
        """See `Store`."""
        target = self._path(key)
        with disk_errors(), _partial(target) as partial:
            copy(path, partial)
            partial.replace(target)

    def list(self, prefix: str = "") -> tuple[Entry, ...]:
        """See `Store`."""
        top = self.root / prefix.rpartition("/")[0]
        found = (path for path in top.rglob("*") if path.is_file()) if top.is_dir() else ()
        entries = (self._entry(path) for path in found if not _unfinished(path, self.root))
        kept = (entry for entry in entries if entry and entry.key.startswith(prefix))
        return tuple(sorted(kept, key=lambda entry: entry.key))

    def folders(self, prefix: str = "") -> tuple[str, ...]:
        """See `Store`."""
        top = self.root / prefix
        found = top.iterdir() if top.is_dir() else ()
        names = (path.name for path in found if path.is_dir())
        return tuple(sorted(name for name in names if not name.startswith(PARTIAL)))

    def head(self, key: str) -> Entry | None:
        """See `Store`."""
        path = self._path(key)
        return self._entry(path) if path.is_file() else None

    def delete(self, key: str) -> None:
        """See `Store`."""
        with disk_errors():
            self._path(key).unlink(missing_ok=True)

    def signed_url(self, key: str, seconds: int) -> str:
        """A `file://` address; it has no end and needs no signature."""
        return self._path(key).as_uri()

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)

    def _entry(self, path: Path) -> Entry | None:
        try:
            status = path.stat()
        except FileNotFoundError:  # another process has removed it since
            return None
        key = path.relative_to(self.root).as_posix()
        return Entry(key, status.st_size, status.st_mtime_ns // 1_000_000)

    @contextmanager
    def _reading(self, key: str) -> Iterator[Path]:
        path = self._path(key)
        if not path.is_file():
            raise absent(self.uri, key)
        with disk_errors():
            yield path


def copy(path: Path, to: Path) -> None:
    """Copy a file; a disk that can (Btrfs, XFS) shares the blocks until one of the two is edited.

    Never a hard link: an edit of one file would be an edit of both.
    """
    with path.open("rb") as source, to.open("wb") as target:
        try:
            fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
        except OSError:  # another disk, or one that cannot share
            shutil.copyfileobj(source, target, CHUNK_BYTES)


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """A new name beside the target; whatever is left under it is removed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(PARTIAL + secrets.token_hex(8))
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


def _write_new(target: Path, data: bytes) -> bool:
    try:
        with target.open("xb") as stream:
            stream.write(data)
    except FileExistsError:
        return False
    return True


def _unfinished(path: Path, root: Path) -> bool:
    return any(part.startswith(PARTIAL) for part in path.relative_to(root).parts)
