"""The cache of finished runs: contents by digest, and a receipt that says which belong together.

```
blobs/ab/ab12...   the bytes whose SHA-256 is ab12..., shared by all runs that made them
runs/cd/cd34...    the receipt of the run with that key, written last: it makes the run count
```

Nothing here fails a step: what cannot be read is a miss, what cannot be written is not kept, and
both are logged. Contents are copies, never hard links, so that an edit of a job's file changes
neither the cache nor other jobs. Every fetch checks every digest, so a damaged content is a miss.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from steps.contract.errors import BrokenContract, StepError, from_os_error
from steps.contract.folders import PARTIAL
from steps.contract.receipt import Fingerprint, Receipt, file_sha256
from steps.storage.schemes import open_store
from steps.storage.store import Entry, Store, bytes_if_any, is_safe

BLOBS, RUNS = "blobs/", "runs/"


@dataclass(frozen=True)
class Pruned:
    """What a pruning removed and what it left."""

    removed_runs: int
    freed_bytes: int
    kept_bytes: int


@dataclass(frozen=True)
class StoredCache:
    """A `steps.contract.cache.Cache` in a store."""

    place: Store

    def find(self, key: str) -> Receipt | None:
        """The receipt of a finished run; None where there is none.

        Raises:
            StepError: the cache cannot be read, or holds something else there.
        """
        return self._receipt(_run_key(key))

    def fetch(self, key: str, into: Path) -> Receipt | None:
        """Bring a finished run's outputs into a folder; None where it is not there whole."""
        try:
            return self._fetch(_run_key(key), into)
        except (StepError, OSError) as error:
            _warn("the cache was not read", self.place, error)
            return None

    def store(self, key: str, receipt: Receipt, root: Path) -> None:
        """Keep the outputs that a receipt names, found under `root`; the receipt last."""
        if receipt.failure is not None:
            return
        try:
            for output in receipt.outputs:
                self._keep(output, root / output.path)
            self.place.write_bytes(_run_key(key), receipt.canonical_bytes())
        except (StepError, OSError) as error:
            _warn("the run was not kept in the cache", self.place, error)

    def prune(self, max_bytes: int) -> Pruned:
        """Remove the oldest runs until the rest fits, then every content that no run names.

        A run that is being stored meanwhile may lose contents; it is then a miss.

        Raises:
            StepError: the cache could not be read or written; unlike a step's, this is the caller's
                concern.
        """
        runs = sorted(self.place.list(RUNS), key=lambda run: (-run.modified_ms, run.key))
        blobs = {blob.key: blob.size_bytes for blob in self.place.list(BLOBS)}
        kept: set[str] = set()
        kept_bytes, removed, full = 0, [], False
        for run in runs:
            own = self._contents(run)
            cost = run.size_bytes + sum(blobs.get(blob, 0) for blob in own - kept)
            full = full or kept_bytes + cost > max_bytes
            if full or not own <= blobs.keys():
                removed.append(run)
            else:
                kept |= own
                kept_bytes += cost
        for run in removed:
            self.place.delete(run.key)
        for blob in blobs.keys() - kept:
            self.place.delete(blob)
        total = sum(run.size_bytes for run in runs) + sum(blobs.values())
        return Pruned(len(removed), total - kept_bytes, kept_bytes)

    def _fetch(self, run: str, into: Path) -> Receipt | None:
        receipt = self._receipt(run)
        if receipt is None:
            return None
        into.mkdir(parents=True, exist_ok=True)
        with _side_folder(into) as side:
            for output in receipt.outputs:
                self._bring(output, side / output.path)
            for output in receipt.outputs:
                (into / output.path).parent.mkdir(parents=True, exist_ok=True)
            for output in receipt.outputs:
                (side / output.path).replace(into / output.path)
        return receipt

    def _receipt(self, run: str) -> Receipt | None:
        data = bytes_if_any(self.place, run)
        if data is None:
            return None
        receipt = Receipt.from_bytes(data, run)
        if receipt.failure or not all(is_safe(output.path) for output in receipt.outputs):
            raise BrokenContract(f"the cache's {run} is not the receipt of a finished run")
        return receipt

    def _contents(self, run: Entry) -> set[str]:
        try:
            receipt = self._receipt(run.key)
        except BrokenContract:
            return {""}  # no content has this key, so the run is removed
        return {_blob_key(output) for output in receipt.outputs} if receipt else set()

    def _bring(self, output: Fingerprint, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        key = _blob_key(output)
        self.place.get_file(key, to)
        if file_sha256(to) != output.sha256:
            self.place.delete(key)  # else the next run would find it there and trust it
            raise BrokenContract(f"the cache's {key} was damaged: {output.path} is made again")

    def _keep(self, output: Fingerprint, path: Path) -> None:
        key = _blob_key(output)
        known = self.place.head(key)
        if known is None or known.size_bytes != output.size_bytes:
            self.place.put_file(path, key)


def open_cache(uri: str) -> StoredCache:
    """The cache in a folder or under an `s3://` prefix.

    Raises:
        BadInput: the URI has no form that is known.
    """
    return StoredCache(open_store(uri))


def _run_key(key: str) -> str:
    return f"{RUNS}{key[:2]}/{key}.json"


def _blob_key(output: Fingerprint) -> str:
    return f"{BLOBS}{output.sha256[:2]}/{output.sha256}"


def _warn(event: str, place: Store, error: StepError | OSError) -> None:
    known = from_os_error(error) if isinstance(error, OSError) else error
    structlog.get_logger().warning(event, cache=place.uri, reason=str(known))


@contextmanager
def _side_folder(into: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=into))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
