"""Jobs in a store: one job is a prefix, and the manifest in it is what makes it done."""

from __future__ import annotations

from pathlib import Path

from steps.contract.digest import file_sha256
from steps.contract.errors import BrokenContract, Refused
from steps.contract.ports import D, DocumentPort
from steps.contract.receipt import RECORDS_FOLDER, Fingerprint
from steps.model import artifacts
from steps.model.manifest import Manifest
from steps.storage.store import NotFound, OnBytes, Store

MANIFEST = artifacts.MANIFEST.path
RUN_SUMMARY = artifacts.RUN.path


def upload_job(folder: Path, store: Store, on_bytes: OnBytes | None = None) -> Manifest:
    """Copy a finished job to a store of its own: documents, then media, the manifest last.

    What the manifest names goes up, and the run records; files of other attempts stay behind. A
    manifest that was there before is taken away first, so that no reader trusts a mixture.

    Args:
        folder: the job folder.
        store: opened at the job's prefix.
        on_bytes: told the size of every file that has arrived.

    Raises:
        BrokenContract: the folder has no manifest, or a file is not as the manifest says.
        Refused: another run committed another result under this prefix meanwhile.
    """
    place = folder / MANIFEST
    if not place.is_file():
        raise BrokenContract(f"{folder} has no {MANIFEST}: the job is not done, run it again")
    manifest = Manifest.from_file(place)
    data = place.read_bytes()
    store.delete(MANIFEST)
    for artifact in sorted(manifest.artifacts, key=_documents_first):
        path = folder / artifact.path
        if not path.is_file() or file_sha256(path) != artifact.sha256:
            raise BrokenContract(f"{path} is not as {MANIFEST} says: run the job again")
        _put(store, path, artifact.path, on_bytes)
    for path in [folder / RUN_SUMMARY, *sorted((folder / RECORDS_FOLDER).glob("*.json"))]:
        if path.is_file():
            _put(store, path, path.relative_to(folder).as_posix(), on_bytes)
    if not store.write_bytes(MANIFEST, data, if_absent=True) and store.read_bytes(MANIFEST) != data:
        raise Refused(f"another run wrote another {MANIFEST} to {store.uri}: use another job id")
    return manifest


def job_ids(store: Store) -> tuple[str, ...]:
    """The finished jobs directly under a store: the folders that have a manifest, sorted."""
    return tuple(name for name in store.folders() if store.head(f"{name}/{MANIFEST}") is not None)


def read_manifest(store: Store) -> Manifest | None:
    """The manifest of the job at a store, or None while the job is not done.

    Raises:
        BrokenContract: it is no manifest.
    """
    try:
        return Manifest.from_bytes(store.read_bytes(MANIFEST), MANIFEST)
    except NotFound:
        return None


def read_document(store: Store, port: DocumentPort[D]) -> D:
    """A document of the job at a store, such as `artifacts.CLIPS`.

    Raises:
        NotFound: it is not there.
        BrokenContract: it is not of its kind.
    """
    return port.document.from_bytes(store.read_bytes(port.path), port.path)


def _documents_first(artifact: Fingerprint) -> tuple[bool, str]:
    return not artifact.path.endswith(".json"), artifact.path


def _put(store: Store, path: Path, key: str, on_bytes: OnBytes | None) -> None:
    store.put_file(path, key)
    if on_bytes:
        on_bytes(path.stat().st_size)
