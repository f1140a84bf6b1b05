"""What yt-dlp may do: which sites, which format, which subtitles. Pure."""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from steps.contract.errors import BadInput, OverLimit
from steps.media.ffmpeg import executable

EXTRACTORS = (
    "youtube", "vimeo", "dailymotion", "twitch:vod", "twitch:clips", "TedTalk", "twitter",
    "facebook", "facebook:reel", "Instagram", "TikTok", "vm.tiktok", "Reddit", "loom", "LinkedIn",
    "BiliBili", "Rumble", "RumbleEmbed", "lbry", "Streamable", "archive.org", "media.ccc.de",
    "kick:vod", "kick:clips", "khanacademy", "nebula:video",
)  # fmt: skip
"""Names of yt-dlp's extractors for single videos of known sites.

`generic` is not among them: it follows any address without this project's checks.
"""

FORMAT = "bv*+ba/b"
"""The best picture with the best sound; `format_sort` says what best means."""

SUBTITLE_SUFFIXES = (".vtt", ".srt", ".ass", ".ttml", ".srv3", ".json3")
RETRIES = 5
SOCKET_TIMEOUT_S = 30
FRAGMENTS_AT_ONCE = 4

_KNOWN_SITES = "YouTube, Vimeo, Dailymotion, Twitch, TED, Twitter, Facebook, Instagram, TikTok..."


def options(
    folder: Path, *, max_height_px: int, max_bytes: int, subtitle: str | None = None
) -> dict[str, Any]:
    """The options for `yt_dlp.YoutubeDL`; it reads no files of this machine.

    Args:
        folder: where it writes `media.*`.
        max_height_px: of a landscape picture; it bounds the width of a portrait one.
        max_bytes: of one stream.
        subtitle: the language of the creator's subtitles to write, as WebVTT if offered.
    """
    deno = Path(sysconfig.get_path("scripts")) / "deno"
    return {
        "allowed_extractors": [re.escape(name) for name in EXTRACTORS],
        "format": FORMAT,
        "format_sort": [f"res:{max_height_px}", "vcodec:h264", "acodec:aac", "proto:https"],
        "max_filesize": max_bytes,
        "outtmpl": {"default": str(folder / "media.%(ext)s")},
        "merge_output_format": "mkv",
        "ffmpeg_location": executable(),
        "noplaylist": True,
        "extract_flat": "in_playlist",
        "writesubtitles": subtitle is not None,
        "writeautomaticsub": False,
        "subtitleslangs": [subtitle] if subtitle else [],
        "subtitlesformat": "vtt/srt/ass/best",
        "js_runtimes": {"deno": {"path": str(deno)} if deno.is_file() else {}},
        "remote_components": [],
        "external_downloader": {"default": "native"},
        "hls_prefer_native": True,
        "concurrent_fragment_downloads": FRAGMENTS_AT_ONCE,
        "retries": RETRIES,
        "fragment_retries": RETRIES,
        "skip_unavailable_fragments": False,
        "socket_timeout": SOCKET_TIMEOUT_S,
        "continuedl": True,
        "updatetime": False,
        "cachedir": False,
        "usenetrc": False,
        "enable_file_urls": False,
        "allow_unplayable_formats": False,
        "quiet": True,
        "noprogress": True,
        "color": "no_color",
    }


def check_page(info: Mapping[str, Any], max_duration_s: int) -> None:
    """Refuse what is not one finished video, before anything large is fetched.

    Raises:
        BadInput: it is a list, or live.
        OverLimit: it is too long.
    """
    if info.get("_type", "video") != "video" or info.get("entries") is not None:
        raise BadInput("the page is a list of videos: give the page of one video")
    if info.get("live_status") in ("is_live", "is_upcoming"):
        raise BadInput("the video is live or has not begun: run again when it is over")
    seconds = info.get("duration") or 0
    if seconds > max_duration_s:
        raise OverLimit(
            f"the video lasts {int(seconds)} s, and the limit is {max_duration_s} s: "
            "raise --max-duration-s"
        )


def choose_subtitle(info: Mapping[str, Any], asked: str = "") -> str | None:
    """The language of the creator's subtitles to take, or None.

    That is the language that was asked for, or of the speech as the site states it; without such
    a statement the only language there is, or English. Subtitles made by a machine are never
    chosen.
    """
    offered: list[str] = [
        code for code, tracks in (info.get("subtitles") or {}).items() if tracks and _spoken(code)
    ]
    language = asked or str(info.get("language") or "").lower()
    for wanted in (language, "" if language else "en"):
        if wanted:
            found = sorted(code for code in offered if _same(code, wanted))
            if found:
                return min(found, key=lambda code: (code.lower() != wanted, code))
    return offered[0] if len(offered) == 1 and not language else None


def unknown_site(host: str) -> BadInput:
    """The error for a page of a site that is not on the list."""
    return BadInput(
        f"{host} is not a known video site ({_KNOWN_SITES}): give the address of the video file"
    )


def plain_reason(message: str) -> str:
    """yt-dlp's message as one sentence, without its prefix, ids and advice."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", message)
    text = re.sub(r"^(ERROR:\s*)?(\[[^\]]+\]\s*)?([\w-]{5,20}:\s+)?", "", text.strip())
    text = re.split(r"\s*[;.]\s*(please report|Confirm you are|Use --|See  ?https)", text)[0]
    return " ".join(text.split())[:200].rstrip(".") or "the site gives no reason"


def _spoken(code: str) -> bool:
    return code not in ("live_chat", "danmaku", "rechat", "comments")


def _same(code: str, wanted: str) -> bool:
    return code.lower().split("-")[0] == wanted.split("-")[0]
