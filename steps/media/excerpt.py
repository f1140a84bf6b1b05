"""Copy a part of `source.mkv` into a file of its own, packet by packet, with the same timestamps.

PyAV does this, not the ffmpeg command: Matroska stores no decoding times, ffmpeg guesses them after
a seek and, where a group of pictures is open, moves the pictures' own times to fit the guess.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from steps.contract.errors import StepError, UnsupportedMedia
from steps.media import ffmpeg
from steps.media.copying import MUXING, copied_stream
from steps.media.cuts import seek_arguments
from steps.media.opening import address, has_codec, opened
from steps.media.packets import key_frame_before, packets_from, pictures_until, stamp
from steps.model.timing import MAX_MS, Span

TRIAL_MS = 1000
"""How much of a source is copied to see whether it can be cut."""


def start_at_key_frame(source: Path, scratch: Path) -> int:
    """Move a source so that its first key frame is at 0, without what comes before; by how many ms.

    Raises:
        UnsupportedMedia: there is no key frame.
    """
    with opened(source) as (container, _):
        late_ms = key_frame_before(container, 0)
    if late_ms:
        copy_span(source, Span(in_ms=late_ms, out_ms=MAX_MS), scratch, -late_ms)
        scratch.replace(source)
    return late_ms


def copy_span(source: Path, span: Span, into: Path, later_ms: int = 0) -> int:
    """Copy picture and sound of at least a span; returns the stamp of the first picture.

    Its times are later by `later_ms`. It starts at the last key frame at or before the span.
    Pictures that come after that key frame in the file but before it on screen need the group
    before it, and are left out. The copy ends with the last picture of the span in the order of the
    file, so that pictures that lean on a later one keep it.

    Raises:
        StepError: the source has no picture in the span.
        UnsupportedMedia: the copy cannot hold a codec.
    """
    with opened(source) as (container, _):
        start = key_frame_before(container, span.in_ms)
        decoding_times = _decoding_times(pictures_until(container, start, span.out_ms))
        if not decoding_times:
            raise StepError(f"{source.name} has no picture at {start} ms: a bug in cut")
        with av.open(address(into), "w", format="matroska", options=MUXING) as copy:
            _copy(container, start, span.out_ms, decoding_times, copy, later_ms)
    return start


def check_excerpt(source: Path, trial: Path) -> None:
    """Copy the first second of a source, then open the copy and decode a picture with ffmpeg.

    So a codec that cannot be cut or rendered is found before any recognition is paid for.

    Raises:
        UnsupportedMedia: the copy fails, differs from the source, or cannot be decoded.
    """
    copy_span(source, Span(in_ms=0, out_ms=TRIAL_MS), trial)
    with opened(source) as (whole, _), opened(trial) as (part, _):
        kept, wanted = _codecs(part), _codecs(whole)
    if kept != wanted:
        raise UnsupportedMedia(f"the copy of {', '.join(wanted)} holds {', '.join(kept)}")
    ffmpeg.run([*seek_arguments(trial, 0), "-map", "0:v:0", "-frames:v", "1", "-f", "null", "-"])


def _codecs(container: InputContainer) -> list[str]:
    return [
        stream.codec_context.name if has_codec(stream) else "an unknown codec"
        for stream in (*container.streams.video[:1], *container.streams.audio[:1])
    ]


def _copy(
    container: InputContainer,
    start_ms: int,
    out_ms: int,
    decoding_times: list[int],
    copy: OutputContainer,
    later_ms: int,
) -> None:
    video, sound = container.streams.video[0], container.streams.audio[:1]
    targets = {stream.index: _target(copy, stream, later_ms) for stream in (video, *sound)}
    times = iter(decoding_times)
    pictures_left, sound_left = len(decoding_times), bool(sound)
    for packet in packets_from(container, [video, *sound], start_ms):
        if packet.stream is video:
            if pictures_left:
                pictures_left -= 1
                packet.dts = next(times)
                _mux(packet, targets, copy)
        elif stamp(packet) < out_ms:
            _mux(packet, targets, copy)
        else:
            sound_left = False
        if not pictures_left and not sound_left:
            return


def _target(copy: OutputContainer, stream: Stream, later_ms: int) -> tuple[Stream, int]:
    """The stream of the copy for a source's, and a time in the ticks of both."""
    assert stream.time_base is not None
    return copied_stream(copy, stream), round(Fraction(later_ms, 1000) / stream.time_base)


def _mux(
    packet: Packet[Any], targets: dict[int, tuple[Stream, int]], copy: OutputContainer
) -> None:
    """Write a packet to its stream of the copy, so many of its ticks later."""
    target, later = targets[packet.stream.index]
    packet.pts = (packet.pts or 0) + later
    packet.dts = None if packet.dts is None else packet.dts + later
    packet.stream = target
    copy.mux(packet)


def _decoding_times(pictures: list[int]) -> list[int]:
    """Decoding times for pictures in the order of the file: rising, none after its own picture."""
    ordered = sorted(pictures)
    delay = max((slot - shown for slot, shown in zip(ordered, pictures, strict=True)), default=0)
    return [slot - delay for slot in ordered]
