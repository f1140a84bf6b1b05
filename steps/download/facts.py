"""source_meta.json out of what was fetched and probed: pure."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from steps.download.fetching import Original
from steps.media.streams import Media
from steps.model.languages import plain_language
from steps.model.source import Audio, Chapter, SourceMeta, Video

CaptionSource = Literal["none", "creator", "sidecar", "embedded"]


def source_meta(
    original: Original,
    media: Media,
    *,
    duration_ms: int,
    rate: tuple[Fraction, bool],
    captions: CaptionSource,
    sha256: str,
) -> SourceMeta:
    """The document; `rate` is frames per second, and whether they vary."""
    video, audio = media.best_video, media.best_audio
    assert video is not None
    spoken = plain_language(audio.language) if audio else ""
    return SourceMeta(
        name=original.name,
        title=_title(original, media),
        site=original.site,
        page_url=original.page_url,
        uploader=original.uploader,
        duration_ms=duration_ms,
        video=Video(
            codec=video.codec,
            size=video.size,
            rate=rate[0],
            variable_rate=rate[1],
            rotation_deg=video.rotation_deg,
        ),
        audio=Audio(codec=audio.codec, channels=audio.channels, sample_rate_hz=audio.sample_rate_hz)
        if audio
        else None,
        language=original.language or spoken,
        captions=captions,
        chapters=_chapters(original, media, duration_ms),
        source_sha256=sha256,
    )


def _title(original: Original, media: Media) -> str:
    stated = media.tags.get("title", "") if original.site == "file" else ""
    return " ".join((stated or original.title).split())


def _chapters(original: Original, media: Media, duration_ms: int) -> tuple[Chapter, ...]:
    given = [
        (round(start * 1000), round(end * 1000), title) for start, end, title in original.chapters
    ] or [(chapter.in_ms, chapter.out_ms, chapter.title) for chapter in media.chapters]
    return tuple(
        Chapter(in_ms=max(0, start), out_ms=min(end, duration_ms), title=title)
        for start, end, title in given
        if max(0, start) < min(end, duration_ms)
    )
