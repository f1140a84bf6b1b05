"""Decoded sound with time stamps, laid out in time: each sample at its moment, holes filled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer

from steps.contract.errors import UnsupportedMedia
from steps.media.opening import address

SLACK_MS = 100
"""Time stamps may wander by so much before silence is added or sound is dropped."""

NO_SOUND = (
    "no sound of the source can be decoded while its picture is on screen: "
    "remove the audio stream or export the file again"
)


@dataclass(frozen=True)
class SoundForm:
    """Raw 16-bit sound."""

    rate_hz: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one moment."""
        return 2 * self.channels

    @property
    def arguments(self) -> list[str]:
        """The input arguments of ffmpeg for a file of such sound."""
        return ["-f", "s16le", "-ar", str(self.rate_hz), "-ac", str(self.channels)]


MONO = SoundForm(16_000, 1)
"""Of `audio.flac`."""


def fill(heard: Path, file: BinaryIO, count: int, form: SoundForm = MONO) -> int:
    """Write at most `count` samples, each at its time, with silence where there are none.

    Done here because ffmpeg's `aresample=async` holds all the silence in memory at once: 3 GB for
    two hours.

    Args:
        heard: a NUT file of sound in this form, with time stamps.
        file: what is written to.
        count: samples of each channel.
        form: of both.

    Returns:
        How many samples were written.

    Raises:
        UnsupportedMedia: there is no sound in the file.
    """
    at, slack, size = 0, SLACK_MS * form.rate_hz // 1000, form.frame_bytes
    with _opened(heard) as container:
        if not container.streams.audio:
            raise UnsupportedMedia(NO_SOUND)
        for packet in container.demux(container.streams.audio[0]):
            if packet.pts is None or at >= count:
                continue
            assert packet.time_base is not None
            start = round(packet.pts * packet.time_base * form.rate_hz)
            samples = bytes(packet)
            if start > at + (slack if at else 0):
                at += silence(file, min(start, count) - at, form)
            elif start < at - (slack if at else 0):
                samples = samples[size * (at - start) :]
            at += file.write(samples[: size * (count - at)]) // size
    return at


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
