"""Captions that came with the source, as one clean WebVTT file."""

from __future__ import annotations

from pathlib import Path

from pysubs2.exceptions import Pysubs2Error

from steps.contract.errors import UnsupportedMedia, one_line
from steps.formats import ass, srt, webvtt
from steps.media.streams import SubtitleStream

SUFFIXES = (".vtt", ".srt", ".ass", ".ssa")
"""Of sidecars, the best first."""

SIDECAR = "the caption file next to the video"
"""Its name stays out of receipts: a renamed source gives the same job."""

MAX_SIDECAR_BYTES = 20 << 20

_ENCODINGS = ("utf-8-sig", "utf-16", "cp1252", "latin-1")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def sidecar_of(video: Path) -> Path | None:
    """The caption file beside a video: `talk.srt` before `talk.en.srt`, WebVTT before others."""
    beside = [
        path
        for path in video.parent.iterdir()
        if path.suffix.lower() in SUFFIXES and path.is_file() and _belongs(path, video)
    ]
    return min(
        beside,
        key=lambda path: (
            path.stem != video.stem,
            SUFFIXES.index(path.suffix.lower()),
            path.name,
        ),
        default=None,
    )


def read_sidecar(path: Path) -> str:
    """The text of a caption file, as WebVTT.

    Raises:
        UnsupportedMedia: it is too large, or has no cue.
        OSError: it cannot be read.
    """
    if path.stat().st_size > MAX_SIDECAR_BYTES:
        raise UnsupportedMedia(f"{SIDECAR} is over {MAX_SIDECAR_BYTES >> 20} MiB")
    return to_webvtt(decoded(path.read_bytes()), SIDECAR, path.suffix.lower())


def to_webvtt(text: str, name: str, suffix: str) -> str:
    """Any caption text as WebVTT; WebVTT stays as it is, with its inline word times.

    Raises:
        UnsupportedMedia: it has no cue.
    """
    if suffix == ".vtt" and text.lstrip().startswith("WEBVTT"):
        if "-->" not in text:
            raise UnsupportedMedia(f"{name} has no captions")
        return text.replace("\r\n", "\n").lstrip()
    script = "[Events]" in text or "[Script Info]" in text
    try:
        found = (ass if script else srt).read(text).subtitles
    except (Pysubs2Error, ValueError) as error:
        raise UnsupportedMedia(one_line(f"{name} cannot be read as captions: {error}")) from error
    if not found:
        raise UnsupportedMedia(f"{name} has no captions")
    return webvtt.write(found)


def decoded(data: bytes) -> str:
    """Text in the encoding that it most likely has; never fails."""
    if not data.startswith(_BYTE_ORDER_MARKS):
        for encoding in (_ENCODINGS[0], *_ENCODINGS[2:]):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    return data.decode("utf-16", errors="replace")


def best_embedded(streams: tuple[SubtitleStream, ...], language: str) -> SubtitleStream | None:
    """The text stream to use: in the language of the sound, then the default; no forced one."""
    return max(
        (stream for stream in streams if stream.is_text and not stream.is_forced),
        key=lambda stream: (
            bool(language) and stream.language == language,
            stream.is_default,
            -stream.index,
        ),
        default=None,
    )


def _belongs(path: Path, video: Path) -> bool:
    rest = path.stem.removeprefix(video.stem)
    return path.stem.startswith(video.stem) and (
        not rest or (rest[0] == "." and 2 <= len(rest) - 1 <= 10 and rest.count(".") == 1)
    )
