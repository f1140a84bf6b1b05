"""The bounds within which any media file is opened, the same for PyAV and for ffmpeg."""

from __future__ import annotations

from pathlib import Path

from steps.media.sniff import Container

MAX_PIXELS = 8192 * 4320
"""The largest picture, 8K DCI. A file of 198 KB can ask for 8192x8192 and its 100 MB a frame."""

MAX_STREAMS = 32
"""The most streams of one file; film masters have about twenty."""

PROBE_BYTES = 20_000_000
PROBE_MICROSECONDS = 10_000_000


def address(path: Path) -> str:
    """The path as ffmpeg and PyAV take it: no protocol, option or concat list can hide in it."""
    return f"file:{path}"


def open_options(container: Container) -> dict[str, str]:
    """Options for libavformat: this one format, no other protocol, no huge picture."""
    return {
        "format_whitelist": container.demuxer,
        "protocol_whitelist": "file",
        "max_pixels": str(MAX_PIXELS),
        "max_streams": str(MAX_STREAMS + 1),
        "probesize": str(PROBE_BYTES),
        "analyzeduration": str(PROBE_MICROSECONDS),
    }


def input_arguments(path: Path, container: Container) -> list[str]:
    """The same for the ffmpeg command: what goes before and with `-i`."""
    options = [
        part for name, value in open_options(container).items() for part in (f"-{name}", value)
    ]
    return ["-f", container.demuxer, *options, "-i", address(path)]
