"""Fetch the original file to this disk, with what its origin states about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steps.contract.errors import BadInput, OverLimit
from steps.download import DownloadParams
from steps.download.partial import forget, growing_folder
from steps.download.subtitles import sidecars_of
from steps.model.languages import plain_language
from steps.storage.locator import Locator, missing, safe_name

OnBytes = Callable[[int, int], None]
MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Original:
    """A fetched source.

    Attributes:
        path: of the file, which is never written to.
        name: the site's id of the video, safe in file names; `source` of a file, so that the same
            content gives the same job whatever its file is called.
        title: that the site states, else empty.
        site: the extractor's name, or `file`.
        subtitles: the caption files that came with it, the best first.
        is_creators: whether the site gave them; else they were next to the video.
        chapters: as the site states them: start and end in seconds, and title.
    """

    path: Path
    name: str = "source"
    title: str = ""
    site: str = "file"
    page_url: str = ""
    uploader: str = ""
    language: str = ""
    subtitles: tuple[Path, ...] = ()
    is_creators: bool = False
    chapters: tuple[tuple[float, float, str], ...] = ()


@contextmanager
def fetched(
    locator: Locator, params: DownloadParams, scratch: Path, on_bytes: OnBytes
) -> Iterator[Original]:
    """The original file, for as long as the block lasts; a local file is used in place.

    Raises:
        StepError: a leaf; see `web`, `page` and `steps.storage`.
    """
    max_bytes = params.max_size_mib * MIB
    if locator.kind == "file":
        yield _local(locator, max_bytes)
    elif locator.kind == "bucket":
        yield _from_bucket(locator, scratch, max_bytes, on_bytes)
    else:
        with growing_folder(_wanted(locator, params), scratch) as folder:
            original = _from_web(locator, params, folder, max_bytes, on_bytes)
            is_done = original.site == "file"  # whole, so that nobody would go on with it
            try:
                yield original
                is_done = True
            finally:
                if is_done and folder != scratch:
                    forget(folder)


def is_page(locator: Locator) -> bool:
    """Whether it is the page of a video on a known site."""
    from steps.download.page import is_known

    return locator.kind == "web" and is_known(locator.text)


def _wanted(locator: Locator, params: DownloadParams) -> str:
    """What is fetched: of a page, params choose the streams, and what is there is not replaced."""
    if not is_page(locator):
        return locator.text
    return f"{locator.text} {params.max_height_px} {plain_language(params.language)}"


def _local(locator: Locator, max_bytes: int) -> Original:
    path = locator.path
    if path.is_dir():
        raise BadInput(f"{path} is a folder: give a video file")
    if not path.exists():
        raise BadInput(missing(locator.text))
    if not path.is_file():
        raise BadInput(f"{path} is not a regular file: give a video file")
    size = path.stat().st_size
    if size > max_bytes:
        raise OverLimit(_too_large(size, max_bytes))
    absolute = path.absolute()
    with absolute.open("rb"):  # fails now, in one line, where reading is not permitted
        pass
    return Original(path=absolute, subtitles=tuple(sidecars_of(absolute)))


def _from_bucket(locator: Locator, scratch: Path, max_bytes: int, on_bytes: OnBytes) -> Original:
    from steps.storage import NotFound, locate

    store, key = locate(locator.text)
    entry = store.head(key)
    if entry is None:
        raise NotFound(f"{locator.text} does not exist: check the address")
    if entry.size_bytes > max_bytes:
        raise OverLimit(_too_large(entry.size_bytes, max_bytes))
    total, done = entry.size_bytes, 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        on_bytes(done, total)

    path = scratch / safe_name(locator.file_name)
    store.get_file(key, path, more)
    return Original(path=path)


def _from_web(
    locator: Locator, params: DownloadParams, folder: Path, max_bytes: int, on_bytes: OnBytes
) -> Original:
    if is_page(locator):
        from steps.download import page

        found = page.fetch(
            locator.text,
            folder,
            max_height_px=params.max_height_px,
            max_bytes=max_bytes,
            max_duration_s=params.max_duration_s,
            language=plain_language(params.language),
            on_bytes=on_bytes,
        )
        return _of_page(found.info, found.media, found.subtitle)
    from steps.download import web

    path = folder / safe_name(locator.file_name)
    web.fetch(locator.text, path, max_bytes=max_bytes, on_bytes=on_bytes)
    return Original(path=path)


def _of_page(info: dict[str, Any], media: Path, subtitle: Path | None) -> Original:
    chapters = tuple(
        (float(item["start_time"]), float(item["end_time"]), str(item.get("title") or ""))
        for item in info.get("chapters") or ()
        if item.get("start_time") is not None and item.get("end_time") is not None
    )
    return Original(
        path=media,
        name=safe_name(str(info.get("id") or "video")),
        title=str(info.get("title") or ""),
        site=str(info.get("extractor") or "site").lower(),
        page_url=str(info.get("webpage_url") or ""),
        uploader=str(info.get("uploader") or info.get("channel") or ""),
        language=plain_language(str(info.get("language") or "")),
        subtitles=(subtitle,) if subtitle else (),
        is_creators=subtitle is not None,
        chapters=chapters,
    )


def _too_large(size: int, max_bytes: int) -> str:
    return (
        f"the source has {size // MIB} MiB, and the limit is {max_bytes // MIB} MiB: "
        "raise --max-size-mib"
    )
