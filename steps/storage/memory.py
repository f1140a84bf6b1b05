"""A store in this process's memory, for tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from steps.contract.folders import PARTIAL
from steps.storage.store import Entry, OnBytes, absent, checked_key, disk_errors

Objects = dict[str, tuple[bytes, int]]
"""Content and the time of writing, by whole key."""

_NAMED: dict[str, Objects] = {}


@dataclass(frozen=True)
class MemoryStore:
    """Objects of one name, shared by all stores of that name in the process."""

    name: str
    prefix: str
    objects: Objects

    @classmethod
    def named(cls, name: str, prefix: str) -> MemoryStore:
        """The store of that name; `prefix` is empty or ends in `/`."""
        return cls(name, prefix, _NAMED.setdefault(name, {}))

    @property
    def uri(self) -> str:
        """As `memory://name/prefix`."""
        return f"memory://{self.name}/{self.prefix}".rstrip("/")

    def read_bytes(self, key: str) -> bytes:
        """See `Store`."""
        found = self.objects.get(self._full(key))
        if found is None:
            raise absent(self.uri, key)
        return found[0]

    def chunks(self, key: str) -> Iterator[bytes]:
        """See `Store`."""
        yield self.read_bytes(key)

    def write_bytes(self, key: str, data: bytes, *, if_absent: bool = False) -> bool:
        """See `Store`."""
        made = (bytes(data), time.time_ns() // 1_000_000)
        if if_absent:
            return self.objects.setdefault(self._full(key), made) is made
        self.objects[self._full(key)] = made
        return True

    def get_file(self, key: str, to: Path, on_bytes: OnBytes | None = None) -> None:
        """See `Store`."""
        data = self.read_bytes(key)
        partial = to.with_name(PARTIAL + to.name)
        with disk_errors():
            to.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(data)
            partial.replace(to)
        if on_bytes:
            on_bytes(len(data))

    def put_file(self, path: Path, key: str) -> None:
        """See `Store`."""
        with disk_errors():
            data = path.read_bytes()
        self.write_bytes(key, data)

    def list(self, prefix: str = "") -> tuple[Entry, ...]:
        """See `Store`."""
        start = self.prefix + prefix
        found = (full for full in sorted(self.objects) if full.startswith(start))
        return tuple(self._entry(full) for full in found)

    def folders(self, prefix: str = "") -> tuple[str, ...]:
        """See `Store`."""
        rests = (entry.key.removeprefix(prefix) for entry in self.list(prefix))
        return tuple(sorted({rest.partition("/")[0] for rest in rests if "/" in rest}))

    def head(self, key: str) -> Entry | None:
        """See `Store`."""
        full = self._full(key)
        return self._entry(full) if full in self.objects else None

    def delete(self, key: str) -> None:
        """See `Store`."""
        self.objects.pop(self._full(key), None)

    def signed_url(self, key: str, seconds: int) -> str:
        """The object's own address."""
        return f"{self.uri}/{checked_key(key)}"

    def _full(self, key: str) -> str:
        return self.prefix + checked_key(key)

    def _entry(self, full: str) -> Entry:
        data, modified_ms = self.objects[full]
        return Entry(full.removeprefix(self.prefix), len(data), modified_ms)
