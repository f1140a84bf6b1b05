"""Transport streams whose clock starts again on the way: recordings that were put in a row.

ffmpeg moves what comes after such a place by the first packet that it finds there, and the last
sound of one recording comes after the first picture of the next: picture and sound part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet

from steps.contract.errors import UnsupportedMedia
from steps.media.excerpt import copied_stream
from steps.media.opening import address, opened
from steps.media.probe import CONVERT

TICKS = 90_000
"""A second, on the clock of a transport stream."""

BACK = TICKS // 2
"""A time this much before the last one of its stream belongs to another recording."""


@dataclass
class _Recording:
    """When a part of the file begins and ends, by stream, in ticks of its own clock."""

    starts: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)


def join_recordings(path: Path, streams: list[int], into: Path) -> bool:
    """Write the streams of a transport stream with times that go on; False where they do anyway.

    A recording begins when all streams of the one before have ended, and keeps its own order in
    time of picture and sound.

    Args:
        path: of the file.
        streams: the indices of those to keep; they get the numbers from 0 on.
        into: the transport stream to write, where the clock starts again.

    Raises:
        UnsupportedMedia: ffmpeg can read a codec of it, but not write it.
    """
    with opened(path) as (container, _):
        recordings = _recordings(container, streams)
    if len(recordings) < 2:
        return False
    later = [0]
    for before, after in pairwise(recordings):
        both = before.ends.keys() & after.starts.keys()
        gaps = [before.ends[index] - after.starts[index] for index in both]
        later.append(later[-1] + max(gaps, default=0))
    with opened(path) as (container, _):
        _write(container, streams, later, into)
    return True


def _write(container: InputContainer, streams: list[int], later: Sequence[int], into: Path) -> None:
    try:
        with av.open(address(into), "w", format="mpegts") as copy:
            targets = {index: copied_stream(copy, container.streams[index]) for index in streams}
            for number, packet in _numbered(container, streams):
                packet.pts = (packet.pts or 0) + later[number]
                packet.dts = (packet.dts or 0) + later[number]
                packet.stream = targets[packet.stream.index]
                copy.mux(packet)
    except FFmpegError as error:
        raise UnsupportedMedia(
            f"the recordings in a row cannot be joined ({error.strerror}): {CONVERT}"
        ) from error


def _recordings(container: InputContainer, streams: list[int]) -> list[_Recording]:
    found: list[_Recording] = []
    for number, packet in _numbered(container, streams):
        while number >= len(found):
            found.append(_Recording())
        one, index, start = found[number], packet.stream.index, packet.pts or 0
        end = start + (packet.duration or 0)
        one.starts[index] = min(one.starts.get(index, start), start)
        one.ends[index] = max(one.ends.get(index, end), end)
    return found


def _numbered(container: InputContainer, streams: list[int]) -> Iterator[tuple[int, Packet[Any]]]:
    """The packets that have a time, each with the number of its recording."""
    numbers = dict.fromkeys(streams, 0)
    last: dict[int, int] = {}
    for packet in container.demux([container.streams[index] for index in streams]):
        if packet.dts is None or packet.pts is None:
            continue
        index = packet.stream.index
        if packet.dts < last.get(index, packet.dts) - BACK:
            numbers[index] = max(numbers[index] + 1, *numbers.values())
        last[index] = packet.dts
        yield numbers[index], packet
