"""Copy a part of `source.mkv` into a file of its own, packet by packet, with the same timestamps.

PyAV and not the ffmpeg command: Matroska stores no decoding times, ffmpeg guesses them after a seek
and, where a group of pictures is open, moves the pictures' own times to fit the guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from steps.contract.errors import StepError
from steps.media.limits import address
from steps.media.probe import opened
from steps.model.timing import Span

_OPTIONS = {"fflags": "bitexact", "avoid_negative_ts": "disabled"}
"""No random ids or versions in the file, and no shift of its timestamps."""


def copy_span(source: Path, span: Span, into: Path) -> int:
    """Copy picture and sound of at least a span; returns the stamp of the first picture.

    The copy starts at the last key frame at or before the span. Pictures that come after that key
    frame in the file but before it on screen need the group before it, and are left out. It ends
    with the last picture of the span in the order of the file, so that those which lean on a later
    one keep it.

    Raises:
        StepError: the source has no picture in the span.
    """
    with opened(source) as (container, _):
        start = _key_frame_before(container, span.in_ms)
        decoding_times = _decoding_times(_pictures(container, start, span.out_ms))
        if not decoding_times:
            raise StepError(f"{source.name} has no picture at {start} ms: a bug in cut")
        with av.open(address(into), "w", format="matroska", options=_OPTIONS) as copy:
            _copy(container, start, span.out_ms, decoding_times, copy)
    return start


def _copy(
    container: InputContainer,
    start_ms: int,
    out_ms: int,
    decoding_times: list[int],
    copy: OutputContainer,
) -> None:
    video, sound = container.streams.video[0], container.streams.audio[:1]
    targets = {stream.index: copy.add_stream_from_template(stream) for stream in (video, *sound)}
    times = iter(decoding_times)
    pictures_left, sound_left = len(decoding_times), bool(sound)
    for packet in _packets(container, [video, *sound], start_ms):
        if packet.stream is video:
            if pictures_left:
                pictures_left -= 1
                packet.dts = next(times)
                _mux(packet, targets, copy)
        elif _stamp(packet) < out_ms:
            _mux(packet, targets, copy)
        else:
            sound_left = False
        if not pictures_left and not sound_left:
            return


def _mux(packet: Packet[Any], targets: dict[int, Stream], copy: OutputContainer) -> None:
    packet.stream = targets[packet.stream.index]
    copy.mux(packet)


def _pictures(container: InputContainer, start_ms: int, out_ms: int) -> list[int]:
    """The video's time stamps in the order of the file, up to the last that is before `out_ms`.

    In the time base of the stream. The search goes on until a later key frame was passed, and the
    pictures that come after it but are shown before it.
    """
    stamps: list[int] = []
    count = 0
    key_ms: int | None = None
    for packet in _packets(container, [container.streams.video[0]], start_ms):
        stamp = _stamp(packet)
        if key_ms is not None and stamp > key_ms:
            break
        if packet.is_keyframe and stamp >= out_ms:
            key_ms = stamp
        stamps.append(packet.pts or 0)
        if stamp < out_ms:
            count = len(stamps)
    return stamps[:count]


def _packets(container: InputContainer, streams: list[Any], start_ms: int) -> Iterator[Packet[Any]]:
    """Packets from a key frame on, without what is shown or heard before it."""
    _seek(container, start_ms)
    started = False
    for packet in container.demux(streams):
        if packet.pts is None or _stamp(packet) < start_ms:
            continue
        if packet.stream.type == "video":
            started = started or (packet.is_keyframe and _stamp(packet) == start_ms)
            if not started:
                continue
        yield packet


def _key_frame_before(container: InputContainer, time_ms: int) -> int:
    """The stamp of the last key frame at or before a moment, of the first one if none is."""
    found: int | None = None
    _seek(container, time_ms)
    for packet in container.demux(container.streams.video[0]):
        if packet.pts is None or not packet.is_keyframe:
            continue
        if found is not None and _stamp(packet) > time_ms:
            break
        found = _stamp(packet)
        if found > time_ms:
            break
    if found is None:
        raise StepError("the source has no key frame: run download again")
    return found


def _decoding_times(pictures: list[int]) -> list[int]:
    """Decoding times for pictures in the order of the file: rising, none after its own picture."""
    ordered = sorted(pictures)
    delay = max((slot - stamp for slot, stamp in zip(ordered, pictures, strict=True)), default=0)
    return [slot - delay for slot in ordered]


def _seek(container: InputContainer, time_ms: int) -> None:
    video = container.streams.video[0]
    assert video.time_base is not None
    container.seek(int(Fraction(time_ms, 1000) / video.time_base), stream=video)


def _stamp(packet: Packet[Any]) -> int:
    assert packet.pts is not None
    return round(packet.pts * packet.time_base * 1000)
