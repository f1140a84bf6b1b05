"""Which version of a source is there, for the cache's key; it needs none of the work's engines."""

from __future__ import annotations

from steps.contract.receipt import file_sha256
from steps.contract.urls import without_signature
from steps.download import DownloadParams
from steps.download.fetching import is_page
from steps.download.steady import SteadyFile
from steps.download.subtitles import sidecars_of, tail_of
from steps.storage.locator import parse


def fingerprint(params: DownloadParams) -> str | None:
    """Text that changes with the source's content; None where that is unknown.

    Raises:
        StepError: a leaf, when the source may not be read.
    """
    locator = parse(params.source)
    if locator.kind == "file":
        path = locator.path
        if not path.is_file():
            return None
        video = path.absolute()
        beside = [(file_sha256(file), tail_of(file, video)) for file in sidecars_of(video)]
        return f"file:{SteadyFile.marked(video).sha256()}:{beside}"
    if locator.kind == "bucket":
        from steps.storage import locate

        store, key = locate(locator.text)
        entry = store.head(key)
        return f"s3:{entry.etag}:{entry.size_bytes}:{key}" if entry and entry.etag else None
    if is_page(locator):
        return f"page:{locator.text}"
    from steps.download.web import version_of

    version = version_of(locator.text)
    if version is None:
        return None
    address = without_signature(locator.text)
    return f"web:{version.etag}:{version.modified}:{version.length}:{address}"
