"""Transport streams whose clock jumps on the way: recordings that were put in a row.

ffmpeg moves what comes after such a place by the first packet that it finds there, and the last
sound of one recording comes after the first picture of the next: picture and sound part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet

from steps.contract.errors import UnsupportedMedia
from steps.media.copying import copied_stream
from steps.media.opening import address, opened
from steps.media.probe import CONVERT

TICKS = 90_000
"""A second, on the clock of a transport stream."""

BACK = TICKS // 2
"""A time this much before the last one of its stream belongs to another recording."""

AHEAD = 10 * TICKS
"""So does a time this much after it, if picture and sound jump together: ffmpeg's own threshold."""

Breaks = frozenset[tuple[int, int]]
"""Where recordings begin: a stream, and the number of a packet of it."""


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
        into: the transport stream to write, where the clock jumps.

    Raises:
        UnsupportedMedia: ffmpeg can read a codec of it, but not write it.
    """
    with opened(path) as (container, _):
        breaks = _breaks(container, streams)
    if not breaks:
        return False
    with opened(path) as (container, _):
        recordings = _recordings(_numbered(container, streams, breaks))
    later = [0]
    for before, after in pairwise(recordings):
        both = before.ends.keys() & after.starts.keys()
        gaps = [before.ends[index] - after.starts[index] for index in both]
        later.append(later[-1] + max(gaps, default=0))
    with opened(path) as (container, _):
        _write(container, streams, breaks, later, into)
    return True


def _write(
    container: InputContainer,
    streams: list[int],
    breaks: Breaks,
    later: Sequence[int],
    into: Path,
) -> None:
    try:
        with av.open(address(into), "w", format="mpegts") as copy:
            targets = {index: copied_stream(copy, container.streams[index]) for index in streams}
            for number, packet in _numbered(container, streams, breaks):
                packet.pts = (packet.pts or 0) + later[number]
                packet.dts = (packet.dts or 0) + later[number]
                packet.stream = targets[packet.stream.index]
                copy.mux(packet)
    except FFmpegError as error:
        raise UnsupportedMedia(
            f"the recordings in a row cannot be joined ({error.strerror}): {CONVERT}"
        ) from error


def _recordings(packets: Iterable[tuple[int, Packet[Any]]]) -> list[_Recording]:
    found: list[_Recording] = []
    for number, packet in packets:
        while number >= len(found):
            found.append(_Recording())
        one, index, start = found[number], packet.stream.index, packet.pts or 0
        end = start + (packet.duration or 0)
        one.starts[index] = min(one.starts.get(index, start), start)
        one.ends[index] = max(one.ends.get(index, end), end)
    return found


def _breaks(container: InputContainer, streams: list[int]) -> Breaks:
    back: set[tuple[int, int]] = set()
    ahead: dict[int, list[tuple[int, int, int]]] = {index: [] for index in streams}
    last: dict[int, int] = {}
    for count, packet in _timed(container, streams):
        index, at = packet.stream.index, packet.dts or 0
        before = last.get(index, at)
        last[index] = at
        if at < before - BACK:
            back.add((index, count))
        elif at > before + AHEAD:
            ahead[index].append((count, before, at))
    return frozenset(back | _together(ahead))


def _together(ahead: dict[int, list[tuple[int, int, int]]]) -> set[tuple[int, int]]:
    """The jumps that all of several streams make; one of them may stand still or be silent."""
    if len(ahead) < 2:
        return set()
    return {
        (index, count)
        for index, jumps in ahead.items()
        for count, before, at in jumps
        if all(
            any(min(at, other[2]) - max(before, other[1]) > AHEAD // 2 for other in others)
            for others in ahead.values()
        )
    }


def _numbered(
    container: InputContainer, streams: list[int], breaks: Breaks
) -> Iterator[tuple[int, Packet[Any]]]:
    """The packets that have a time, each with the number of its recording."""
    numbers = dict.fromkeys(streams, 0)
    for count, packet in _timed(container, streams):
        index = packet.stream.index
        if (index, count) in breaks:
            numbers[index] = max(numbers[index] + 1, *numbers.values())
        yield numbers[index], packet


def _timed(container: InputContainer, streams: list[int]) -> Iterator[tuple[int, Packet[Any]]]:
    """The packets that have a time, each with its number among those of its stream."""
    counts = dict.fromkeys(streams, 0)
    for packet in container.demux([container.streams[index] for index in streams]):
        if packet.dts is not None and packet.pts is not None:
            counts[packet.stream.index] += 1
            yield counts[packet.stream.index], packet
