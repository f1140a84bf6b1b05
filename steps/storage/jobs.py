"""Jobs in a store: one job is a prefix, and the manifest in it is what makes it done.

Two machines may run the same job id towards the same bucket. So an upload first claims the job: it
writes `claim.json` on the condition that there is none, renews it between files, and removes it
after the manifest. Another run with the same result may upload beside it, since both write the same
bytes; one with another result is refused. The claim that a killed run leaves does not block a rerun
in the same job folder, and blocks nobody after `CLAIM_S`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from steps.contract.document import Document
from steps.contract.errors import BadInput, BrokenContract, Refused, StepError
from steps.contract.folders import write_atomically
from steps.contract.receipt import RECORDS_FOLDER, Fingerprint, file_sha256, receipt_path
from steps.model import artifacts
from steps.model.manifest import Manifest
from steps.storage.folder import FolderStore
from steps.storage.schemes import open_store
from steps.storage.store import NotFound, OnBytes, Store, bytes_if_any

MANIFEST = artifacts.MANIFEST.path
RUN_SUMMARY = artifacts.RUN.path
PUBLISH_RECEIPT = receipt_path("publish")
"""It names the manifest, so the manifest cannot name it."""

CLAIM = "claim.json"
HOLDER = ".holder"
"""In a job folder: the random name under which it claims jobs, the same for each of its runs."""

CLAIM_S = 3600
"""A claim that was not renewed for so long is void; the largest file takes less to upload."""

RENEW_S = 60


class UploadClaim(Document):
    """Who is uploading a job, and what."""

    kind: Literal["clipmill/upload-claim@1"] = "clipmill/upload-claim@1"
    holder: str
    manifest_sha256: str


def upload_job(folder: Path, store: Store, on_bytes: OnBytes | None = None) -> Manifest:
    """Copy a finished job to a store of its own: documents, then media, the manifest last.

    What the manifest names goes up, and the run records; files of other attempts stay here. A
    manifest that was there before is removed first, so that no reader trusts a mixture.

    Args:
        folder: the job folder.
        store: opened at the job's prefix.
        on_bytes: called with the size of every file that has arrived.

    Raises:
        BrokenContract: the folder has no manifest, or a file is not as the manifest says.
        Refused: another run uploads another result under this prefix, or committed one meanwhile.
    """
    place = folder / MANIFEST
    if not place.is_file():
        raise BrokenContract(f"{folder} has no {MANIFEST}: the job is not done, run it again")
    manifest = Manifest.from_file(place)
    data = place.read_bytes()
    claim = UploadClaim(holder=_holder(folder), manifest_sha256=manifest.sha256())
    with _claimed(store, claim) as claimed:
        store.delete(MANIFEST)
        for artifact in sorted(manifest.artifacts, key=_documents_first):
            path = folder / artifact.path
            if not path.is_file() or file_sha256(path) != artifact.sha256:
                raise BrokenContract(f"{path} is not as {MANIFEST} says: run the job again")
            claimed.check()
            _put(store, path, artifact.path, on_bytes)
        for path in [
            folder / PUBLISH_RECEIPT,
            folder / RUN_SUMMARY,
            *sorted((folder / RECORDS_FOLDER).glob("*.json")),
        ]:
            if path.is_file():
                _put(store, path, path.relative_to(folder).as_posix(), on_bytes)
        claimed.check()
        if not store.write_bytes(MANIFEST, data, if_absent=True) and (
            store.read_bytes(MANIFEST) != data
        ):
            raise Refused(
                f"another run wrote another {MANIFEST} to {store.uri}: use another --job-id"
            )
    return manifest


def read_manifest(store: Store) -> Manifest | None:
    """The manifest of the job at a store, or None while the job is not done.

    Raises:
        BrokenContract: it is not a manifest.
    """
    data = bytes_if_any(store, MANIFEST)
    return None if data is None else Manifest.from_bytes(data, MANIFEST)


def job_at(place: str) -> Store:
    """The store of a job; raises BadInput for a folder that does not exist."""
    store = open_store(place)
    if isinstance(store, FolderStore) and not store.root.is_dir():
        raise BadInput(f"{place} does not exist: give the folder or the s3:// prefix of a job")
    return store


def finished_job(place: str) -> tuple[Store, Manifest]:
    """The store and the manifest of a job.

    Raises:
        BadInput: there is no job, or it is not done.
        BrokenContract: its manifest is none.
    """
    store = job_at(place)
    manifest = read_manifest(store)
    if manifest is None:
        raise BadInput(f"{place} has no {MANIFEST}: the job is not done")
    return store, manifest


@dataclass
class _Claimed:
    """A job that is claimed.

    Attributes:
        renewed: of the monotonic clock, in seconds.
    """

    store: Store
    claim: UploadClaim
    renewed: float

    def check(self) -> None:
        """Renew the claim now and then.

        Raises:
            Refused: another run took it.
        """
        other = _found(self.store)
        if other is not None and other.manifest_sha256 != self.claim.manifest_sha256:
            raise _refusal(self.store)
        if time.monotonic() - self.renewed > RENEW_S:
            self.store.write_bytes(CLAIM, self.claim.canonical_bytes())
            self.renewed = time.monotonic()


@contextmanager
def _claimed(store: Store, claim: UploadClaim) -> Iterator[_Claimed]:
    data = claim.canonical_bytes()
    if not store.write_bytes(CLAIM, data, if_absent=True):
        entry, other = store.head(CLAIM), _found(store)
        if other is not None and entry is not None:
            void = time.time() - entry.modified_ms / 1000 > CLAIM_S
            same = claim.holder == other.holder or claim.manifest_sha256 == other.manifest_sha256
            if not (void or same):
                raise _refusal(store)
        store.write_bytes(CLAIM, data)
    try:
        yield _Claimed(store, claim, time.monotonic())
    finally:
        with suppress(StepError):  # it is void after a while
            if _found(store) == claim:
                store.delete(CLAIM)


def _found(store: Store) -> UploadClaim | None:
    """The claim that is there now; one that cannot be read is none."""
    try:
        return UploadClaim.from_bytes(store.read_bytes(CLAIM), CLAIM)
    except (NotFound, BrokenContract):
        return None


def _refusal(store: Store) -> Refused:
    return Refused(
        f"another run is uploading another result to {store.uri}: use another --job-id, or wait "
        f"(a run that was killed blocks it for {CLAIM_S // 60} minutes; "
        f"deleting {CLAIM} there ends that)"
    )


def _holder(folder: Path) -> str:
    place = folder / HOLDER
    if not place.is_file():
        write_atomically(place, secrets.token_hex(16).encode())
    return place.read_text()


def _documents_first(artifact: Fingerprint) -> tuple[bool, str]:
    return not artifact.path.endswith(".json"), artifact.path


def _put(store: Store, path: Path, key: str, on_bytes: OnBytes | None) -> None:
    store.put_file(path, key)
    if on_bytes:
        on_bytes(path.stat().st_size)
