"""The ffmpeg arguments that make `source.mkv` and `captions.vtt`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from steps.media.ffmpeg import BITEXACT
from steps.media.streams import AudioStream, VideoStream
from steps.model.timing import clock

HALF_MS = "0.0005"
"""Half a millisecond: Matroska rounds times, so what is less than that before 0 is at 0."""


def remux_arguments(
    original: Sequence[str],
    shift_ms: int | None,
    video: VideoStream,
    audio: AudioStream | None,
    into: Path,
) -> list[str]:
    """Copy one picture stream and one sound stream.

    Args:
        original: the arguments that open the input, from `opening.input_arguments`.
        shift_ms: how far to move the streams, beyond ffmpeg's own shift, so that the first picture
            is at 0 and sound before it is dropped; None leaves both to `restart_arguments`.
        video: the stream to keep.
        audio: the sound to keep.
        into: the file to write.
    """
    before = -(audio.padding_ms if audio else 0) / 1000
    return [
        "-fflags", "+genpts+discardcorrupt",
        *(["-itsoffset", _seconds(shift_ms)] if shift_ms else []),
        *original,
        "-map", f"0:{video.index}",
        *(["-map", f"0:{audio.index}"] if audio else []),
        "-c", "copy",
        *(["-bsf:a", _dropping(before)] if audio and shift_ms is not None else []),
        "-map_chapters", "-1",
        *BITEXACT,
        "-f", "matroska",
        f"file:{into}",
    ]  # fmt: skip


def restart_arguments(source: Path, shift_ms: int, *, has_sound: bool, into: Path) -> list[str]:
    """Move a remuxed source so that its first picture is at 0; drop what comes before."""
    return [
        "-copyts",
        "-itsoffset", _seconds(shift_ms),
        "-i", f"file:{source}",
        "-map", "0",
        "-c", "copy",
        "-bsf:v", _dropping(0),
        *(["-bsf:a", _dropping(0)] if has_sound else []),
        *BITEXACT,
        "-f", "matroska",
        f"file:{into}",
    ]  # fmt: skip


def embedded_arguments(
    original: Sequence[str], shift: int, stream_index: int, into: Path
) -> list[str]:
    """Write a text subtitle stream as WebVTT, on the source's clock."""
    return [
        "-itsoffset", _seconds(shift),
        *original,
        "-map", f"0:{stream_index}",
        "-f", "webvtt",
        *BITEXACT,
        f"file:{into}",
    ]  # fmt: skip


def _dropping(before_s: float) -> str:
    return f"noise=drop='lt(pts*tb,{before_s:.3f}-{HALF_MS})'"


def _seconds(time_ms: int) -> str:
    return f"{'-' if time_ms < 0 else ''}{clock(abs(time_ms))}"
