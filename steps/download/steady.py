"""A source that must not change while it is read, and its digest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steps.contract.errors import BadInput
from steps.contract.receipt import file_sha256


@dataclass(frozen=True)
class _State:
    """What changes with a file's content, or with the file that a name stands for."""

    device: int
    inode: int
    size_bytes: int
    modified_ns: int


_marked: dict[Path, SteadyFile] = {}
"""What the fingerprint has seen, for the work that follows it in this process."""


class SteadyFile:
    """A file that has to stay as it was at first sight.

    The cache's key, the work and `source_meta.json` must be about the same bytes.
    """

    def __init__(self, path: Path) -> None:
        """Note what the file is like now; its content is not read yet."""
        self._path = path
        self._state = _state(path)
        self._sha256 = ""

    @classmethod
    def marked(cls, path: Path) -> SteadyFile:
        """The file that a fingerprint is made of: the work that follows must find it unchanged."""
        _marked[path] = cls(path)
        return _marked[path]

    @classmethod
    def first_seen(cls, path: Path) -> SteadyFile:
        """The file as its fingerprint found it, if there was one."""
        return _marked.pop(path, None) or cls(path)

    def sha256(self) -> str:
        """Its hexadecimal SHA-256; the content is read once.

        Raises:
            BadInput: the file has changed.
        """
        self._sha256 = self._sha256 or file_sha256(self._path)
        if _state(self._path) != self._state:
            raise BadInput(
                f"{self._path.name} changed while it was read: "
                "wait until it is written to its end, then run again"
            )
        return self._sha256


def _state(path: Path) -> _State:
    stat = path.stat()
    return _State(stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)
