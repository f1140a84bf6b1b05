"""Prove a job against its manifest: every file is hashed again, in a folder or in a bucket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from steps.contract.errors import BrokenContract
from steps.contract.receipt import Fingerprint
from steps.model import artifacts
from steps.model.manifest import Manifest
from steps.storage import Entry, NotFound, Store
from steps.storage.store import fingerprint, is_safe

CLIPS_FOLDER = artifacts.CAPTION_FILES.path

OnFile = Callable[[int, int], None]
"""Told how many files were checked, and of how many."""


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
    for clip in manifest.clips:
        for path in clip.files:
            if path not in named:
                return _manifest_differs(f"names {path} as delivered, without its digest")
    found = {entry.key: entry for entry in store.list()}
    extra = tuple(key for key in found if key.startswith(CLIPS_FOLDER) and key not in named)
    for done, path in enumerate(sorted(named)):
        what = _what_differs(named[path], found.get(path), store)
        if what:
            return Verdict(Difference(path, what), done, extra)
        if on_file:
            on_file(done + 1, len(named))
    return Verdict(None, len(named), extra)


def _manifest_differs(what: str) -> Verdict:
    return Verdict(Difference(artifacts.MANIFEST.path, what), 0)


def _what_differs(expected: Fingerprint, entry: Entry | None, store: Store) -> str:
    if not is_safe(expected.path):
        return "is no path inside a job"
    if entry is None:
        return "is missing"
    if entry.size_bytes != expected.size_bytes:
        return f"has {entry.size_bytes} bytes, the manifest says {expected.size_bytes}"
    found = fingerprint(store, expected.path)
    if found != expected:
        return f"has another content: SHA-256 {found.sha256}, the manifest says {expected.sha256}"
    return ""
