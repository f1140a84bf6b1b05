"""Make `audio.flac`, the 16 kHz mono sound on the source's clock, the same on every CPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

from steps.contract.errors import UnsupportedMedia
from steps.media import ffmpeg
from steps.media.audio import SAMPLE_RATE_HZ, SAMPLES_PER_MS
from steps.media.copying import MUXING
from steps.media.opening import address
from steps.media.stamped import BLOCK_SAMPLES, MONO, LaidOut, fill

CENTRE, FRONT, AROUND = Fraction(1), Fraction(1, 4), Fraction(1, 10)
"""Weights of a surround mix: speech is in the centre. Without a centre the fronts carry it."""

WHOLE_NUMBERS = {
    "lpc_type": "fixed",
    "min_prediction_order": "2",
    "max_prediction_order": "2",
    "max_partition_order": "4",
    "frame_size": str(BLOCK_SAMPLES),
    "flags": "bitexact",
}
"""Options of the FLAC encoder. Its other predictors are floats that differ with the CPU; this one
makes the file 5 % larger, and to try others takes longer than to encode with it."""

_CENTRES = frozenset({"FC", "MONO"})
_FRONTS = frozenset({"FL", "FR", "FLC", "FRC", "DL", "DR"})
_SILENT = frozenset({"LFE", "LFE2"})

_CHANGED = "Reconfiguring filter graph because"
"""What ffmpeg prints when channels, rate or sample format change in mid-stream."""


@dataclass(frozen=True)
class DecodedSound:
    """The decoded sound of a source.

    Attributes:
        path: a WAV file of 16 kHz mono, laid out in time.
        layout: when it sounds.
        has_changed: the sound changes its layout or rate on the way.
    """

    path: Path
    layout: LaidOut
    has_changed: bool


def hear(
    sound: Path,
    layout: str,
    channels: Sequence[str],
    most_ms: int,
    on_time_ms: Callable[[int], None],
) -> DecodedSound:
    """Decode the sound of a source, with silence where it starts late or has holes.

    Args:
        sound: a file of it; what is decoded lies beside it.
        layout: ffmpeg's name of the channels.
        channels: ffmpeg's name of each.
        most_ms: what comes later is left out, however late its time stamps say it is.
        on_time_ms: called with the time that is reached.

    Raises:
        UnsupportedMedia: ffmpeg cannot decode the sound, or there is none.
    """
    stamped, filled = sound.with_name("heard.nut"), sound.with_name("filled.wav")
    chain, stderr = sound_filter(channels, layout), ""

    def laid_out() -> LaidOut:
        with filled.open("wb") as file:
            return fill(stamped, file, most_ms * SAMPLES_PER_MS)

    try:
        quick = quick_arguments(sound, chain, stamped)
        ffmpeg.run(quick, cwd=sound.parent, on_time_ms=on_time_ms)
        found = laid_out()
    except UnsupportedMedia:
        found = None
    if found is None or found.holes:
        stderr = ffmpeg.run(heard_arguments(sound, chain, stamped), on_time_ms=on_time_ms)
        found = laid_out()
    stamped.unlink()
    return DecodedSound(filled, found, _CHANGED in stderr)


def write_flac(heard: DecodedSound, duration_ms: int, into: Path) -> None:
    """Write decoded sound as 16 kHz mono FLAC; nothing is kept after `duration_ms`.

    PyAV does this, not the ffmpeg command, whose threads take as long to hand over the blocks as
    one takes to encode them.
    """
    with av.open(address(into), "w", format="flac", options=MUXING) as flac:
        stream = flac.add_stream("flac", SAMPLE_RATE_HZ, WHOLE_NUMBERS, layout="mono", format="s16")
        for block in _blocks(heard.path, duration_ms * SAMPLES_PER_MS):
            flac.mux(stream.encode(block))
        flac.mux(stream.encode(None))
    heard.path.unlink()


def _blocks(path: Path, count: int) -> Iterator[AudioFrame]:
    """The first `count` samples of decoded sound."""
    with path.open("rb") as file:
        file.seek(len(MONO.header))
        for first in range(0, count, BLOCK_SAMPLES):
            wanted = min(BLOCK_SAMPLES, count - first) * MONO.frame_bytes
            samples = np.frombuffer(file.read(wanted), "<i2")
            if not samples.size:
                return
            block = AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
            block.sample_rate, block.pts = SAMPLE_RATE_HZ, first
            yield block


def quick_arguments(sound: Path, chain: str, into: Path) -> list[str]:
    """The same as `heard_arguments`, in half the time, for sound that keeps its form.

    To be run in the folder of both files. ffmpeg's threads hand each other the 50 packets of a
    second one by one; here one of them decodes, mixes and resamples, and hands over pieces of
    `BLOCK_SAMPLES`. A hole shows in the time of the next piece. It gives up at the first packet
    that is damaged or of another layout or rate.
    """
    return [
        *ffmpeg.SAME_ON_ALL_CPUS,
        "-xerror",
        "-copyts",
        "-f", "lavfi",
        "-i", f"amovie={sound.name}:format_name=matroska,{chain},asetnsamples={BLOCK_SAMPLES}:p=0",
        "-c", "copy",
        *ffmpeg.BITEXACT,
        "-f", "nut",
        address(Path(into.name)),
    ]  # fmt: skip


def heard_arguments(sound: Path, chain: str, into: Path) -> list[str]:
    """The arguments that resample sound to 16 kHz mono and keep its time stamps.

    Args:
        sound: the file.
        chain: of filters, from `sound_filter`.
        into: the file to write.
    """
    return [
        *ffmpeg.SAME_ON_ALL_CPUS,
        "-copyts",
        "-i", address(sound),
        "-map", "0:a:0",
        "-af", chain,
        "-c:a", "pcm_s16le",
        *ffmpeg.BITEXACT,
        "-f", "nut",
        address(into),
    ]  # fmt: skip


def sound_filter(channels: Sequence[str], layout: str = "") -> str:
    """The filters from any layout to 16 kHz mono.

    Args:
        channels: ffmpeg's names, as in `AudioStream`.
        layout: ffmpeg's name; sound that changes to another is brought back to it, for the mix
            goes by the number of each channel.
    """
    mix = [mono_mix(channels)] if len(channels) > 1 else []
    first = [f"aformat=channel_layouts={layout}"] if mix and is_known(layout) else []
    return ",".join(
        [*first, *mix, "aresample=16000", "aformat=sample_fmts=s16:channel_layouts=mono"]
    )


def is_known(layout: str) -> bool:
    """Whether filters take the name: they do not take `6 channels`."""
    return bool(layout) and " " not in layout


def mono_mix(channels: Sequence[str]) -> str:
    """The filter for a mix whose weights add up to 1, so that it cannot clip."""
    terms = (
        f"{float(weight):.6f}*c{index}"
        for index, weight in enumerate(mono_weights(channels))
        if weight
    )
    return f"pan=mono|c0={'+'.join(terms) or 'c0'}"


def mono_weights(channels: Sequence[str]) -> list[Fraction]:
    """The share of each channel in the mix; the bass channel is left out.

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
    return [weight / total for weight in weights]
