"""The time of packets and pictures, and the packets of `source.mkv` from a key frame on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from steps.contract.errors import UnsupportedMedia
from steps.media.opening import opened
from steps.media.probe import CONVERT

FIRST_PACKETS = 100
"""Several groups of pictures that lean on later ones."""


def to_rate(base: Fraction, rate: int) -> Callable[[int], int]:
    """What turns ticks of `base` seconds into ticks of 1/`rate` s; halves go to the even one.

    In whole numbers: with fractions, the packets of an hour took six seconds.
    """
    up, down = base.as_integer_ratio()

    def converted(ticks: int) -> int:
        found, rest = divmod(2 * rate * ticks * up + down, 2 * down)
        return found - (rest == 0 and found % 2)

    return int if (up, down) == (1, rate) else converted


def at_rate(ticks: int, base: Fraction, rate: int) -> int:
    """The same for one time."""
    return to_rate(base, rate)(ticks)


def stamp(packet: Packet[Any]) -> int:
    """When a packet that has a time is shown or heard, in milliseconds."""
    assert packet.pts is not None
    return at_rate(packet.pts, packet.time_base, 1000)


def time_of(frame: VideoFrame) -> int:
    """When a decoded picture that has a time appears, in milliseconds."""
    assert frame.pts is not None
    assert frame.time_base is not None
    return round(frame.pts * frame.time_base * 1000)


def seek(container: InputContainer, stream: VideoStream, time_ms: int) -> None:
    """Go to the last key frame at or before a moment."""
    assert stream.time_base is not None
    container.seek(int(Fraction(time_ms, 1000) / stream.time_base), stream=stream)


def key_frame_before(container: InputContainer, time_ms: int) -> int:
    """The stamp of the last key frame at or before a moment, else of the file's first one.

    Raises:
        UnsupportedMedia: the file has none.
    """
    found: int | None = None
    seek(container, container.streams.video[0], time_ms)
    for packet in container.demux(container.streams.video[0]):
        if packet.pts is None or not packet.is_keyframe:
            continue
        if found is not None and stamp(packet) > time_ms:
            break
        found = stamp(packet)
        if found > time_ms:
            break
    if found is None:
        raise UnsupportedMedia(f"the source has no key frame, so it cannot be cut: {CONVERT}")
    return found


def packets_from(
    container: InputContainer, streams: Sequence[Any], start_ms: int
) -> Iterator[Packet[Any]]:
    """Packets from a key frame on, without those shown or heard before the first picture."""
    seek(container, container.streams.video[0], start_ms)
    started = False
    for packet in container.demux(streams):
        if packet.pts is None or stamp(packet) < start_ms:
            continue
        if packet.stream.type == "video":
            started = started or (packet.is_keyframe and stamp(packet) == start_ms)
            if not started:
                continue
        yield packet


def pictures_until(container: InputContainer, start_ms: int, out_ms: int) -> list[int]:
    """The video's time stamps in the order of the file, up to the last that is before `out_ms`.

    In the time base of the stream. The search ends after a later key frame and the pictures that
    come after it in the file but are shown before it.
    """
    found: list[int] = []
    count = 0
    key_ms: int | None = None
    for packet in packets_from(container, [container.streams.video[0]], start_ms):
        shown_ms = stamp(packet)
        if key_ms is not None and shown_ms > key_ms:
            break
        if packet.is_keyframe and shown_ms >= out_ms:
            key_ms = shown_ms
        found.append(packet.pts or 0)
        if shown_ms < out_ms:
            count = len(found)
    return found[:count]


def are_in_order(path: Path, index: int) -> bool:
    """Whether the first pictures of a stream are shown in the order of the file, by their times.

    Raises:
        StepError: as `steps.media.opening.opened`.
    """
    with opened(path) as (container, _):
        first = islice(container.demux(container.streams[index]), FIRST_PACKETS)
        return all(
            before < after
            for before, after in pairwise(one.pts for one in first if one.pts is not None)
        )


def longest_hole_ms(path: Path, indices: Sequence[int]) -> int:
    """The longest time for which one of these streams has no packet, before its first included.

    Raises:
        StepError: as `steps.media.opening.opened`.
    """
    longest, ends = 0, dict.fromkeys(indices, 0)
    with opened(path) as (container, _):
        for packet in container.demux([container.streams[index] for index in indices]):
            if packet.pts is None:
                continue
            start, index = stamp(packet), packet.stream.index
            longest = max(longest, start - ends[index])
            duration = at_rate(packet.duration or 0, packet.time_base, 1000)
            ends[index] = max(ends[index], start + duration)
    return longest
