"""Turn the original into `source.mkv`, within the limits."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from steps.contract import Context
from steps.contract.errors import BadInput, OverLimit, StepError, UnsupportedMedia
from steps.download import DownloadParams
from steps.download.fetching import Original
from steps.download.remux import (
    Recoding,
    raw_aac_arguments,
    remux_arguments,
)
from steps.download.tracks import JUMPING, chosen_track
from steps.media import ffmpeg
from steps.media.adts import changes_form
from steps.media.edits import hidden
from steps.media.excerpt import check_excerpt, start_at_key_frame
from steps.media.opening import input_arguments
from steps.media.packets import are_in_order
from steps.media.probe import CONVERT, probe
from steps.media.restarts import join_recordings
from steps.media.sniff import MATROSKA
from steps.media.streams import AudioStream, Media, VideoStream
from steps.media.track_boxes import is_joined

LEAST_DURATION_MS = 1000
"""A shorter source cannot hold a clip."""

CUT_SHORT_MS = 1000
"""A source that ends this much before its stated end was cut short."""

FORETOLD = ("mov", "matroska")
"""Containers for which ffmpeg's own shift is known in advance; for others it is measured."""

REORDERING = ("h264", "hevc", "vvc")
"""Codecs of which ffmpeg cannot tell the order of the pictures without a container's help."""

LEAST_AAC_HZ = 22_050
"""A copy of AAC starts after the encoder's padding, and fades in over a packet of 1024 samples: at
a lower rate for more than 50 ms."""

MOST_PADDING_MS = 250
"""Sound may begin before 0 by its encoder's padding: 21 ms of AAC at 48 kHz, and never as much."""

OnShare = Callable[[float], None]


def chosen_streams(
    original: Original, media: Media, context: Context[DownloadParams]
) -> tuple[VideoStream, AudioStream | None]:
    """Choose the picture and the sound to keep, and check that they fit the limits.

    Raises:
        UnsupportedMedia: there is no picture, or a codec that cannot be cut.
        BadInput: it is too short, or has no such sound track as was asked for.
        OverLimit: it is too long, or the disk too small.
    """
    name = original.path.name if original.site == "file" else original.name
    video = media.best_video
    if video is None:
        holds = "sound but no picture" if media.audio else "neither picture nor sound"
        raise UnsupportedMedia(f"{name} has {holds}: clips need a video")
    if not video.is_copied:
        raise UnsupportedMedia(
            f"{name} has {video.codec} video, which cannot be cut as it is: {CONVERT}"
        )
    if media.container is MATROSKA and media.start_ms < -MOST_PADDING_MS:
        raise UnsupportedMedia(
            f"{name} has times from {media.start_ms} ms on, and Matroska cannot state any before 0:"
            " export it again from the program that made it"
        )
    in_mxf = media.container.demuxer == "mxf" and video.codec in REORDERING
    if in_mxf and video.has_reordered and are_in_order(original.path, video.index):
        raise UnsupportedMedia(
            f"{name} does not state when its pictures are shown, which are stored out of order:"
            f" {CONVERT}, with the program that made it"
        )
    limit_s = context.params.max_duration_s
    if media.duration_ms > limit_s * 1000 and media.container.demuxer not in JUMPING:
        raise OverLimit(_too_long(media.duration_ms, limit_s))
    size = original.path.stat().st_size
    free = shutil.disk_usage(context.staging).free
    if size > free:
        raise OverLimit(
            f"the source needs {size >> 20} MiB and the disk has {free >> 20} MiB: free some space"
        )
    audio = chosen_track(context, original.path, media)
    if audio is None:
        context.degrade("no-sound", "the source has no sound: clips are silent and uncaptioned")
    return video, audio


def in_one(
    original: Original,
    media: Media,
    streams: tuple[VideoStream, AudioStream | None],
    scratch: Path,
) -> tuple[Original, Media, tuple[VideoStream, AudioStream | None]]:
    """A transport stream with one clock; of recordings in a row, a copy with their chosen streams.

    Raises:
        UnsupportedMedia: the copy cannot hold a codec.
    """
    joined = scratch / "joined.ts"
    if not join_recordings(original.path, [one.index for one in streams if one], joined):
        return original, media, streams
    video, audio = streams
    found = replace(probe(joined), tags=media.tags)
    video = replace(video, index=0, start_ms=found.video[0].start_ms)
    return replace(original, path=joined), found, (video, audio and replace(audio, index=1))


def recoding_of(
    original: Original,
    media: Media,
    streams: tuple[VideoStream, AudioStream | None],
    scratch: Path,
) -> Recoding:
    """What of the source a copy would spoil."""
    video, audio = streams
    demuxer = media.container.demuxer
    edits = hidden(original.path, video.index, audio.index if audio else None)
    most_ms = None if edits.end_ms is None else edits.end_ms - video.start_ms
    picture = sound = ""
    if edits.is_within:
        picture = "its edit list hides pictures that others lean on"
    elif is_joined(original.path, video.index):
        picture = "it was joined from parts that are coded differently"
    elif demuxer == "avi" and video.codec in REORDERING and video.has_reordered:
        picture = "AVI does not say when pictures are shown that are stored out of order"
    elif demuxer == "matroska" and video.codec == "vvc":
        picture = "a copy of VVC from Matroska would show pictures at other times"
    if audio is None:
        pass
    elif audio.mixed_with:
        sound = "it is mixed from a track for each microphone"
    elif edits.has_sound:
        sound = "an edit list hides parts of it"
    elif is_joined(original.path, audio.index):
        sound = "it was joined from parts that are coded differently"
    elif not audio.is_copied:
        sound = f"a cut cannot hold its codec {audio.codec}"
    elif audio.codec == "aac" and audio.sample_rate_hz < LEAST_AAC_HZ:
        sound = f"a copy of AAC at {audio.sample_rate_hz} Hz would fade in"
    elif demuxer == "mpegts" and audio.codec == "aac":
        raw = scratch / "sound.adts"
        opening = input_arguments(original.path, media.container)
        ffmpeg.run(raw_aac_arguments(opening, audio, raw))
        sound = "its layout or rate changes on the way" if changes_form(raw) else ""
        raw.unlink()
    return Recoding(
        picture=picture,
        sound=sound,
        kept_pictures=edits.kept_pictures,
        most_ms=most_ms,
        parts=edits.parts,
    )


def remux(
    context: Context[DownloadParams],
    original: Original,
    media: Media,
    streams: tuple[VideoStream, AudioStream | None],
    recoding: Recoding,
    into: Path,
    on_share: OnShare,
) -> int:
    """Bring the chosen streams to Matroska with the first picture at 0; return the shift in ms.

    Raises:
        UnsupportedMedia: a stream cannot be copied or cut as it is.
    """
    video, audio = streams
    opening = input_arguments(original.path, media.container)
    foretold = media.container.demuxer in FORETOLD and not recoding.picture
    shift = media.start_ms - video.start_ms if foretold else None
    if recoding.picture:
        context.degrade(
            "picture-encoded",
            "the pictures of the source were encoded again, nearly without loss: "
            + recoding.picture,
        )
    try:
        ffmpeg.run(
            remux_arguments(opening, shift, video, audio, into, recoding),
            on_time_ms=lambda time_ms: on_share(time_ms / max(1, media.duration_ms)),
        )
    except UnsupportedMedia as error:
        raise _not_kept(video, audio, error) from error
    first_ms = _start_of(into)
    try:
        late_ms = start_at_key_frame(into, context.scratch / "moved.mkv")
        starts_ms = _start_of(into) if late_ms else first_ms
        if starts_ms:
            raise UnsupportedMedia("its first key frame cannot be decoded")
        if first_ms < late_ms:
            context.degrade(
                "pictures-before-key-frame",
                f"the pictures before the first key frame, {late_ms - first_ms} ms, were left out"
                " with their sound",
            )
        check_excerpt(into, context.scratch / "trial.mkv")
    except UnsupportedMedia as error:
        raise _not_kept(video, audio, error) from error
    own_shift = media.start_ms if recoding.parts else shift or 0
    return own_shift - late_ms


def _not_kept(
    video: VideoStream, audio: AudioStream | None, error: UnsupportedMedia
) -> UnsupportedMedia:
    what = f"{video.codec} video{f' with {audio.codec} sound' if audio else ''}"
    why = str(error).removesuffix(f": {CONVERT}")
    return UnsupportedMedia(f"{what} cannot be copied or cut ({why}): {CONVERT}")


def check_length(
    media: Media,
    video: VideoStream,
    recoding: Recoding,
    end_ms: int,
    context: Context[DownloadParams],
) -> None:
    """Check the measured length.

    Raises:
        BadInput: it is too short.
        OverLimit: it is too long.
    """
    limit_s = context.params.max_duration_s
    if end_ms < LEAST_DURATION_MS:
        raise BadInput(f"the source lasts {end_ms} ms: give one of at least {LEAST_DURATION_MS} ms")
    if end_ms > limit_s * 1000 + 999:
        raise OverLimit(_too_long(end_ms, limit_s))
    if recoding.parts and media.start_ms < 0:
        return  # ffmpeg states the length of fragments without their edit list
    before_ms = max(0, video.start_ms - media.start_ms)
    if before_ms > CUT_SHORT_MS:
        context.degrade(
            "sound-before-picture",
            f"the sound before the first picture, {before_ms} ms, was left out",
        )
    stated_ms = media.duration_ms - before_ms
    if end_ms < stated_ms - max(CUT_SHORT_MS, media.duration_ms // 50):
        context.degrade(
            "source-cut-short", f"the source states {stated_ms} ms but ends at {end_ms} ms"
        )


def _start_of(source: Path) -> int:
    video = probe(source).best_video
    if video is None:
        raise StepError("the remuxed source has no picture: a bug in download")
    return video.start_ms


def _too_long(duration_ms: int, limit_s: int) -> str:
    return (
        f"the source lasts {duration_ms // 1000} s, and the limit is {limit_s} s: "
        "raise --max-duration-s"
    )
