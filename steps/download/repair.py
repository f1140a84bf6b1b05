"""Give the sound of a source one layout and rate from 0 to the end, where it has not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from steps.contract import Context
from steps.download import DownloadParams
from steps.download.remux import STEREO, flac_arguments, join_arguments, level_arguments
from steps.media import ffmpeg
from steps.media.mono import DecodedSound, hear, write_flac
from steps.media.scan import Scan, scan
from steps.media.stamped import fill, silence
from steps.media.streams import AudioStream
from steps.model import artifacts

PER_MS = STEREO.rate_hz // 1000


def finish_sound(
    context: Context[DownloadParams],
    source: Path,
    audio: AudioStream,
    decoded: str,
    on_share: Callable[[float], None],
) -> tuple[Scan, AudioStream]:
    """Write audio.flac, and other sound for `source.mkv` where its own breaks the form.

    A repair is reported.

    Args:
        context: of the step.
        source: the remuxed source.
        audio: the chosen sound of the original.
        decoded: why the source has it decoded, if it has.
        on_share: called with the share of the work that is done.

    Returns:
        The times of the source, and what its sound is now.

    Raises:
        UnsupportedMedia: the sound cannot be decoded.
    """
    times = scan(source)
    if decoded:
        audio = _plain(audio)
    heard = _listen(context, source, audio, times, on_share)
    reasons = [decoded] if decoded else []
    reasons += times.missing_sound
    reasons += ["its layout or rate changes on the way"] if heard.has_changed else []
    reasons += [heard.repair.reason] if heard.repair else []
    if reasons:
        context.degrade(
            "sound-repaired",
            f"the sound of the source was encoded again, as stereo at 48 kHz: {'; '.join(reasons)}",
        )
        _level(context, source, times.duration_ms, heard.repair.pan if heard.repair else "")
        times, audio = scan(source), replace(_plain(audio), codec="flac")
        heard = _listen(context, source, audio, times, on_share)
    write_flac(heard.path, times.duration_ms, context.output(artifacts.AUDIO), context.scratch)
    return times, audio


def _listen(
    context: Context[DownloadParams],
    source: Path,
    audio: AudioStream,
    times: Scan,
    on_share: Callable[[float], None],
) -> DecodedSound:
    def on_time_ms(time_ms: int) -> None:
        on_share(time_ms / times.duration_ms)

    return hear(source, audio.layout, audio.channel_names, context.scratch, on_time_ms)


def _level(context: Context[DownloadParams], source: Path, duration_ms: int, pan: str) -> None:
    """Decode the sound, lay it out in time, encode it, and put it in the place of what is there."""
    stamped, raw, sound, joined = (
        context.scratch / name for name in ("level.nut", "level.pcm", "level.mka", "joined.mkv")
    )
    ffmpeg.run(level_arguments(source, pan, stamped))
    with raw.open("wb") as file:
        count = duration_ms * PER_MS
        silence(file, count - fill(stamped, file, count, STEREO), STEREO)
    stamped.unlink()
    ffmpeg.run(flac_arguments(raw, sound))
    raw.unlink()
    ffmpeg.run(join_arguments(source, sound, joined))
    sound.unlink()
    joined.replace(source)


def _plain(audio: AudioStream) -> AudioStream:
    return replace(
        audio,
        codec="pcm_s16le",
        is_copied=True,
        channels=STEREO.channels,
        layout="stereo",
        channel_names=("FL", "FR"),
        padding_ms=0,
        sample_rate_hz=STEREO.rate_hz,
    )
