"""What is in a media file: streams, sizes, rotation, times. Hostile files are refused first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as AvVideoStream

from steps.contract.errors import OverLimit, UnsupportedMedia, one_line
from steps.media import ffmpeg
from steps.media.described import audio_stream, is_copied, subtitle_stream
from steps.media.opening import (
    MAX_PIXELS,
    PROBE_SECONDS,
    has_codec,
    input_arguments,
    opened,
    too_large,
    too_slow,
)
from steps.media.sniff import MATROSKA, PROGRAM, TRANSPORT, Container
from steps.media.streams import (
    Media,
    Rotation,
    VideoStream,
)
from steps.model.geometry import MAX_PX, Size, even
from steps.model.source import MAX_CHAPTERS, Chapter
from steps.model.timing import MAX_MS

FIRST_PICTURE_BYTES = 256 << 20
"""How much of a file is read in search of its first picture."""

CONVERT = "convert it to H.264 and AAC in an MP4 file first"
"""The advice for every codec that cannot be used."""

_PROTECTED = ("encv", "enca", "drmi", "drms", "drmt")
"""What MP4 states in place of the codec of an encrypted stream (ISO 14496-12 8.12, iTunes)."""

ONLY_DOLBY_VISION = 5
"""The profile in Dolby's own colours (IPT-PQ-c2); a picture of the others is plain HDR or SDR."""

PICTURE_IDS = range(0x1E0, 0x1F0)
"""Of streams of pictures in an MPEG program stream (ISO 13818-1, table 2-22)."""

_UNTAGGED = 2
"""H.273's number of an unspecified transfer function or matrix."""

MOST_STRETCH = 8
"""The widest and the tallest pixel that is believed; the widest in real footage is 2:1."""

MOST_ASPECT = 20
"""The longest shape of a picture, either way; LED walls reach 16:1."""


def probe(path: Path) -> Media:
    """Open a file within the limits and read what is in it; one picture is decoded.

    Streams in a codec that cannot be decoded are left out.

    Raises:
        BadInput: it is empty.
        UnsupportedMedia: it is not a video file, it is broken, or none of its pictures or none of
            its sound can be decoded.
        OverLimit: it has too many streams or too large a picture, or takes too long to read.
    """
    with opened(path) as (container, kind):
        pictures = [stream for stream in container.streams.video if not _is_cover(stream)]
        sounds = list(container.streams.audio)
        _check_program_stream(path, kind, container)
        _check_codecs(path, kind, pictures)
        _check_codecs(path, kind, sounds)
        first = _first_pictures(path, container, [one for one in pictures if has_codec(one)])
        _check_colours(path, kind, first.values())
        tags = {name.lower(): value for name, value in container.metadata.items()}
        start = container.start_time or 0
        media = Media(
            container=kind,
            duration_ms=_duration_ms(container, kind),
            start_ms=start // 1000,
            audio=tuple(
                audio_stream(stream, number)
                for number, stream in enumerate(sounds, 1)
                if has_codec(stream)
            ),
            subtitles=tuple(subtitle_stream(stream) for stream in container.streams.subtitles),
            chapters=tuple(islice(_chapters(container, start), MAX_CHAPTERS)),
            tags=tags,
            timecode=_timecode(container, tags),
            video=tuple(
                _video(path, stream, first[stream.index])
                for stream in pictures
                if stream.index in first
            ),
        )
    return _one_program(path, media) if kind is TRANSPORT and len(pictures) > 1 else media


def _timecode(container: InputContainer, tags: dict[str, str]) -> str:
    """As a tag of the file (Matroska, MXF) or of a stream (QuickTime's tmcd, MPEG-2)."""
    stated = (
        {name.lower(): text for name, text in one.metadata.items()} for one in container.streams
    )
    return next((one["timecode"] for one in (tags, *stated) if one.get("timecode")), "")


def _duration_ms(container: InputContainer, kind: Container) -> int:
    """As stated, from the first time stamp on; Matroska states it from 0 on."""
    before = max(0, container.start_time or 0) if kind is MATROSKA else 0
    return max(0, (container.duration or 0) - before) // 1000


def _one_program(path: Path, media: Media) -> Media:
    """Without the streams of other programs than that of the best picture."""
    best = media.best_video
    for program in ffmpeg.stated_programs(input_arguments(path, media.container)):
        if best and best.index in program:
            return replace(
                media,
                video=tuple(one for one in media.video if one.index in program),
                audio=tuple(one for one in media.audio if one.index in program),
                subtitles=tuple(one for one in media.subtitles if one.index in program),
            )
    return media


def pixel_aspect(stream: AvVideoStream) -> Fraction:
    """Width over height of a stored pixel; 1 where the stated value is absurd."""
    return believed(Fraction(stream.sample_aspect_ratio or 1))


def believed(aspect: Fraction) -> Fraction:
    """A stated aspect of a pixel; 1 where it is absurd."""
    return aspect if Fraction(1, MOST_STRETCH) <= aspect <= MOST_STRETCH else Fraction(1)


def upright(stored: tuple[int, int], pixel_aspect: Fraction, rotation_deg: int) -> tuple[int, int]:
    """Width and height of a picture as shown: wide pixels widen it, tall ones heighten it; even."""
    width, height = map(Fraction, stored)
    if pixel_aspect > 1:
        width *= pixel_aspect
    else:
        height /= pixel_aspect
    if rotation_deg in (90, 270):
        width, height = height, width
    return max(2, even(float(width))), max(2, even(float(height)))


def rotation_of(frame: VideoFrame) -> Rotation:
    """The clockwise turn that makes a decoded frame upright."""
    return cast("Rotation", round(-frame.rotation / 90) * 90 % 360)


def _checked_size(path: Path, frame: VideoFrame, aspect: Fraction) -> Size:
    """The upright size: later steps hold pictures of that size in memory."""
    width, height = upright((frame.width, frame.height), aspect, rotation_of(frame))
    if width * height > MAX_PIXELS or max(width, height) > MAX_PX:
        raise OverLimit(too_large(path, width, height))
    if max(width, height) > MOST_ASPECT * min(width, height):
        raise OverLimit(
            f"{path.name} has pictures of {width}x{height}: a shape longer than {MOST_ASPECT}:1 "
            "is not supported; crop or scale it first"
        )
    return Size(width_px=width, height_px=height)


def _check_codecs(
    path: Path, kind: Container, streams: Sequence[AvVideoStream | av.AudioStream]
) -> None:
    """Refuse a file whose pictures, or whose sound, are all in a codec that is not known."""
    if not streams or any(has_codec(stream) for stream in streams):
        return
    stated = ffmpeg.stated_codec(input_arguments(path, kind), streams[0].index)
    what = "sound" if streams[0].type == "audio" else "video"
    if stated in _PROTECTED:
        raise UnsupportedMedia(
            f"the {what} of {path.name} is encrypted ({stated!r}): "
            "remove the protection, or use another copy"
        )
    name = f"an unknown codec ({stated!r})" if stated else "an unknown codec"
    raise UnsupportedMedia(f"the {what} of {path.name} is in {name}: {CONVERT}")


def _check_program_stream(path: Path, kind: Container, container: InputContainer) -> None:
    """Refuse pictures that neither the stream's map nor their bytes tell from something else.

    ffmpeg then takes H.264 for sound or for MPEG-4, and a hint does not help it.
    """
    if kind is not PROGRAM:
        return
    for stream in container.streams:
        is_read = isinstance(stream, AvVideoStream) and has_codec(stream) and stream.width
        if stream.id in PICTURE_IDS and not is_read:
            raise UnsupportedMedia(
                f"{path.name} is an MPEG program stream that does not state the codec of its"
                f" pictures: {CONVERT}, with the program that made it"
            )


def _check_colours(path: Path, kind: Container, pictures: Iterable[VideoFrame]) -> None:
    """Refuse Dolby Vision that is not also plain HDR: its pictures come out green and purple."""
    if not any(
        _UNTAGGED in (one.color_trc, one.colorspace) and "10" in one.format.name for one in pictures
    ):
        return
    if ffmpeg.dolby_vision_profile(input_arguments(path, kind)) == ONLY_DOLBY_VISION:
        raise UnsupportedMedia(
            f"{path.name} has Dolby Vision of profile {ONLY_DOLBY_VISION}, which only players with "
            "its decoder show in the right colours: export it as HDR10, HLG or SDR first"
        )


def _is_cover(stream: AvVideoStream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.still_image))


def _video(path: Path, stream: AvVideoStream, frame: VideoFrame) -> VideoStream:
    context = stream.codec_context
    aspect = pixel_aspect(stream)
    assert frame.pts is not None
    assert frame.time_base is not None
    return VideoStream(
        index=stream.index,
        codec=context.name,
        is_copied=is_copied(stream),
        has_reordered=bool(context.has_b_frames),
        profile=context.profile or "",
        coded_px=frame.width * frame.height,
        size=_checked_size(path, frame, aspect),
        rotation_deg=rotation_of(frame),
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
    if not streams:
        return found
    reason = "no picture comes early in the file"
    seen_bytes, deadline = 0, time.monotonic() + PROBE_SECONDS
    for packet in container.demux(streams):
        seen_bytes += packet.size
        if packet.stream.index not in found:
            try:
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame) and frame.pts is not None:
                        found.setdefault(packet.stream.index, frame)
            except FFmpegError as error:
                reason = one_line(error.strerror or str(error))
        if len(found) == len(streams) or seen_bytes > FIRST_PICTURE_BYTES:
            break
        if time.monotonic() > deadline:
            raise too_slow(path)
    if not found:
        codec = streams[0].codec_context.name
        raise UnsupportedMedia(
            f"no {codec} picture of {path.name} can be decoded ({reason}): the file is damaged, "
            f"lasts 0 seconds, or is of an unsupported kind; {CONVERT}"
        )
    return found


def _chapters(container: InputContainer, start: int) -> Iterator[Chapter]:
    for chapter in container.chapters():
        base = chapter["time_base"]
        if base is None:
            continue
        first, last = (
            max(0, round((chapter[edge] * base - Fraction(start, 1_000_000)) * 1000))
            for edge in ("start", "end")
        )
        if first < last <= MAX_MS:
            title = chapter["metadata"].get("title", "")
            yield Chapter(in_ms=first, out_ms=last, title=title)
