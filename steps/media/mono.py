"""Make `audio.flac`, the 16 kHz mono sound on the source's clock, the same on every CPU."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer

from steps.contract.errors import UnsupportedMedia
from steps.media import ffmpeg
from steps.media.audio import SAMPLE_RATE_HZ, SAMPLES_PER_MS
from steps.media.opening import address
from steps.media.streams import AudioStream

CENTRE, FRONT, AROUND = Fraction(1), Fraction(1, 4), Fraction(1, 10)
"""Weights of a surround mix: speech is in the centre. Without a centre the fronts carry it."""

_CENTRES = frozenset({"FC", "MONO"})
_FRONTS = frozenset({"FL", "FR", "FLC", "FRC", "DL", "DR"})
_SILENT = frozenset({"LFE", "LFE2"})

SLACK = SAMPLE_RATE_HZ // 10
"""Time stamps may wander by a tenth of a second before silence is added or sound is dropped."""

NO_SOUND = (
    "no sound of the source can be decoded while its picture is on screen: "
    "remove the audio stream or export the file again"
)

SAMPLE_BYTES = 2
SILENCE = bytes(SAMPLE_BYTES * SAMPLE_RATE_HZ)


def extract_sound(
    source: Path,
    audio: AudioStream,
    duration_ms: int,
    into: Path,
    scratch: Path,
    on_time_ms: Callable[[int], None],
) -> None:
    """Write the sound of a source as 16 kHz mono FLAC.

    Sound that starts late or has holes is filled with silence, and nothing is kept after
    `duration_ms`. The filling is done here because ffmpeg's `aresample=async` holds all the silence
    in memory at once: 3 GB for two hours.

    Raises:
        UnsupportedMedia: ffmpeg cannot decode the sound.
    """
    heard, filled = scratch / "heard.nut", scratch / "filled.pcm"
    ffmpeg.run(heard_arguments(source, audio.channel_names, heard), on_time_ms=on_time_ms)
    with filled.open("wb") as file:
        fill(heard, file, duration_ms * SAMPLES_PER_MS)
    heard.unlink()
    ffmpeg.run(flac_arguments(filled, into))
    filled.unlink()


def heard_arguments(source: Path, channels: Sequence[str], into: Path) -> list[str]:
    """The arguments that resample the sound to 16 kHz mono and keep its time stamps."""
    return [
        *ffmpeg.SAME_ON_ALL_CPUS,
        "-i", address(source),
        "-map", "0:a:0",
        "-vn",
        "-af", sound_filter(channels),
        "-c:a", "pcm_s16le",
        *ffmpeg.BITEXACT,
        "-f", "nut",
        address(into),
    ]  # fmt: skip


def flac_arguments(filled: Path, into: Path) -> list[str]:
    """The arguments that encode raw 16 kHz mono samples."""
    return [
        *ffmpeg.SAME_ON_ALL_CPUS,
        "-f", "s16le",
        "-ar", str(SAMPLE_RATE_HZ),
        "-ac", "1",
        "-i", address(filled),
        "-c:a", "flac",
        *ffmpeg.BITEXACT,
        "-f", "flac",
        address(into),
    ]  # fmt: skip


def fill(heard: Path, file: BinaryIO, count: int) -> None:
    """Write at most `count` samples, each at its time, with silence where there are none.

    Raises:
        UnsupportedMedia: there is no sound in the file.
    """
    at = 0
    with _opened(heard) as container:
        if not container.streams.audio:
            raise UnsupportedMedia(NO_SOUND)
        for packet in container.demux(container.streams.audio[0]):
            if packet.pts is None or at >= count:
                continue
            assert packet.time_base is not None
            start = round(packet.pts * packet.time_base * SAMPLE_RATE_HZ)
            samples = bytes(packet)
            if start > at + (SLACK if at else 0):
                at += _silence(file, min(start, count) - at)
            elif start < at - SLACK:
                samples = samples[SAMPLE_BYTES * (at - start) :]
            samples = samples[: SAMPLE_BYTES * (count - at)]
            at += file.write(samples) // SAMPLE_BYTES


def _opened(heard: Path) -> InputContainer:
    try:
        return av.open(address(heard), format="nut")
    except av.error.InvalidDataError as error:  # ffmpeg wrote no packet, so the file has no header
        raise UnsupportedMedia(NO_SOUND) from error


def _silence(file: BinaryIO, count: int) -> int:
    for first in range(0, count, SAMPLE_RATE_HZ):
        file.write(SILENCE[: SAMPLE_BYTES * (count - first)])
    return count


def sound_filter(channels: Sequence[str]) -> str:
    """The filters from any layout to 16 kHz mono."""
    mix = [mono_mix(channels)] if len(channels) > 1 else []
    return ",".join([*mix, "aresample=16000", "aformat=sample_fmts=s16:channel_layouts=mono"])


def mono_mix(channels: Sequence[str]) -> str:
    """A mix whose weights add up to 1, so that it cannot clip; the bass channel is left out.

    A layout whose channels have no known places is mixed evenly.
    """
    has_centre = any(name in _CENTRES for name in channels)
    weights: list[Fraction] = []
    for name in channels:
        if name in _SILENT:
            weights.append(Fraction(0))
        elif name in _CENTRES or (name in _FRONTS and not has_centre):
            weights.append(CENTRE)
        elif name in _FRONTS:
            weights.append(FRONT)
        else:
            weights.append(AROUND)
    total = sum(weights) or Fraction(1)
    terms = (
        f"{float(weight / total):.6f}*c{index}" for index, weight in enumerate(weights) if weight
    )
    return f"pan=mono|c0={'+'.join(terms) or 'c0'}"
