"""Give the sound of a source one layout and rate from 0 to the end, where it has not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from steps.contract import Context
from steps.download import DownloadParams
from steps.download.remux import STEREO, Recoding, flac_arguments, join_arguments, level_arguments
from steps.media import ffmpeg
from steps.media.channels import Repair, Sound, measured, measuring_arguments, repair_of
from steps.media.mono import DecodedSound, hear, write_flac
from steps.media.opening import address
from steps.media.scan import Scan, scan
from steps.media.stamped import fill, silence
from steps.media.streams import AudioStream
from steps.model import artifacts

BEYOND_MS = 2000
"""How much longer than allowed a source is heard, so that it is refused as too long."""

PER_MS = STEREO.rate_hz // 1000


def finish_sound(
    context: Context[DownloadParams],
    source: Path,
    audio: AudioStream,
    recoding: Recoding,
    on_share: Callable[[float], None],
) -> tuple[Scan, int, AudioStream]:
    """Write audio.flac, and other sound for `source.mkv` where its own breaks the form.

    A repair is reported.

    Args:
        context: of the step.
        source: the remuxed source.
        audio: the chosen sound of the original.
        recoding: what of the source was not copied.
        on_share: called with the share of the work that is done.

    Returns:
        The times of the pictures, the length of the source in ms, and what its sound is now.

    Raises:
        UnsupportedMedia: the sound cannot be decoded.
    """
    sound = context.scratch / "sound.mka"
    times = scan(source, recoding.most_ms, sound)
    if recoding.sound:
        audio = _plain(audio)
    length_ms = times.picture_end_ms

    def listen(audio: AudioStream) -> DecodedSound:
        return hear(
            sound,
            audio.layout,
            audio.channel_names,
            context.params.max_duration_s * 1000 + BEYOND_MS,
            lambda time_ms: on_share(time_ms / length_ms),
        )

    heard = listen(audio)
    duration_ms = times.duration_ms(heard.layout.end_ms)
    repair = _repair(sound, audio, duration_ms)
    reasons = [recoding.sound] if recoding.sound else []
    reasons += heard.layout.missing(duration_ms)
    reasons += ["its layout or rate changes on the way"] if heard.has_changed else []
    reasons += [repair.reason] if repair else []
    if reasons:
        context.degrade(
            "sound-repaired",
            f"the sound of the source was encoded again, as stereo at 48 kHz: {'; '.join(reasons)}",
        )
        _level(context, source, duration_ms, repair.pan if repair else "")
        audio = replace(_plain(audio), codec="flac")
        times = scan(source, recoding.most_ms, sound)
        heard = listen(audio)
        duration_ms = times.duration_ms(heard.layout.end_ms)
    sound.unlink()
    write_flac(heard, duration_ms, context.output(artifacts.AUDIO))
    return times, duration_ms, audio


def _repair(path: Path, audio: AudioStream, duration_ms: int) -> Repair | None:
    """What is wrong with the channels, as they are heard in a clip and in `audio.flac`."""
    if audio.channels < STEREO.channels:
        return None
    sound, raw = Sound.of(audio.layout, audio.channel_names), path.with_name("measured.pcm")
    opening = ["-seek_timestamp", "1", "-i", address(path)]
    ffmpeg.run(measuring_arguments(opening, "a:0", duration_ms, sound, raw))
    return repair_of(measured(raw, sound), sound)


def _level(context: Context[DownloadParams], source: Path, duration_ms: int, pan: str) -> None:
    """Decode the sound, lay it out in time, encode it, and put it in the place of what is there."""
    stamped, raw, sound, joined = (
        context.scratch / name for name in ("level.nut", "level.wav", "level.mka", "joined.mkv")
    )
    ffmpeg.run(level_arguments(source, pan, stamped))
    with raw.open("wb") as file:
        count = duration_ms * PER_MS
        silence(file, count - fill(stamped, file, count, STEREO).samples, STEREO)
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
        mixed_with=(),
    )
