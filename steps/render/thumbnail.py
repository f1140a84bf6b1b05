"""The thumbnail: the sharpest face among some frames of the clip, with the title if asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.media.ffmpeg import BITEXACT, run
from steps.model.crop import ShotCrop
from steps.model.geometry import Box, Size
from steps.render.encode import STILLS
from steps.render.graph import FONTS_FOLDER, SCALING
from steps.render.plan import Grid

STILL = "clip.jpg"
TITLE_FILE = "title.ass"
CHOSEN_FILE = "still.raw"
QUALITY = "3"
NOSE = 0.6
"""Where the middle of eyes and mouth is, in shares of a face's height."""
SETTLED_S = 1.5
"""When a title that fades in is there."""
FACE_PX = 160
"""Sharpness is judged on a face of about this height, so that near and far ones compare."""


def make_thumbnail(
    folder: Path,
    frames: Sequence[int],
    shots: Sequence[ShotCrop],
    grid: Grid,
    size: Size,
    titles: Sequence[str] = (),
    safe: Box | None = None,
) -> int:
    """Write `STILL` in a folder with the frames in `STILLS`; the frame that was chosen.

    Args:
        folder: holds the fonts too, where a title is drawn.
        frames: the numbers of those in `STILLS`.
        shots: of the clip.
        grid: its frames.
        size: of the clip.
        titles: scripts that draw the title high and low; the one away from the face is taken.
        safe: the box in which they draw it, in pixels.
    """
    pictures = np.memmap(folder / STILLS, np.uint8, "r").reshape(
        -1, size.height_px * 3 // 2, size.width_px
    )
    scores = [
        worth(picture[: size.height_px], faces_at(shots, round(grid.time_ms(frame))))
        for picture, frame in zip(pictures, frames, strict=False)
    ]
    best = max(range(len(scores)), key=scores.__getitem__)
    (folder / CHOSEN_FILE).write_bytes(pictures[best].tobytes())
    draw = ""
    if titles:
        faces = faces_at(shots, round(grid.time_ms(frames[best])))
        middle = safe.centre_y_px if safe else size.height_px / 2
        is_high = bool(faces) and faces[0].y_px + NOSE * faces[0].height_px < middle
        (folder / TITLE_FILE).write_text(titles[-1 if is_high else 0], encoding="utf-8")
        draw = f"setpts={SETTLED_S}/TB,ass=f={TITLE_FILE}:fontsdir={FONTS_FOLDER},"
    run(
        ["-f", "rawvideo", "-pixel_format", "yuv420p",
         "-video_size", f"{size.width_px}x{size.height_px}", "-i", f"file:{CHOSEN_FILE}",
         "-vf", f"setparams=colorspace=bt709:range=tv,{draw}"
         f"scale=in_range=tv:out_range=pc:{SCALING},format=yuvj420p",
         "-frames:v", "1", "-c:v", "mjpeg", "-dct", "int", "-q:v", QUALITY, "-threads", "1",
         *BITEXACT, "-update", "1", "-f", "image2", f"file:{STILL}"],
        cwd=folder,
    )  # fmt: skip
    return frames[best]


def faces_at(shots: Sequence[ShotCrop], now_ms: int) -> list[Box]:
    """The faces that the crop plan knows at a moment; those of the shot's subject first."""
    for shot in shots:
        if shot.contains(now_ms):
            there = [face for face in shot.faces if face.contains(now_ms)]
            order = sorted(there, key=lambda one: (one.track != shot.subject, -one.box.area_px))
            return [face.box for face in order]
    return []


def worth(luma: NDArray[np.uint8], faces: Sequence[Box]) -> float:
    """How good a frame is: the sharpness of its first face, or of all of it.

    Args:
        luma: height x width.
        faces: where they are; may be empty.
    """
    if not faces:
        return sharpness(luma)
    box = faces[0]
    return sharpness(luma[box.y_px : box.bottom_px, box.x_px : box.right_px])


def sharpness(luma: NDArray[np.uint8]) -> float:
    """The variance of the Laplacian, of the picture made about `FACE_PX` high by averaging."""
    shrink = max(1, luma.shape[0] // FACE_PX)
    height, width = (side // shrink * shrink for side in luma.shape)
    if min(height, width) < 3 * shrink:
        return 0.0
    blocks = luma[:height, :width].reshape(height // shrink, shrink, width // shrink, shrink)
    small = blocks.mean(axis=(1, 3))
    inner = small[1:-1, 1:-1]
    around = small[:-2, 1:-1] + small[2:, 1:-1] + small[1:-1, :-2] + small[1:-1, 2:]
    return float(np.var(4 * inner - around))
