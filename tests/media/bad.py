"""Inputs that a program must refuse: broken, empty, disguised or too large."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.media.make import QUIET

SECRET = "secret.ts"
"""A film next to the lists: a program that follows them shows it."""
HLS = f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4.0,\n{SECRET}\n#EXT-X-ENDLIST\n"
FFCONCAT = f"ffconcat version 1.0\nfile {SECRET}\n"
BOMB_SIDE_PX = 8192


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([*QUIET, *arguments], check=True)


def empty(path: Path) -> None:
    """Write a file of no bytes."""
    path.write_bytes(b"")


def text(path: Path) -> None:
    """Write prose."""
    path.write_text("This is not a film.\n" * 200, encoding="utf-8")


def noise(path: Path) -> None:
    """Write bytes without any structure, the same ones each time."""
    path.write_bytes(bytes((n * n * 2_654_435_761 >> 13) & 255 for n in range(65_536)))


def hls(path: Path) -> None:
    """Write a playlist that makes ffmpeg before 7.1.1 (or with `-f hls`) read another file."""
    _film(path.with_name(SECRET), index_first=False)
    path.write_text(HLS, encoding="utf-8")


def ffconcat(path: Path) -> None:
    """Write a list that makes ffmpeg read another local file."""
    _film(path.with_name(SECRET), index_first=False)
    path.write_text(FFCONCAT, encoding="utf-8")


def bomb(path: Path) -> None:
    """Write a small H.264 film of enormous frames."""
    side = f"{BOMB_SIDE_PX}x{BOMB_SIDE_PX}"
    _ffmpeg("-f", "lavfi", "-i", f"color=gray:s={side}:r=1:d=2", *_x264(), str(path))


def no_frames(path: Path) -> None:
    """Write a film whose video stream has no frame: it lasts 0 s."""
    _ffmpeg("-f", "lavfi", "-i", "color=gray:s=320x180:r=30:d=1", *_x264(), "-t", "0", str(path))


def one_frame(path: Path) -> None:
    """Write a film of a single frame, 33 ms."""
    source = "color=gray:s=320x180:r=30:d=1"
    _ffmpeg("-f", "lavfi", "-i", source, *_x264(), "-frames:v", "1", str(path))


def still_picture(path: Path) -> None:
    """Write a PNG under a film's name."""
    _ffmpeg(
        "-f", "lavfi", "-i", "testsrc=s=320x180:r=1:d=1", "-frames:v", "1", "-f", "apng", str(path)
    )


def _film(path: Path, *, index_first: bool) -> None:
    video = "testsrc2=s=320x180:r=30:d=4"
    sound = "sine=frequency=300:duration=4"
    place = ["-movflags", "+faststart"] if index_first else []
    _ffmpeg("-f", "lavfi", "-i", video, "-f", "lavfi", "-i", sound, *_x264(), *place, str(path))


def _x264() -> list[str]:
    return ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]


def no_index(path: Path) -> None:
    """Write a film that was cut off before its index (moov), the last part."""
    _film(path, index_first=False)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def truncated(path: Path) -> None:
    """Write a film with a whole index whose last half of data is missing."""
    _film(path, index_first=True)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


BAD: dict[str, Callable[[Path], None]] = {
    maker.__name__: maker
    for maker in (
        empty,
        text,
        noise,
        hls,
        ffconcat,
        bomb,
        no_frames,
        one_frame,
        still_picture,
        no_index,
        truncated,
    )
}


def bad(name: str, folder: Path) -> Path:
    """Write `folder/NAME.mp4` of that kind and return it."""
    path = folder / f"{name}.mp4"
    BAD[name](path)
    return path


def repeated(film: Path, times: int, target: Path) -> Path:
    """Write a long film by repeating a short one without encoding: for memory and limits."""
    loop = ["-stream_loop", str(times - 1), "-i", str(film)]
    _ffmpeg(*loop, "-map", "0", "-c", "copy", "-fflags", "+bitexact", str(target))
    return target
