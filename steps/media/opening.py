"""Open a media file within bounds, the same for PyAV and for ffmpeg."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import CodecContext
from av.container import InputContainer
from av.error import ExitError, FFmpegError
from av.stream import Stream

from steps.contract.errors import OverLimit, UnsupportedMedia, host_fault
from steps.media.sniff import Container, container_of

MAX_PIXELS = 8192 * 4320
"""The largest picture, 8K DCI. A file of 198 KB can ask for 8192x8192 and its 100 MB a frame."""

MAX_STREAMS = 32
"""The most streams of one file; film masters have about twenty."""

PROBE_SECONDS = 12
"""The longest wait for a file to open, for its first picture, and for each packet after that."""

PROBE_BYTES = 20_000_000
PROBE_MICROSECONDS = 10_000_000


def address(path: Path) -> str:
    """The path as ffmpeg and PyAV take it: no protocol, option or concat list can hide in it."""
    return f"file:{path}"


def open_options(container: Container) -> dict[str, str]:
    """Options for libavformat: one format, no protocol but files, no huge picture."""
    return {
        "format_whitelist": container.demuxer,
        "protocol_whitelist": "file",
        "max_pixels": str(MAX_PIXELS),
        "max_streams": str(MAX_STREAMS + 1),
        "probesize": str(PROBE_BYTES),
        "analyzeduration": str(PROBE_MICROSECONDS),
    }


def input_arguments(path: Path, container: Container) -> list[str]:
    """The same bounds for the ffmpeg command: the options before `-i`, and `-i`."""
    options = [
        part for name, value in open_options(container).items() for part in (f"-{name}", value)
    ]
    return ["-f", container.demuxer, *options, "-i", address(path)]


@contextmanager
def opened(path: Path, **more: str) -> Iterator[tuple[InputContainer, Container]]:
    """Open a file within the limits, to demux or decode it, with more options of the demuxer.

    Raises:
        BadInput: it is empty.
        UnsupportedMedia: it is not a video file, or it is broken.
        OverLimit: it has too many streams or too large a picture, or takes too long to read.
        HostFault: a copy of it finds no space, or no permission.
    """
    kind = container_of(path)
    try:
        with av.open(
            address(path),
            format=kind.demuxer,
            options=open_options(kind) | more,
            metadata_errors="replace",
            timeout=PROBE_SECONDS,
        ) as container:
            _check_limits(path, container)
            yield container, kind
    except ExitError as error:
        raise too_slow(path) from error
    except FFmpegError as error:
        if (fault := host_fault(error)) and not isinstance(error, MemoryError):
            raise fault from error  # libav also reports absurd sizes as a lack of memory
        raise UnsupportedMedia(
            f"{path.name} cannot be read as {kind.name} ({error.strerror}): "
            "it is damaged or incomplete; export or download it again"
        ) from error


def _check_limits(path: Path, container: InputContainer) -> None:
    if len(container.streams) > MAX_STREAMS:
        raise OverLimit(f"{path.name} has over {MAX_STREAMS} streams: keep the video and its sound")
    for stream in container.streams.video:
        if has_codec(stream):
            width, height = stream.codec_context.width, stream.codec_context.height
            if width * height > MAX_PIXELS:
                raise OverLimit(too_large(path, width, height))
            # A later picture may be larger than the stated size: the decoder refuses it.
            stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}


def too_large(path: Path, width: int, height: int) -> str:
    """The message about pictures that are too large."""
    return (
        f"{path.name} has pictures of {width}x{height}: the largest size is 8192x4320; "
        "scale it down first"
    )


def too_slow(path: Path) -> OverLimit:
    """The error about a file that keeps its reader waiting."""
    return OverLimit(
        f"{path.name} takes over {PROBE_SECONDS} s to open: the file is damaged or the disk is "
        "slow; copy the file to a local disk, or export it again"
    )


def has_codec(stream: Stream) -> bool:
    """Whether a stream can be decoded; a sound stream may state no channels or no rate."""
    context: CodecContext | None = stream.codec_context
    if context is None:
        return False
    return not isinstance(context, AudioCodecContext) or (
        context.channels > 0 and context.sample_rate > 0
    )
