"""How the pictures of a part of the source are stored, and how long each stays on screen.

Only key frames are decoded: nearly every codec changes its form with one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from steps.contract.errors import UnsupportedMedia
from steps.media.opening import opened
from steps.media.packets import key_frame_before, packets_from, pictures_until, stamp, time_of
from steps.media.probe import CONVERT, believed, pixel_aspect, rotation_of, upright
from steps.media.streams import Rotation
from steps.model.geometry import Size
from steps.model.timing import Span

RESIZING = ("vp9", "av1")
"""Codecs in which a picture that leans on others may have a size of its own."""

SAMPLED_MS = 500
"""Key frames closer to each other than this are not all decoded: every picture of some codecs is
one."""


@dataclass(frozen=True)
class Form:
    """How a picture is stored.

    Attributes:
        stored: as it comes out of the decoder.
        size: upright, with square pixels.
        rotation_deg: the clockwise turn that makes it upright.
        colours: matrix, primaries, transfer and range, as H.273 and ffmpeg number them.
    """

    stored: Size
    size: Size
    rotation_deg: Rotation
    pixel_format: str
    colours: tuple[int, int, int, int]

    def __str__(self) -> str:
        """Size and pixel format, for messages."""
        return f"{self.size.width_px}x{self.size.height_px} {self.pixel_format}"


@dataclass(frozen=True)
class Survey:
    """What a part of the source holds.

    Attributes:
        forms: of its pictures, each once, in the order of their first appearance.
        longest_ms: how long the picture that stands longest is on screen in the part.
        is_interlaced: whether any picture is.
        is_mixed: whether others are not.
        aspects: from when on a pixel has which width over its height, in order; the first holds
            before its time too.
        is_stated: they are all what the container states.
    """

    forms: tuple[Form, ...]
    longest_ms: int
    is_interlaced: bool
    is_mixed: bool
    aspects: tuple[tuple[int, Fraction], ...]
    is_stated: bool

    def aspect_at(self, time_ms: int) -> Fraction:
        """The aspect of a pixel of the picture that appears at a moment."""
        return next(
            (aspect for since_ms, aspect in reversed(self.aspects) if since_ms <= time_ms),
            self.aspects[0][1],
        )


def survey(source: Path, span: Span) -> Survey:
    """Read the forms and the times of the pictures that are on screen in a span.

    Raises:
        UnsupportedMedia: there is no key frame, or no picture can be decoded.
    """
    with opened(source) as (container, _):
        stream = container.streams.video[0]
        assert stream.time_base is not None
        start = key_frame_before(container, span.in_ms)
        stamps = pictures_until(container, start, span.out_ms)
        times = sorted(round(pts * stream.time_base * 1000) for pts in stamps)
        stated, first = pixel_aspect(stream), stream.codec_context.sample_aspect_ratio
        aspects: list[tuple[int, Fraction]] = []
        found: dict[Form, None] = {}
        fields: set[bool] = set()
        for frame in _sampled(container, start, span.out_ms):
            own = stream.codec_context.sample_aspect_ratio
            aspect = believed(Fraction(own)) if own and first and own != first else stated
            if not aspects or aspect != aspects[-1][1]:
                aspects.append((time_of(frame), aspect))
            found[form_of(frame, aspect)] = None
            fields.add(bool(frame.interlaced_frame))
        if not found:
            raise UnsupportedMedia(
                f"none of the pictures from {start} to {span.out_ms} ms of the source can be "
                f"decoded: it is damaged; {CONVERT}"
            )
    return Survey(
        forms=tuple(found),
        longest_ms=longest_ms(times, span),
        is_interlaced=True in fields,
        is_mixed=len(fields) > 1,
        aspects=tuple(aspects),
        is_stated=all(aspect == stated for _, aspect in aspects),
    )


def longest_ms(times: list[int], span: Span) -> int:
    """How long the picture that stands longest in a span is on screen, from its own first moment.

    Args:
        times: when each picture appears, in order.
        span: the last picture before its end stands to its end.
    """
    ends = [*times[1:], max(span.out_ms, times[-1])] if times else []
    return max(
        (end - time for time, end in zip(times, ends, strict=True) if end > span.in_ms), default=0
    )


def form_of(frame: VideoFrame, aspect: Fraction) -> Form:
    """The form of a decoded picture with pixels of that width over height."""
    rotation = rotation_of(frame)
    width, height = upright((frame.width, frame.height), aspect, rotation)
    return Form(
        stored=Size(width_px=frame.width, height_px=frame.height),
        size=Size(width_px=width, height_px=height),
        rotation_deg=rotation,
        pixel_format=frame.format.name,
        colours=(
            int(frame.colorspace or 0),
            int(frame.color_primaries or 0),
            int(frame.color_trc or 0),
            int(frame.color_range or 0),
        ),
    )


def _sampled(container: InputContainer, start_ms: int, out_ms: int) -> Iterator[VideoFrame]:
    """Pictures from which the forms can be told: key frames, or all where any may differ.

    All, too, where no key frame can be decoded by itself.
    """
    stream = container.streams.video[0]
    is_found = False
    if stream.codec_context.name not in RESIZING:
        stream.codec_context.skip_frame = "NONKEY"
        for frame in _key_pictures(stream, _until(container, start_ms, out_ms)):
            is_found = True
            yield frame
    if not is_found:
        stream.codec_context.skip_frame = "DEFAULT"
        for packet in _until(container, start_ms, out_ms):
            yield from decoded(stream, packet)
        yield from decoded(stream, None)


def _until(container: InputContainer, start_ms: int, out_ms: int) -> Iterator[Packet[VideoStream]]:
    for packet in packets_from(container, [container.streams.video[0]], start_ms):
        if packet.is_keyframe and stamp(packet) >= out_ms:
            return
        yield packet


def _key_pictures(
    stream: VideoStream, packets: Iterator[Packet[VideoStream]]
) -> Iterator[VideoFrame]:
    due_ms = 0
    last: Packet[VideoStream] | None = None
    for packet in packets:
        if packet.is_keyframe and stamp(packet) >= due_ms:
            due_ms, last = stamp(packet) + SAMPLED_MS, None
            yield from _alone(stream, packet)
        elif packet.is_keyframe:
            last = packet
    if last is not None:
        yield from _alone(stream, last)


def _alone(stream: VideoStream, packet: Packet[VideoStream]) -> list[VideoFrame]:
    """The picture of a key frame, while the decoder states what belongs to it."""
    frames = [*decoded(stream, packet), *decoded(stream, None)]
    stream.codec_context.flush_buffers()
    return frames


def decoded(stream: VideoStream, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
    """The pictures that have a time; at the end, without a packet, those that the decoder holds.

    A damaged packet costs its own pictures only.
    """
    try:
        frames = [frame for frame in stream.decode(packet) if frame.pts is not None]
    except FFmpegError:
        return []
    for frame in frames:
        if frame.time_base is None and stream.time_base is not None:
            frame.time_base = stream.time_base  # those that the decoder held have none
    return frames
