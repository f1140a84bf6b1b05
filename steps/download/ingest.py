"""Turn the original into `source.mkv`, within the limits."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from steps.contract import Context
from steps.contract.errors import BadInput, OverLimit, StepError, UnsupportedMedia
from steps.download import DownloadParams
from steps.download.fetching import Original
from steps.download.remux import remux_arguments, restart_arguments
from steps.media import ffmpeg
from steps.media.excerpt import check_excerpt
from steps.media.opening import input_arguments
from steps.media.probe import CONVERT, probe
from steps.media.streams import AudioStream, Media, VideoStream

LEAST_DURATION_MS = 1000
"""A shorter source cannot hold a clip."""

CUT_SHORT_MS = 1000
"""A source that ends this much before its stated end was cut short."""

FORETOLD = ("mov", "matroska")
"""Containers for which ffmpeg's own shift is known in advance; for others it is measured."""

OnShare = Callable[[float], None]


def chosen_streams(
    original: Original, media: Media, context: Context[DownloadParams]
) -> tuple[VideoStream, AudioStream | None]:
    """Choose the picture and the sound to keep, and check that they fit the limits.

    Raises:
        UnsupportedMedia: there is no picture, or a codec that cannot be cut.
        BadInput: it is too short.
        OverLimit: it is too long, or the disk too small.
    """
    name = original.path.name if original.site == "file" else original.name
    video = media.best_video
    if video is None:
        holds = "sound but no picture" if media.audio else "neither picture nor sound"
        raise UnsupportedMedia(f"{name} has {holds}: clips need a video")
    streams = (("video", video), ("sound", media.best_audio))
    encoded = [f"{one.codec} {kind}" for kind, one in streams if one and not one.is_copied]
    if encoded:
        what = " and ".join(encoded)
        raise UnsupportedMedia(f"{name} has {what}, which cannot be cut as it is: {CONVERT}")
    limit_s = context.params.max_duration_s
    if media.duration_ms > limit_s * 1000:
        raise OverLimit(_too_long(media.duration_ms, limit_s))
    size = original.path.stat().st_size
    free = shutil.disk_usage(context.staging).free
    if size > free:
        raise OverLimit(
            f"the source needs {size >> 20} MiB and the disk has {free >> 20} MiB: free some space"
        )
    if media.best_audio is None:
        context.degrade("no-sound", "the source has no sound: clips are silent and uncaptioned")
    return video, media.best_audio


def remux(
    context: Context[DownloadParams],
    original: Original,
    media: Media,
    streams: tuple[VideoStream, AudioStream | None],
    into: Path,
    on_share: OnShare,
) -> int:
    """Copy the chosen streams to Matroska with the first picture at 0; return the shift in ms.

    Raises:
        UnsupportedMedia: a stream cannot be copied or cut as it is.
    """
    video, audio = streams
    foretold = media.container.demuxer in FORETOLD
    shift = media.start_ms - video.start_ms if foretold else None
    try:
        ffmpeg.run(
            remux_arguments(
                input_arguments(original.path, media.container), shift, video, audio, into
            ),
            on_time_ms=lambda time_ms: on_share(time_ms / max(1, media.duration_ms)),
        )
    except UnsupportedMedia as error:
        raise _not_kept(video, audio, error) from error
    late_ms = _start_of(into)
    if late_ms:
        moved = context.scratch / "moved.mkv"
        ffmpeg.run(restart_arguments(into, -late_ms, has_sound=audio is not None, into=moved))
        moved.replace(into)
        if _start_of(into):
            raise StepError("the remuxed source does not start at 0: a bug in download")
    try:
        check_excerpt(into, context.scratch / "trial.mkv")
    except UnsupportedMedia as error:
        raise _not_kept(video, audio, error) from error
    return (shift or 0) - late_ms


def _not_kept(
    video: VideoStream, audio: AudioStream | None, error: UnsupportedMedia
) -> UnsupportedMedia:
    what = f"{video.codec} video{f' with {audio.codec} sound' if audio else ''}"
    return UnsupportedMedia(f"{what} cannot be copied or cut ({error}): {CONVERT}")


def check_length(
    original: Original, media: Media, end_ms: int, context: Context[DownloadParams]
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
    if end_ms < media.duration_ms - max(CUT_SHORT_MS, media.duration_ms // 50):
        context.degrade(
            "source-cut-short",
            f"the source states {media.duration_ms} ms but ends at {end_ms} ms",
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
