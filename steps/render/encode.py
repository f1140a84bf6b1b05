"""The one ffmpeg run that makes a clip: decode, graph, x264, picture and sound into MP4."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from steps.media.cuts import seek_arguments
from steps.media.ffmpeg import BITEXACT, run
from steps.render.plan import Grid
from steps.render.sound import ENCODED

VIDEO = "clip.mp4"
STILL = "clip.jpg"
B_FRAMES = 2

CONTAINER = ("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0")
"""The index first; no edit list (YouTube's guide), so B frames are ordered by negative offsets."""

STILL_QUALITY = "3"


def key_gap(grid: Grid) -> int:
    """Frames from one key frame to the next: half a second."""
    return max(1, round(grid.rate / 2))


def arguments(cut: Path, grid: Grid, graph: str, *, crf: int, preset: str) -> list[str]:
    """The whole command, to be run in the folder that holds the graph's files and the sound.

    x264 closes every group of pictures by itself; CABAC and the 8x8 transform make it High profile
    at any preset; one thread and no rate control buffer make it repeat byte for byte, and
    `cpu-independent` and the integer DCT make it the same bytes on every CPU.
    """
    gap = str(key_gap(grid))
    picture = [
        "-map", "[video]", "-map", "1:a:0", "-c:a", "copy",
        "-c:v", "libx264", "-preset", preset, "-crf", str(crf), "-profile:v", "high",
        "-pix_fmt", "yuv420p", "-threads", "1", "-bf", str(B_FRAMES),
        "-g", gap, "-keyint_min", gap, "-sc_threshold", "0", "-coder", "ac", "-8x8dct", "1",
        "-x264-params", "cpu-independent=1",
        "-video_track_timescale", str(timescale(grid)),
    ]  # fmt: skip
    still = [
        "-map", "[still]", "-frames:v", "1", "-c:v", "mjpeg", "-dct", "int", "-q:v", STILL_QUALITY,
    ]  # fmt: skip
    return [
        "-threads", "1", "-filter_complex_threads", "1",
        *seek_arguments(cut.resolve(), grid.seek_ms),
        "-i", f"file:{ENCODED}",
        "-filter_complex", graph,
        *picture, *BITEXACT, "-map_chapters", "-1", *CONTAINER, f"file:{VIDEO}",
        *still, "-threads", "1", *BITEXACT, "-update", "1", "-f", "image2", f"file:{STILL}",
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
    crf: int,
    preset: str,
    on_time_ms: Callable[[int], None] | None = None,
) -> None:
    """Run it; raises as `steps.media.ffmpeg.run` does."""
    run(arguments(cut, grid, graph, crf=crf, preset=preset), cwd=folder, on_time_ms=on_time_ms)
