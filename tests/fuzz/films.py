"""Small films of many containers and codecs, odd shapes, rates and starts, made by our ffmpeg."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

from tests.media.make import QUIET

SECONDS = 2
_SMALL = ("-s", "160x90", "-r", "15")
_QUICK = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "15")
_AAC = ("-c:a", "aac")

FILMS: dict[str, tuple[str, ...]] = {
    "h264-aac.mp4": (*_SMALL, *_QUICK, *_AAC),
    "h264-aac-fragmented.mp4": (*_SMALL, *_QUICK, *_AAC, "-movflags", "frag_keyframe+empty_moov"),
    "h264-opus.mkv": (*_SMALL, *_QUICK, "-c:a", "libopus"),
    "h264-mp3.flv": (*_SMALL, *_QUICK, "-c:a", "libmp3lame"),
    "h264-aac.ts": (*_SMALL, *_QUICK, *_AAC),
    "h265-ac3.mkv": (*_SMALL, "-c:v", "libx265", "-preset", "ultrafast", "-c:a", "ac3"),
    "av1-opus.webm": (*_SMALL, "-c:v", "libsvtav1", "-preset", "12", "-c:a", "libopus"),
    "av1-aac.mp4": (*_SMALL, "-c:v", "libsvtav1", "-preset", "12", *_AAC),
    "vp8-vorbis.webm": (*_SMALL, "-c:v", "libvpx", "-c:a", "libvorbis"),
    "vp9-opus.webm": (*_SMALL, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-c:a", "libopus"),
    "vvc.mp4": (*_SMALL, "-c:v", "libvvenc", "-preset", "faster", *_AAC),
    "theora-vorbis.ogv": (*_SMALL, "-c:v", "libtheora", "-c:a", "libvorbis"),
    "mpeg4-mp3.avi": (*_SMALL, "-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "msmpeg4-adpcm.avi": (*_SMALL, "-c:v", "msmpeg4", "-c:a", "adpcm_ms"),
    "wmv2-wmav2.wmv": (*_SMALL, "-c:v", "wmv2", "-c:a", "wmav2"),
    "wmv1-wmav1.asf": (*_SMALL, "-c:v", "wmv1", "-c:a", "wmav1"),
    "flv1-swf.flv": (*_SMALL, "-c:v", "flv", "-c:a", "adpcm_swf", "-ar", "22050"),
    "h263-mulaw.mov": ("-s", "352x288", "-c:v", "h263", "-c:a", "pcm_mulaw"),
    "mjpeg-pcm.mov": (*_SMALL, "-c:v", "mjpeg", "-c:a", "pcm_s16le"),
    "prores-pcm.mov": (*_SMALL, "-c:v", "prores_ks", "-c:a", "pcm_s24le"),
    "dnxhd.mov": ("-s", "1280x720", "-r", "25", "-c:v", "dnxhd", "-b:v", "90M", "-pix_fmt",
                  "yuv422p", "-c:a", "pcm_s16le", "-t", "1"),
    "dv.mov": ("-s", "720x576", "-r", "25", "-pix_fmt", "yuv420p", "-c:v", "dvvideo", "-c:a",
               "pcm_s16le"),
    "cineform.mov": (*_SMALL, "-c:v", "cfhd", *_AAC),
    "huffyuv.avi": (*_SMALL, "-c:v", "huffyuv", "-c:a", "pcm_s16le"),
    "ffv1-flac.mkv": (*_SMALL, "-c:v", "ffv1", "-c:a", "flac"),
    "png.mkv": (*_SMALL, "-c:v", "png", "-c:a", "flac"),
    "raw.nut": (*_SMALL, "-c:v", "rawvideo", "-c:a", "pcm_s16le"),
    "mpeg2-mp2.mpg": ("-s", "352x288", "-r", "25", "-c:v", "mpeg2video", "-c:a", "mp2"),
    "picture.gif": (*_SMALL, "-an"),
    "ten-bit.mp4": (*_SMALL, *_QUICK, "-pix_fmt", "yuv420p10le", *_AAC),
    "rgb.mkv": (*_SMALL, "-c:v", "libx264rgb", "-preset", "ultrafast", *_AAC),
    "no-sound.mp4": (*_SMALL, *_QUICK, "-an"),
    "only-sound.mp4": ("-vn", *_AAC),
    "tall.mp4": ("-vf", "scale=16:4096", *_QUICK, "-pix_fmt", "yuv420p", *_AAC),
    "flat.mkv": ("-vf", "scale=4096:16", *_QUICK, "-pix_fmt", "yuv420p", *_AAC),
    "tiny.mp4": ("-vf", "scale=2:2", *_QUICK, "-pix_fmt", "yuv420p", *_AAC),
    "odd.mkv": ("-vf", "scale=161:91", *_QUICK, "-pix_fmt", "yuv444p", *_AAC),
    "aspect-1-235.mp4": ("-vf", "scale=160:90,setsar=1/235", *_QUICK, *_AAC),
    "aspect-235-1.mkv": ("-vf", "scale=160:90,setsar=235/1", *_QUICK, *_AAC),
    "tall-aspect-1-8.mkv": ("-vf", "scale=16:8192,setsar=1/8", *_QUICK, *_AAC),
    "rate-1-10.mp4": ("-vf", "scale=160:90,fps=1/10", *_QUICK, *_AAC),
    "rate-1000.mkv": ("-vf", "scale=160:90,fps=1000", *_QUICK, *_AAC),
    "rate-23976.mp4": ("-vf", "scale=160:90,fps=24000/1001", *_QUICK, *_AAC),
    "rate-varies.mkv": ("-vf", "scale=160:90,setpts='PTS*(1+random(0)/9)'", "-fps_mode", "vfr",
                        *_QUICK, *_AAC),
    "one-frame.mp4": (*_SMALL, *_QUICK, *_AAC, "-frames:v", "1"),
    "picture-late.mkv": ("-vf", "scale=160:90,setpts=PTS+40/TB", *_QUICK, *_AAC),
    "sound-late.mkv": (*_SMALL, "-af", "asetpts=PTS+900/TB", *_QUICK, *_AAC),
    "sound-hours-late.mp4": (*_SMALL, "-af", "asetpts=PTS+36000/TB", *_QUICK, *_AAC),
    "eight-channels.mkv": (*_SMALL, *_QUICK, "-ac", "8", "-c:a", "flac"),
    "rate-8k.mkv": (*_SMALL, *_QUICK, "-ar", "8000", "-c:a", "pcm_s16le"),
    "rate-192k.mkv": (*_SMALL, *_QUICK, "-ar", "192000", "-c:a", "flac"),
}  # fmt: skip


def make(name: str, source: Path, folder: Path) -> Path:
    """Make a film of the table from the first seconds of a source, once for a folder."""
    path = folder / name
    if not path.exists():
        partial = folder / f"partial-{threading.get_ident()}-{name}"
        argv = [*QUIET, "-t", str(SECONDS), "-i", source, *FILMS[name], partial]
        subprocess.run(argv, env={**os.environ, "SVT_LOG": "0"}, check=True)
        partial.rename(path)
    return path
