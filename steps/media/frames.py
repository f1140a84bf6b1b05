"""Small pictures out of a video, by time: low memory, upright, square pixels.

Times are the file's own timestamps in milliseconds. In `source.mkv` and in the cuts these are the
source's clock (see `steps.media.cuts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from steps.contract.cores import usable_cores
from steps.contract.errors import BrokenContract
from steps.media.opening import opened
from steps.media.packets import seek, stamp, time_of
from steps.media.probe import pixel_aspect, rotation_of, upright
from steps.model.timing import Span

SMALL_WIDTH_PX = 640
"""Width that is enough for faces and shots (ALGORITHMS: frames 480-640 px wide)."""

DECODER_THREADS = 4
"""Most threads of one decoder: each holds pictures of its own."""

MOST_HEIGHTS = 4
"""A small picture is at most this many times as high as it may be wide; a phone's is 1.8 times."""

HD_HEIGHT_PX = 720
"""From this height on, untagged video is BT.709; below it BT.601."""

_SCALING = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.BITEXACT


@dataclass(frozen=True)
class SmallPicture:
    """A decoded picture, scaled down.

    Attributes:
        time_ms: the moment asked for.
        shown_ms: when the picture that is on screen at that moment first appears.
        pixels: height x width x 3, uint8, **BGR** (OpenCV's order), upright.
        scale: width of `pixels` over that of the upright source; box / scale = source pixels.
    """

    time_ms: int
    shown_ms: int
    pixels: NDArray[np.uint8]
    scale: float


def sampled(
    path: Path,
    rate: Fraction | int,
    span: Span | None = None,
    width_px: int = SMALL_WIDTH_PX,
) -> Iterator[SmallPicture]:
    """The pictures on screen at `rate` moments a second, from the span's in point on.

    A picture that stays on screen over several moments is repeated (with the same `shown_ms`), so
    the moments are evenly spaced whatever the video's own rate. The last picture of the file stays
    on screen to the end of the span.

    Args:
        path: of the video.
        rate: moments per second.
        span: the part to look at; without it the whole file, from the first picture on.
        width_px: greatest width of a picture; pictures are never enlarged.

    Raises:
        UnsupportedMedia: the file cannot be opened.
        BrokenContract: it has no picture.
    """
    with opened(path) as (container, _):
        stream = _video(path, container)
        if span is not None:
            seek(container, stream, span.in_ms)
        small = _Shrinker(stream, width_px)
        ticks: Iterator[int] | None = None
        tick, shown, shown_ms = 0, None, 0
        for frame in _decoded(container, stream):
            now = time_of(frame)
            if ticks is None:
                ticks = _moments(span.in_ms if span else now, Fraction(rate))
                tick = next(ticks)
            while now > tick and not (span and tick >= span.out_ms):
                yield small.picture(tick, shown or frame, shown_ms if shown else now)
                tick = next(ticks)
            if span and tick >= span.out_ms:
                return
            shown, shown_ms = frame, now
        if shown is None or ticks is None:
            return
        end = span.out_ms if span else shown_ms + max(1, _duration_ms(shown, stream))
        while tick < end:
            yield small.picture(tick, shown, shown_ms)
            tick = next(ticks)


def every(
    path: Path, span: Span | None = None, width_px: int = SMALL_WIDTH_PX
) -> Iterator[SmallPicture]:
    """Every picture that first appears within the span, once; `time_ms` equals `shown_ms`.

    Raises:
        UnsupportedMedia: the file cannot be opened.
        BrokenContract: it has no picture.
    """
    with opened(path) as (container, _):
        stream = _video(path, container)
        if span is not None:
            seek(container, stream, span.in_ms)
        small = _Shrinker(stream, width_px)
        for frame in _decoded(container, stream):
            now = time_of(frame)
            if span is not None and now >= span.out_ms:
                return
            if span is None or now >= span.in_ms:
                yield small.picture(now, frame, now)


def key_frames(
    path: Path, least_gap_ms: int = 0, width_px: int = SMALL_WIDTH_PX
) -> Iterator[SmallPicture]:
    """Only the key frames, at least `least_gap_ms` apart; a tenth of the cost of all frames.

    Raises:
        UnsupportedMedia: the file cannot be opened.
        BrokenContract: it has no picture.
    """
    with opened(path) as (container, _):
        stream = _video(path, container)
        stream.codec_context.skip_frame = "NONKEY"
        small = _Shrinker(stream, width_px)
        for frame in _decoded(container, stream, _keys_apart(least_gap_ms)):
            yield small.picture(time_of(frame), frame, time_of(frame))


def key_frames_at(
    path: Path, times_ms: Iterable[int], width_px: int = SMALL_WIDTH_PX
) -> Iterator[SmallPicture]:
    """For each moment the last key frame before it, once; nothing between them is decoded.

    Raises:
        UnsupportedMedia: the file cannot be opened.
        BrokenContract: it has no picture.
    """
    with opened(path) as (container, _):
        stream = _video(path, container)
        small = _Shrinker(stream, width_px)
        seen: set[int] = set()
        for time_ms in times_ms:
            seek(container, stream, time_ms)
            stream.codec_context.flush_buffers()
            frame = next(_decoded(container, stream, _keys_apart(0)), None)
            if frame is not None and time_of(frame) not in seen:
                seen.add(time_of(frame))
                yield small.picture(time_of(frame), frame, time_of(frame))


class _Shrinker:
    """Turn decoded frames into small upright pictures; the last one is kept."""

    def __init__(self, stream: VideoStream, width_px: int) -> None:
        self._aspect = pixel_aspect(stream)
        self._width_px = width_px
        self._scaler = VideoReformatter()
        self._last: tuple[int, NDArray[np.uint8], float] | None = None

    def picture(self, time_ms: int, frame: VideoFrame, shown_ms: int) -> SmallPicture:
        if self._last is None or self._last[0] != shown_ms:
            self._last = (shown_ms, *self._convert(frame))
        return SmallPicture(time_ms, shown_ms, self._last[1], self._last[2])

    def _convert(self, frame: VideoFrame) -> tuple[NDArray[np.uint8], float]:
        rotation = rotation_of(frame)
        full_width, full_height = upright((frame.width, frame.height), self._aspect, rotation)
        tallest = MOST_HEIGHTS * self._width_px
        width = min(self._width_px, full_width, max(1, full_width * tallest // full_height))
        height = min(tallest, max(1, round(full_height * width / full_width)))
        stored = (height, width) if rotation in (90, 270) else (width, height)
        untagged = frame.colorspace in (None, 2)
        hd = min(frame.width, frame.height) >= HD_HEIGHT_PX
        small = self._scaler.reformat(
            frame,
            width=stored[0],
            height=stored[1],
            format="bgr24",
            interpolation=_SCALING,
            src_colorspace=Colorspace.ITU709 if untagged and hd else None,
            threads=1,
        )
        pixels = np.rot90(small.to_ndarray(), k=-rotation // 90)
        return np.ascontiguousarray(pixels), width / full_width


def _video(path: Path, container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise BrokenContract(f"{path.name} has no picture stream: rerun the job to recreate it")
    stream = container.streams.video[0]
    stream.codec_context.thread_type = "AUTO"
    stream.codec_context.thread_count = usable_cores(DECODER_THREADS)
    return stream


def _keys_apart(least_gap_ms: int) -> Callable[[Packet[Any]], bool]:
    """Whether a packet is a key frame, and at least so long after the last that was."""
    due_ms: int | None = None

    def wanted(packet: Packet[Any]) -> bool:
        nonlocal due_ms
        if not packet.is_keyframe:
            return False
        if packet.pts is None:
            return True
        now_ms = stamp(packet)
        if due_ms is not None and now_ms < due_ms:
            return False
        due_ms = now_ms + max(1, least_gap_ms)
        return True

    return wanted


def _decoded(
    container: InputContainer,
    stream: VideoStream,
    wanted: Callable[[Packet[Any]], bool] | None = None,
) -> Iterator[VideoFrame]:
    """Frames that have a time, in order; a damaged packet costs its own frames only."""
    try:
        for packet in container.demux(stream):
            if wanted and packet.size and not wanted(packet):
                continue
            try:
                frames = packet.decode()
            except FFmpegError:
                continue
            for frame in frames:
                if isinstance(frame, VideoFrame) and frame.pts is not None:
                    yield frame
    except FFmpegError:
        return  # the file was cut short: the pictures before that are good


def _moments(start_ms: int, rate: Fraction) -> Iterator[int]:
    count = 0
    while True:
        yield start_ms + int(count * 1000 / rate)
        count += 1


def _duration_ms(frame: VideoFrame, stream: VideoStream) -> int:
    if frame.duration and frame.time_base:
        return round(frame.duration * frame.time_base * 1000)
    return round(1000 / stream.average_rate) if stream.average_rate else 0
