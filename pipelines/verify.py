"""Prove a job against its manifest: every file is hashed again, in a folder or in a bucket."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from steps.contract.errors import BrokenContract
from steps.contract.receipt import Fingerprint, Receipt, receipt_path
from steps.model import artifacts
from steps.model.manifest import Manifest
from steps.storage import Entry, NotFound, Store
from steps.storage.store import fingerprint, is_safe

CLIPS_FOLDER = artifacts.CAPTION_FILES.path
PUBLISH_RECEIPT = receipt_path("publish")
ALWAYS = (artifacts.SOURCE_META.path, artifacts.CLIPS.path, artifacts.EDL.path)
"""What even a job without a clip has."""

OnFile = Callable[[int, int], None]
"""Called with how many files were checked, and of how many."""


@dataclass(frozen=True)
class Difference:
    """The first file, in order of paths, that is not as the manifest says."""

    path: str
    what: str

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.path} {self.what}"


@dataclass(frozen=True)
class Verdict:
    """What verification found.

    Attributes:
        difference: None when all is as the manifest says.
        checked: how many files are as the manifest says, up to the difference.
        extra: files among the clips that the manifest does not name, of an earlier attempt or put
            there by someone; a warning, not a difference.
    """

    difference: Difference | None
    checked: int
    extra: tuple[str, ...] = ()


def verify(store: Store, on_file: OnFile | None = None) -> Verdict:
    """Hash a job's files and compare them with its manifest.

    Args:
        store: opened at the job, `open_store("jobs/ID")` or `open_store("s3://bucket/jobs/ID")`.
        on_file: for a progress bar.

    Raises:
        StepError: the store could not be read.
    """
    try:
        data = store.read_bytes(artifacts.MANIFEST.path)
    except NotFound:
        return _manifest_differs("is missing: the job is not done")
    try:
        manifest = Manifest.from_bytes(data, "it")
    except BrokenContract as error:
        return _manifest_differs(f"cannot be read: {error}")
    if data != manifest.canonical_bytes():
        return _manifest_differs("is not in its canonical form: it was edited")
    named = {item.path: item for item in manifest.artifacts}
    if what := _contradiction(manifest, named):
        return _manifest_differs(what)
    found = {entry.key: entry for entry in store.list()}
    extra = tuple(key for key in found if key.startswith(CLIPS_FOLDER) and key not in named)
    for done, path in enumerate(sorted(named)):
        what = _what_differs(named[path], found.get(path), store)
        if what:
            return Verdict(Difference(path, what), done, extra)
        if on_file:
            on_file(done + 1, len(named))
    if what := _publish_differs(store, data, named):
        return Verdict(Difference(PUBLISH_RECEIPT, what), len(named), extra)
    return Verdict(None, len(named), extra)


def _contradiction(manifest: Manifest, named: Mapping[str, Fingerprint]) -> str:
    """What a manifest that publish wrote never says, or nothing."""
    holds = {
        "complete": bool(manifest.clips) and not manifest.missing,
        "partial": bool(manifest.clips) and bool(manifest.missing),
        "empty": not manifest.clips and not manifest.missing,
    }
    if not holds[manifest.outcome]:
        count = f"{len(manifest.clips)} clips and {len(manifest.missing)} missing ones"
        return f"says {manifest.outcome} of {count}"
    for clip in manifest.clips:
        if str(artifacts.CLIP_VIDEO.resolve(clip.id)) not in clip.files:
            return f"names {clip.id} as delivered, without its video"
        for path in clip.files:
            if path not in named:
                return f"names {path} as delivered, without its digest"
    receipts = [receipt_path(record.task) for record in manifest.tasks]
    for path in [*ALWAYS, *receipts]:
        if path not in named:
            return f"does not name {path}"
    return "" if receipts else "names no task"


def _publish_differs(store: Store, data: bytes, named: Mapping[str, Fingerprint]) -> str:
    """How the receipt of publish, which the manifest cannot name, contradicts it; or nothing."""
    try:
        receipt = Receipt.from_bytes(store.read_bytes(PUBLISH_RECEIPT), "it")
    except NotFound:
        return "is missing"
    except BrokenContract as error:
        return f"cannot be read: {error}"
    outputs = {item.path: item.sha256 for item in receipt.outputs}
    if outputs.get(artifacts.MANIFEST.path) != hashlib.sha256(data).hexdigest():
        return "names another manifest.json: the job was published again, or one was edited"
    for item in (*receipt.inputs, *receipt.outputs):
        if named.get(item.path, item) != item:
            return f"names another {item.path} than the manifest"
    return ""


def _manifest_differs(what: str) -> Verdict:
    return Verdict(Difference(artifacts.MANIFEST.path, what), 0)


def _what_differs(expected: Fingerprint, entry: Entry | None, store: Store) -> str:
    if not is_safe(expected.path):
        return "is not a path inside a job"
    if entry is None:
        return "is missing"
    if entry.size_bytes != expected.size_bytes:
        return f"has {entry.size_bytes} bytes, the manifest says {expected.size_bytes}"
    found = fingerprint(store, expected.path)
    if found != expected:
        return f"has another content: SHA-256 {found.sha256}, the manifest says {expected.sha256}"
    return ""
