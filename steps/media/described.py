"""Sound and subtitle streams of an open file as values."""

from __future__ import annotations

import io
import re

import av
from av.stream import Disposition, Stream

from steps.media.streams import TEXT_SUBTITLES, AudioStream, SubtitleStream

_SPECIAL_TITLE = re.compile(
    r"comment(ar|s track)|kommentar|commentaire|comentari|descripti|description|descri[zc]i"
    r"|audiodeskription|h\u00f6rfilm|karaoke|instrumental|isolated|music (and|&) effects|\bm&e\b"
    r"|visually|hearing.?impaired|director'?s? talk",
    re.IGNORECASE,
)
"""Titles of sound that is not the film's own, in the languages of most discs."""

_PROGRAMS = re.compile(r"handler|core media|gpac|mainconcept|bento|isom|apple|l-smash", re.I)


def audio_stream(stream: av.AudioStream, number: int) -> AudioStream:
    """A sound stream, the so-manyth of its file, from 1."""
    title = stream.metadata.get("title", "") or _handler(stream)
    special = (
        Disposition.comment
        | Disposition.hearing_impaired
        | Disposition.visual_impaired
        | Disposition.karaoke
    )
    return AudioStream(
        index=stream.index,
        number=number,
        codec=stream.codec_context.name,
        is_copied=is_copied(stream),
        channels=stream.channels,
        layout=stream.layout.name,
        channel_names=tuple(channel.name for channel in stream.layout.channels),
        padding_ms=-(-1000 * max(0, stream.codec_context.delay) // stream.sample_rate),
        sample_rate_hz=stream.sample_rate,
        language=_language(stream),
        title=title,
        is_default=bool(stream.disposition & Disposition.default),
        is_special=bool(stream.disposition & special) or bool(_SPECIAL_TITLE.search(title)),
        is_dub=bool(stream.disposition & Disposition.dub),
    )


def _handler(stream: Stream) -> str:
    """What MP4 has for a title; programs write their own name there."""
    name = stream.metadata.get("handler_name", "")
    return "" if _PROGRAMS.search(name) else name


def subtitle_stream(stream: Stream) -> SubtitleStream:
    """A subtitle stream."""
    codec = stream.codec_context.name if stream.codec_context else ""
    return SubtitleStream(
        index=stream.index,
        codec=codec,
        language=_language(stream),
        is_text=codec in TEXT_SUBTITLES,
        is_default=bool(stream.disposition & Disposition.default),
        is_forced=bool(stream.disposition & Disposition.forced),
    )


def _language(stream: Stream) -> str:
    language = (stream.language or "").lower()
    return "" if language in ("und", "mis", "zxx") else language


def is_copied(stream: Stream) -> bool:
    """Whether Matroska holds this codec by a name of its own, so that cuts can be made of it."""
    with av.open(io.BytesIO(), "w", format="matroska") as trial:
        try:
            trial.add_stream_from_template(stream, opaque=True)
        except ValueError:
            return False
    return True
