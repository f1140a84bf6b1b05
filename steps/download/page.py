"""Fetch a video from the page of a known site, with yt-dlp."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
import yt_dlp
from yt_dlp.extractor import gen_extractor_classes
from yt_dlp.utils import DownloadCancelled, YoutubeDLError

from steps.contract.errors import OverLimit, Refused
from steps.download import sites
from steps.download.refusals import leaf_for

OnBytes = Callable[[int, int], None]


@dataclass(frozen=True)
class Page:
    """What was fetched from a page.

    Attributes:
        media: the file, with picture and sound.
        subtitle: the creator's captions, if any.
        info: yt-dlp's facts.
    """

    media: Path
    subtitle: Path | None
    info: dict[str, Any]


def is_known(url: str) -> bool:
    """Whether a URL is the page of a video on a known site."""
    return any(
        extractor.suitable(url)
        for extractor in gen_extractor_classes()
        if extractor.IE_NAME in sites.EXTRACTORS
    )


def fetch(
    url: str,
    folder: Path,
    *,
    max_height_px: int,
    max_bytes: int,
    max_duration_s: int,
    language: str = "",
    on_bytes: OnBytes,
) -> Page:
    """Fetch a page's video into a folder; unfinished files there are resumed.

    `language` is that of the subtitles to take, where the user asked for one.

    Raises:
        BadInput: it is not one finished video of a known site.
        OverLimit: it is too long or too large.
        Refused: the site says no.
        Transient: the network fails.
    """
    host = urlsplit(url).hostname or "the site"
    bounded = partial(sites.options, folder, max_height_px=max_height_px, max_bytes=max_bytes)
    try:
        with _downloader(bounded()) as ydl:
            info = ydl.extract_info(url, download=False)
            if not info:
                raise Refused(f"{host} has no video on this page: check the address")
            sites.check_page(info, max_duration_s)
            found = ydl.sanitize_info(info)
        subtitle = sites.choose_subtitle(found, language)
        chosen = bounded(subtitle=subtitle)
        with _downloader({**chosen, "progress_hooks": [_counter(on_bytes, max_bytes)]}) as ydl:
            ydl.process_ie_result(found, download=True)
    except DownloadCancelled as error:
        raise OverLimit(f"{host}: {error}") from error
    except YoutubeDLError as error:
        raise leaf_for(error, host) from error
    return Page(_made(folder, host, max_bytes), _subtitle(folder, subtitle), found)


class _Log:
    """yt-dlp's messages in our log."""

    def debug(self, message: str) -> None:
        structlog.get_logger().debug("yt-dlp", message=message)

    def info(self, message: str) -> None:
        self.debug(message)

    def warning(self, message: str) -> None:
        structlog.get_logger().warning("yt-dlp", message=message)

    def error(self, message: str) -> None:
        self.debug(message)  # it is raised too


def _downloader(options: dict[str, Any]) -> Any:
    os.environ["YTDLP_NO_PLUGINS"] = "1"  # no code from the user's folders
    return yt_dlp.YoutubeDL({**options, "logger": _Log()})


def _counter(on_bytes: OnBytes, max_bytes: int) -> Callable[[dict[str, Any]], None]:
    def hook(state: dict[str, Any]) -> None:
        done = int(state.get("downloaded_bytes") or 0)
        if done > max_bytes:
            raise DownloadCancelled(_too_large(max_bytes))
        total = state.get("total_bytes") or state.get("total_bytes_estimate") or 0
        on_bytes(done, int(total))

    return hook


def _made(folder: Path, host: str, max_bytes: int) -> Path:
    # A stream that waits for the other has its format in the name too: `media.f137.mp4`.
    made = [path for path in sorted(folder.glob("media.*")) if path.name.count(".") == 1]
    largest = max(made, key=lambda path: path.stat().st_size, default=None)
    # yt-dlp skips, without an error, a stream over max_filesize; two may be over it together.
    if largest is None or largest.stat().st_size > max_bytes:
        raise OverLimit(f"{host}: {_too_large(max_bytes)}")
    return largest


def _subtitle(folder: Path, language: str | None) -> Path | None:
    found = [
        path for path in sorted(folder.glob("media.*")) if path.suffix in sites.SUBTITLE_SUFFIXES
    ]
    return found[0] if language and found else None


def _too_large(max_bytes: int) -> str:
    return f"the video is larger than {max_bytes >> 20} MiB: raise --max-size-mib"
