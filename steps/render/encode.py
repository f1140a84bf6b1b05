"""The one ffmpeg run that makes a clip: decode, graph, encode, picture and sound into MP4."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from steps.media.cuts import seek_arguments
from steps.media.ffmpeg import BITEXACT, run
from steps.render.encoders import Encoder
from steps.render.plan import Grid
from steps.render.sound import ENCODED

VIDEO = "clip.mp4"
STILLS = "stills.raw"

CONTAINER = ("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0")
"""The index first; no edit list (YouTube's guide), so B frames are ordered by negative offsets."""


def key_gap(grid: Grid) -> int:
    """Frames from one key frame to the next: half a second."""
    return max(1, round(grid.rate / 2))


def arguments(cut: Path, grid: Grid, graph: str, *, encoder: Encoder, quality: int) -> list[str]:
    """The whole command, to be run in the folder that holds the graph's files and the sound."""
    picture = [
        "-map", "[up]" if encoder.upload else "[video]", "-map", "1:a:0", "-c:a", "copy",
        *encoder.options(quality, key_gap(grid)),
        "-video_track_timescale", str(timescale(grid)),
    ]  # fmt: skip
    stills = ["-map", "[stills]", "-fps_mode", "passthrough", "-pix_fmt", "yuv420p"]
    return [
        *encoder.device, "-threads", "1", "-filter_complex_threads", "1",
        *seek_arguments(cut.resolve(), grid.seek_ms),
        "-i", f"file:{ENCODED}",
        "-filter_complex", graph if not encoder.upload else f"{graph};[video]{encoder.upload}[up]",
        *picture, *BITEXACT, "-map_chapters", "-1", *CONTAINER, f"file:{VIDEO}",
        *stills, "-f", "rawvideo", f"file:{STILLS}",
    ]  # fmt: skip


def timescale(grid: Grid) -> int:
    """Ticks per second of the video track, so that every frame has a whole number of them."""
    scale = grid.rate.numerator
    while scale < 10_000:
        scale *= 2
    return scale


def encode(
    cut: Path,
    grid: Grid,
    graph: str,
    folder: Path,
    *,
    encoder: Encoder,
    quality: int,
    on_time_ms: Callable[[int], None] | None = None,
) -> None:
    """Run it; raises as `steps.media.ffmpeg.run` does."""
    run(
        arguments(cut, grid, graph, encoder=encoder, quality=quality),
        cwd=folder,
        on_time_ms=on_time_ms,
    )
