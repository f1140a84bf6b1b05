"""Numbered films whose pictures change their form or stand for long."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from steps.media import ffmpeg
from tests.steps import numbered

RATE = 25
PART_FRAMES = 20
LENGTH_MS = 3 * PART_FRAMES * 1000 // RATE

VPX = ("-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M")
CODECS = {
    "vp8": (".webm", ("-c:v", "libvpx", *VPX)),
    "vp9": (".webm", ("-c:v", "libvpx-vp9", *VPX)),
    "h264": (".ts", (*numbered.X264, "-bsf:v", "h264_mp4toannexb")),
}


def changing(
    path: Path,
    codec: str,
    sizes: Sequence[str] = ("96x64", "192x128", "96x64"),
    formats: Sequence[str] = ("yuv420p",) * 3,
    aspects: Sequence[str] = ("1",) * 3,
    interlaced: Sequence[bool] = (False,) * 3,
) -> Path:
    """Three parts of 20 pictures, 25 a second, numbered 0 to 59, joined without encoding.

    Args:
        path: the file to write.
        codec: a name of `CODECS`.
        sizes: of each part.
        formats: pixel format of each part.
        aspects: of a pixel in each part, width over height.
        interlaced: whether each part is marked as such; H.264 only.
    """
    suffix, options = CODECS[codec]
    parts = []
    for place, (size, pixel_format, aspect) in enumerate(zip(sizes, formats, aspects, strict=True)):
        first = place * PART_FRAMES
        part = path.with_name(f"{path.stem}{place}{suffix}")
        numbered.make(
            part,
            rate=RATE,
            frames=PART_FRAMES,
            sound=None,
            size=size,
            filters=f"trim=start_frame={first},setpts=PTS-STARTPTS,format={pixel_format},setsar={aspect}",
            options=(*options, *(("-x264opts", "tff=1") if interlaced[place] else ())),
        )
        parts.append(part)
    joined, listed = path.with_name(f"{path.stem}-joined{suffix}"), path.with_suffix(".txt")
    listed.write_text("".join(f"file '{part.name}'\n" for part in parts))
    ffmpeg.run(["-f", "concat", "-i", str(listed), "-c", "copy", str(joined)])
    return _with_tone(joined, LENGTH_MS, path)


def standing(path: Path, times_ms: Sequence[int], length_ms: int, tone: str | None = None) -> Path:
    """Picture n first appears at its time and is stored once; the sound goes on to the end."""
    shown = "+".join(f"eq(N,{n})*{time / 1000}" for n, time in enumerate(times_ms))
    silent = numbered.make(
        path.with_name(f"{path.stem}-silent.mkv"),
        rate=Fraction(25),
        frames=len(times_ms),
        sound=None,
        filters=f"settb=1/1000,setpts='({shown})/TB'",
        options=(*numbered.X264, "-fps_mode", "vfr", "-enc_time_base", "1:1000"),
    )
    return _with_tone(silent, length_ms, path, tone)


def _with_tone(silent: Path, length_ms: int, path: Path, tone: str | None = None) -> Path:
    tone = tone or f"sine=frequency=440:sample_rate=48000:duration={length_ms / 1000}"
    ffmpeg.run(
        [
            "-i",
            str(silent),
            "-f",
            "lavfi",
            "-i",
            tone,
            "-c:v",
            "copy",
            "-c:a",
            "libopus" if path.suffix == ".webm" else "aac",
            str(path),
        ]
    )
    return path
