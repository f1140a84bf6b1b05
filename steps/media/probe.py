"""What is in a media file: streams, sizes, rotation, times. Refuses hostile files first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as AvVideoStream

from steps.contract.errors import OverLimit, UnsupportedMedia
from steps.media.limits import MAX_PIXELS, MAX_STREAMS, address, open_options
from steps.media.sniff import Container, container_of
from steps.media.streams import (
    TEXT_SUBTITLES,
    AudioStream,
    Media,
    Rotation,
    SubtitleStream,
    VideoStream,
)
from steps.model.geometry import Size, even
from steps.model.source import Chapter

FIRST_PICTURE_BYTES = 256 << 20
"""How much of a file is read in search of its first picture."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, Container]]:
    """A file opened within the limits, to demux or decode.

    Raises:
        BadInput: it is empty.
        UnsupportedMedia: it is no video file, or broken.
        OverLimit: it has too many streams or too large a picture.
    """
    kind = container_of(path)
    try:
        with av.open(address(path), format=kind.demuxer, options=open_options(kind)) as container:
            _check_limits(path, container)
            yield container, kind
    except FFmpegError as error:
        raise UnsupportedMedia(
            f"{path.name} cannot be read as {kind.name} ({error.strerror}): "
            "it is damaged or incomplete; export or download it again"
        ) from error


def probe(path: Path) -> Media:
    """Open a file within the limits and say what is in it; one picture is decoded.

    Raises:
        BadInput: it is empty.
        UnsupportedMedia: it is no video file, broken, or without a picture that can be decoded.
        OverLimit: it has too many streams or too large a picture.
    """
    with opened(path) as (container, kind):
        pictures = [stream for stream in container.streams.video if not _is_cover(stream)]
        first = _first_pictures(path, container, pictures)
        tags = {name.lower(): value for name, value in container.metadata.items()}
        start = container.start_time or 0
        return Media(
            container=kind,
            duration_ms=max(0, (container.duration or 0) // 1000),
            start_ms=start // 1000,
            audio=tuple(_audio(stream) for stream in container.streams.audio if _heard(stream)),
            subtitles=tuple(_subtitles(stream) for stream in container.streams.subtitles),
            chapters=tuple(_chapters(container, start)),
            tags=tags,
            video=tuple(
                _video(stream, first[stream.index]) for stream in pictures if stream.index in first
            ),
        )


def upright_size(coded: Size, pixel_aspect: Fraction, rotation_deg: int) -> Size:
    """The picture as it is shown: wide pixels widen it, tall ones heighten it; even sizes."""
    width, height = Fraction(coded.width_px), Fraction(coded.height_px)
    if pixel_aspect > 1:
        width *= pixel_aspect
    else:
        height /= pixel_aspect
    if rotation_deg in (90, 270):
        width, height = height, width
    return Size(width_px=max(2, even(float(width))), height_px=max(2, even(float(height))))


def rotation_of(frame: VideoFrame) -> Rotation:
    """The clockwise turn that makes a decoded frame upright."""
    return cast("Rotation", round(-frame.rotation / 90) * 90 % 360)


def _check_limits(path: Path, container: InputContainer) -> None:
    if len(container.streams) > MAX_STREAMS:
        raise OverLimit(f"{path.name} has over {MAX_STREAMS} streams: keep the video and its sound")
    for stream in container.streams.video:
        width, height = stream.codec_context.width, stream.codec_context.height
        if width * height > MAX_PIXELS:
            raise OverLimit(
                f"{path.name} has pictures of {width}x{height}: at most 8192x4320 are decoded; "
                "scale it down first"
            )


def _is_cover(stream: AvVideoStream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.still_image))


def _video(stream: AvVideoStream, frame: VideoFrame) -> VideoStream:
    context = stream.codec_context
    coded = Size(width_px=frame.width, height_px=frame.height)
    aspect = Fraction(stream.sample_aspect_ratio or 1)
    if not Fraction(1, 8) <= aspect <= 8:
        aspect = Fraction(1)
    rotation = rotation_of(frame)
    assert frame.pts is not None
    assert frame.time_base is not None
    return VideoStream(
        index=stream.index,
        codec=context.name,
        profile=context.profile or "",
        coded=coded,
        size=upright_size(coded, aspect, rotation),
        pixel_aspect=aspect,
        rotation_deg=rotation,
        rate=stream.guessed_rate or stream.average_rate or None,
        start_ms=round(frame.pts * frame.time_base * 1000),
        pixel_format=frame.format.name,
        is_default=bool(stream.disposition & Disposition.default),
    )


def _first_pictures(
    path: Path, container: InputContainer, streams: list[AvVideoStream]
) -> dict[int, VideoFrame]:
    """The first picture with a time of each stream that has one early; read from the start."""
    found: dict[int, VideoFrame] = {}
    reason = "no packet holds one"
    seen_bytes = 0
    for packet in container.demux(streams):
        seen_bytes += packet.size
        if packet.stream.index not in found:
            try:
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame) and frame.pts is not None:
                        found.setdefault(packet.stream.index, frame)
            except FFmpegError as error:
                reason = error.strerror or str(error)
        if len(found) == len(streams) or seen_bytes > FIRST_PICTURE_BYTES:
            break
    if streams and not found:
        codec = streams[0].codec_context.name
        raise UnsupportedMedia(
            f"{path.name} holds no {codec} picture that can be shown ({reason}): "
            "it is damaged, or 0 seconds long"
        )
    return found


def _heard(stream: av.AudioStream) -> bool:
    return stream.channels > 0 and stream.sample_rate > 0


def _audio(stream: av.AudioStream) -> AudioStream:
    special = (
        Disposition.comment
        | Disposition.hearing_impaired
        | Disposition.visual_impaired
        | Disposition.karaoke
    )
    return AudioStream(
        index=stream.index,
        codec=stream.codec_context.name,
        channels=stream.channels,
        layout=stream.layout.name,
        channel_names=tuple(channel.name for channel in stream.layout.channels),
        padding_ms=-(-1000 * max(0, stream.codec_context.delay) // stream.sample_rate),
        sample_rate_hz=stream.sample_rate,
        language=_language(stream),
        is_default=bool(stream.disposition & Disposition.default),
        is_special=bool(stream.disposition & special),
    )


def _subtitles(stream: Stream) -> SubtitleStream:
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


def _chapters(container: InputContainer, start: int) -> Iterator[Chapter]:
    for chapter in container.chapters():
        base = chapter["time_base"]
        if base is None:
            continue
        first, last = (
            max(0, round((chapter[edge] * base - Fraction(start, 1_000_000)) * 1000))
            for edge in ("start", "end")
        )
        if last > first:
            title = chapter["metadata"].get("title", "")
            yield Chapter(in_ms=first, out_ms=last, title=title)
