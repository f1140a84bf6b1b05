"""Captions that came with the source, as one clean WebVTT text that states its language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog
from pysubs2.exceptions import Pysubs2Error

from steps.contract.errors import UnsupportedMedia, one_line
from steps.formats import ass, srt, webvtt
from steps.formats.encodings import UnsureEncoding, decoded
from steps.formats.written import language_of
from steps.media.streams import SubtitleStream
from steps.model.languages import named_language, plain_language

SUFFIXES = (".vtt", ".srt", ".ass", ".ssa")
"""Of sidecars, the best first."""

SIDECAR = "the caption file next to the video"
"""Its name stays out of receipts: a renamed source gives the same job."""

MAX_SIDECAR_BYTES = 20 << 20

MAX_TAIL_CHARACTERS = 24
"""`.pt-BR.forced`: what may stand between the video's name and the suffix."""


@dataclass(frozen=True)
class SourceCaptions:
    """Captions as WebVTT, and their language (ISO 639-1), empty if nothing tells it."""

    text: str
    language: str = ""


def sidecars_of(video: Path) -> list[Path]:
    """The caption files beside a video, the best first.

    `talk.srt` comes before `talk.en.srt`, forced ones last, and WebVTT before the other formats.
    None are found in a folder that may be entered but not listed.
    """
    try:
        listed = list(video.parent.iterdir())
    except PermissionError:
        structlog.get_logger().warning("cannot list the source's folder: no captions beside it")
        return []
    beside = [
        path
        for path in listed
        if path.suffix.lower() in SUFFIXES and path.is_file() and tail_of(path, video) is not None
    ]
    return sorted(
        beside,
        key=lambda path: (
            "forced" in path.stem[len(video.stem) :].lower(),
            path.stem != video.stem,
            SUFFIXES.index(path.suffix.lower()),
            path.name,
        ),
    )


def tail_of(path: Path, video: Path) -> str | None:
    """What a caption file's name adds to the video's: `.en.srt`; None if it is of another video."""
    rest = path.stem.removeprefix(video.stem)
    own = path.stem.startswith(video.stem) and (
        not rest or (rest[0] == "." and 2 <= len(rest) - 1 <= MAX_TAIL_CHARACTERS)
    )
    named = not rest or rest.count(".") == 1 or bool(named_language(rest))
    return rest + path.suffix.lower() if own and named else None


def read_sidecar(path: Path, video: Path, asked: str = "") -> SourceCaptions:
    """The captions of a file beside a video.

    The name states their language (`talk.de.srt`), or else the header, or else the text shows it.
    An old encoding is told by that language, or by the one that was asked for.

    Raises:
        UnsupportedMedia: it is too large, has no cue, or its encoding cannot be told.
        OSError: it cannot be read.
    """
    if path.stat().st_size > MAX_SIDECAR_BYTES:
        raise UnsupportedMedia(f"{SIDECAR} is over {MAX_SIDECAR_BYTES >> 20} MiB")
    named = named_language(path.stem[len(video.stem) :])
    try:
        text = decoded(path.read_bytes(), named or asked)
    except UnsureEncoding as error:
        raise UnsupportedMedia(f"{SIDECAR} cannot be read: {error}") from error
    return in_language(to_webvtt(text, SIDECAR, path.suffix.lower()), named, asked)


def in_language(text: str, stated: str = "", asked: str = "") -> SourceCaptions:
    """WebVTT with its language: the stated one, the header's, or the one that the text shows.

    `asked` is the one that the user named; the text may be in it, or in one much like it.
    """
    file = webvtt.read(text)
    spoken = "\n".join(line for cue in file.subtitles for line in cue.texts)
    language = stated or plain_language(file.language) or language_of(spoken, asked)
    return SourceCaptions(webvtt.with_language(text, language) if language else text, language)


def to_webvtt(text: str, name: str, suffix: str) -> str:
    """Any caption text as WebVTT; WebVTT stays as it is, with its inline word times.

    Raises:
        UnsupportedMedia: it has no cue.
    """
    if suffix == ".vtt" and text.lstrip().startswith("WEBVTT"):
        if "-->" not in text:
            raise UnsupportedMedia(f"{name} has no captions")
        return text.replace("\r\n", "\n").replace("\r", "\n").lstrip()
    script = "[Events]" in text or "[Script Info]" in text
    try:
        found = (ass if script else srt).read(text).subtitles
    except (Pysubs2Error, ValueError) as error:
        raise UnsupportedMedia(one_line(f"{name} cannot be read as captions: {error}")) from error
    if not found:
        raise UnsupportedMedia(f"{name} has no captions")
    return webvtt.write(found)


def best_embedded(
    streams: tuple[SubtitleStream, ...], language: str, *, asked: bool = False
) -> SubtitleStream | None:
    """The text stream to use: in the language of the sound, then the default; no forced one.

    If a language was asked for, a stream in another one is not used.
    """
    return max(
        (
            stream
            for stream in streams
            if stream.is_text
            and not stream.is_forced
            and not (asked and named_language(stream.language) not in ("", language))
        ),
        key=lambda stream: (
            bool(language) and named_language(stream.language) == language,
            stream.is_default,
            -stream.index,
        ),
        default=None,
    )
