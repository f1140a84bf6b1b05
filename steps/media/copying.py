"""Copy streams, packet by packet, into files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from steps.contract.errors import UnsupportedMedia
from steps.media.opening import address
from steps.media.probe import CONVERT

MUXING = {"fflags": "bitexact", "avoid_negative_ts": "disabled"}
"""No random ids or versions in the file, and no shift of its timestamps."""


def copied_stream(copy: OutputContainer, stream: Any) -> Stream:
    """A stream of a new file for the packets of a source's.

    Raises:
        UnsupportedMedia: Matroska does not hold its codec.
    """
    try:
        target: Stream = copy.add_stream_from_template(stream, opaque=True)  # needs no encoder
    except ValueError as error:
        name = stream.codec_context.name
        raise UnsupportedMedia(f"a cut cannot hold the codec {name}: {CONVERT}") from error
    return target


def pictures_beside_sound(container: InputContainer, sound: Path) -> Iterator[Packet[Any]]:
    """The packets of the pictures of a source; those of its sound go to a Matroska file."""
    video, audio = container.streams.video[0], container.streams.audio[0]
    with av.open(address(sound), "w", format="matroska", options=MUXING) as copy:
        target = copied_stream(copy, audio)
        copy.start_encoding()
        for packet in container.demux([video, audio]):
            if packet.stream is video:
                yield packet
            elif packet.pts is not None:
                packet.stream = target
                copy.mux_one(packet)
