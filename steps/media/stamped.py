"""Decoded sound with time stamps, laid out in time: each sample at its moment, holes filled."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer

from steps.contract.errors import UnsupportedMedia
from steps.media.opening import address
from steps.media.packets import to_rate

SLACK_MS = 100
"""Time stamps may wander by so much before silence is added or sound is dropped."""

NO_SOUND = (
    "no sound of the source can be decoded while its picture is on screen: "
    "remove the audio stream or export the file again"
)


BLOCK_SAMPLES = 4096
"""Of a packet and of a block of FLAC: smaller ones cost more to hand over than to encode."""


@dataclass(frozen=True)
class SoundForm:
    """16-bit sound."""

    rate_hz: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one moment."""
        return 2 * self.channels

    @property
    def header(self) -> bytes:
        """The start of a WAV file of such sound, of unknown length."""
        size, rate = self.frame_bytes, self.rate_hz
        form = struct.pack("<IHHIIHH", 16, 1, self.channels, rate, rate * size, size, 16)
        unknown = b"\xff" * 4
        return b"RIFF" + unknown + b"WAVEfmt " + form + b"data" + unknown

    @property
    def arguments(self) -> list[str]:
        """The input arguments of ffmpeg for a file of such sound."""
        packets = str(BLOCK_SAMPLES * self.frame_bytes)
        return ["-f", "wav", "-ignore_length", "1", "-max_size", packets]


MONO = SoundForm(16_000, 1)
"""Of `audio.flac`."""

SHORT_MS = 1000
"""Sound that ends more than this before the source leaves a hole; recorders stop in any order."""


@dataclass(frozen=True)
class LaidOut:
    """Sound that was laid out in time.

    Attributes:
        samples: how many there are, of each channel, with the silence in holes.
        start_ms: when the first one sounds.
        end_ms: when the last one ends.
        holes: how often sound was missing on the way, or came twice.
    """

    samples: int
    start_ms: int
    end_ms: int
    holes: int

    def missing(self, duration_ms: int) -> list[str]:
        """Where it does not cover a source of this length, in words."""
        found = []
        if self.start_ms > SLACK_MS:
            found.append(f"it starts at {self.start_ms} ms")
        if self.holes:
            places = "1 place" if self.holes == 1 else f"{self.holes} places"
            found.append(f"it is missing or comes twice in {places}")
        if self.end_ms < duration_ms - SHORT_MS:
            found.append(f"it ends at {self.end_ms} ms of {duration_ms}")
        return found


def fill(heard: Path, file: BinaryIO, count: int, form: SoundForm = MONO) -> LaidOut:
    """Write a WAV file of at most `count` samples, each at its time, silence where there are none.

    Done here because ffmpeg's `aresample=async` holds all the silence in memory at once: 3 GB for
    two hours.

    Args:
        heard: a NUT file of sound in this form, with time stamps.
        file: what is written to, empty.
        count: samples of each channel.
        form: of both.

    Raises:
        UnsupportedMedia: there is no sound in the file.
    """
    at, slack, size = 0, SLACK_MS * form.rate_hz // 1000, form.frame_bytes
    first: int | None = None
    holes = stated_end = 0
    file.write(form.header)
    with _opened(heard) as container:
        if not container.streams.audio:
            raise UnsupportedMedia(NO_SOUND)
        base = container.streams.audio[0].time_base
        assert base is not None
        to_samples = to_rate(base, form.rate_hz)
        for packet in container.demux(container.streams.audio[0]):
            if packet.pts is None or at >= count:
                continue
            start = to_samples(packet.pts)
            samples = bytes(packet)
            holes += first is not None and abs(start - stated_end) > slack
            stated_end = start + len(samples) // size
            first = start if first is None else first
            if start > at + (slack if at else 0):
                at += silence(file, min(start, count) - at, form)
            elif start < at - (slack if at else 0):
                samples = samples[size * (at - start) :]
            at += file.write(samples[: size * (count - at)]) // size
    if first is None:
        raise UnsupportedMedia(NO_SOUND)
    return LaidOut(at, first * 1000 // form.rate_hz, at * 1000 // form.rate_hz, holes)


def silence(file: BinaryIO, count: int, form: SoundForm) -> int:
    """Write so many samples of silence, a second at a time; returns how many."""
    second = bytes(form.frame_bytes * form.rate_hz)
    for first in range(0, count, form.rate_hz):
        file.write(second[: form.frame_bytes * (count - first)])
    return count


def _opened(heard: Path) -> InputContainer:
    try:
        return av.open(address(heard), format="nut")
    except av.error.InvalidDataError as error:  # ffmpeg wrote no packet, so the file has no header
        raise UnsupportedMedia(NO_SOUND) from error
