"""Painted pictures by name, and slides with the box of every line. BGRA, premultiplied, uint8."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from tests.media.scene import Slide
from tests.media.truth import Box, ShownText

FONTS = Path(__file__).parent / "fonts"
SLIDE_SIZE = (1280, 720)
Image = NDArray[np.uint8]
Paint = NDArray[np.float32]


def _bgr(colour: str) -> tuple[int, int, int]:
    return int(colour[4:6], 16), int(colour[2:4], 16), int(colour[0:2], 16)


def _gradient(width: int, height: int, top: str, bottom: str) -> Paint:
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    line = np.array(_bgr(top)) * (1 - share) + np.array(_bgr(bottom)) * share
    return np.repeat(line, width, axis=1).astype(np.float32)


def _glow(
    paint: Paint, x: float, y: float, reach: tuple[float, float], light: str, gain: float
) -> None:
    """Add an elliptic light."""
    ys, xs = np.mgrid[0 : paint.shape[0], 0 : paint.shape[1]].astype(np.float32)
    shape = np.exp(-(((xs - x) / reach[0]) ** 2) - ((ys - y) / reach[1]) ** 2)
    paint += gain * shape[..., None] * np.array(_bgr(light), np.float32)


def _solid(paint: Paint, *, dither_seed: int = 1) -> Image:
    """Round with a fixed dither, so that dark gradients show no bands, and make it opaque."""
    noise = np.random.default_rng(dither_seed).uniform(-1.2, 1.2, paint.shape[:2])
    full = np.clip(np.rint(paint + noise[..., None]), 0, 255)
    return np.dstack([full, np.full(paint.shape[:2], 255)]).astype(np.uint8)


def _stage() -> Image:
    """1600x900: a dark stage with a floor and a warm light at the right, for world -160,-90."""
    paint = _gradient(1600, 900, "0C1222", "141C30")
    paint[700:] = _gradient(1600, 200, "1B2338", "0A0E18")
    for x in range(60, 1600, 120):  # panels of the back wall
        paint[:700, x : x + 2] *= 0.72
    _glow(paint, 1140, 470, (330, 460), "4A6FA8", 0.34)
    _glow(paint, 1140, 780, (300, 60), "C8B48C", 0.35)
    _glow(paint, 480, 330, (560, 330), "2C4E86", 0.26)
    cv2.rectangle(paint, (270, 170), (950, 561), (14, 10, 8), -1)
    return _solid(paint)


def _audience() -> Image:
    """1600x260: heads in the dark, seen from behind, for the lower edge of the wide shot."""
    mask = np.zeros((260, 1600), np.uint8)
    dice = np.random.default_rng(7)
    for row, (top, radius) in enumerate(((88, 30), (138, 42))):
        for x in range(-20 + 40 * row, 1640, int(radius * 2.9)):
            at = (x + int(dice.integers(-9, 9)), top + int(dice.integers(-10, 10)))
            cv2.ellipse(mask, at, (radius, int(radius * 1.25)), 0, 0, 360, 255, -1, cv2.LINE_AA)
            body = (at[0], at[1] + int(radius * 2.4))
            cv2.ellipse(mask, body, (int(radius * 1.75), int(radius * 1.5)), 0, 0, 360, 255, -1)
    mask[118:] = 255
    soft = cv2.GaussianBlur(mask, (0, 0), 2.0)
    shade = _gradient(1600, 260, "0B0F1A", "04060B") * (soft[..., None] / 255)
    return np.dstack([shade, soft]).astype(np.uint8)


def _studio() -> Image:
    """1600x900: a room for an interview, with soft lamps."""
    paint = _gradient(1600, 900, "2A2422", "15110F")
    for x, y, reach, light, gain in (
        (260, 210, 120, "FFC477", 0.55),
        (800, 150, 90, "FFD9A0", 0.5),
        (1330, 230, 130, "7FB2FF", 0.45),
        (520, 420, 420, "6B4A38", 0.35),
        (1130, 420, 420, "384A6B", 0.4),
    ):
        _glow(paint, x, y, (reach, reach), light, gain)
    for x in range(100, 1600, 200):
        paint[:, x : x + 3] *= 0.8
    return _solid(np.asarray(cv2.GaussianBlur(paint, (0, 0), 5), np.float32))


def _desk() -> Image:
    """1600x260: the table before the two of the interview."""
    paint = _gradient(1600, 260, "5A4334", "2A1E17")
    paint[:5] = _bgr("8A6A50")
    return _solid(paint)


def _row() -> Image:
    """250x30: a highlight over a file in the list."""
    return np.full((30, 250, 4), (96, 55, 30, 100), np.uint8)


def _pointer() -> Image:
    """24x32: a mouse pointer."""
    picture = np.zeros((32, 24, 4), np.uint8)
    shape = np.array([(1, 1), (1, 25), (7, 19), (11, 29), (15, 27), (11, 18), (19, 18)])
    cv2.fillPoly(picture, [shape], (255, 255, 255, 255), cv2.LINE_AA)
    cv2.polylines(picture, [shape], True, (20, 20, 20, 255), 2, cv2.LINE_AA)
    return picture


def _wall() -> Image:
    """1600x900: a plain wall with a texture, so that a camera's move can be seen and measured."""
    paint = _gradient(1600, 900, "33414F", "232B36")
    dice = np.random.default_rng(3)
    noise = cv2.GaussianBlur(dice.normal(0, 1, (900, 1600)).astype(np.float32), (0, 0), 6)
    paint += 90 * noise[..., None]
    _glow(paint, 800, 380, (600, 420), "506070", 0.5)
    return _solid(paint)


def _game() -> Image:
    """3200x900: a level of a game, all corners and colours, to be run through."""
    paint = _gradient(3200, 900, "7EC8F2", "D8F0FF")
    dice = np.random.default_rng(11)
    for _ in range(260):
        left, top = int(dice.integers(0, 3150)), int(dice.integers(60, 880))
        right, bottom = left + int(dice.integers(24, 150)), top + int(dice.integers(20, 110))
        colour = tuple(int(value) for value in dice.integers(20, 235, 3))
        cv2.rectangle(paint, (left, top), (right, bottom), colour, -1)
    return _solid(paint)


PICTURES: dict[str, Callable[[], Image]] = {
    "stage": _stage,
    "audience": _audience,
    "studio": _studio,
    "desk": _desk,
    "row": _row,
    "pointer": _pointer,
    "wall": _wall,
    "game": _game,
}


@cache
def picture(source: str | Slide, blur: float = 0.0) -> Image:
    """Return a painted picture or a slide, softened by `blur` (sigma in its px)."""
    flat = _slide(source)[0] if isinstance(source, Slide) else PICTURES[source]()
    return cv2.GaussianBlur(flat, (0, 0), blur).astype(np.uint8) if blur else flat


def slide_texts(slide: Slide) -> tuple[ShownText, ...]:
    """Return the lines of a slide with the box of their ink, in 1280x720."""
    return _slide(slide)[1]


@cache
def _slide(slide: Slide) -> tuple[Image, tuple[ShownText, ...]]:
    width, height = SLIDE_SIZE
    paint = _gradient(width, height, slide.top, slide.bottom)
    for bar in slide.bars:
        corner = (bar.x + bar.width - 1, bar.y + bar.height - 1)
        cv2.rectangle(paint, (bar.x, bar.y), corner, _bgr(bar.colour), -1)
    shown = []
    for line, ink in zip(slide.texts, _letters(slide), strict=True):
        share = ink[..., None].astype(np.float32) / 255
        paint += (np.array(_bgr(line.colour), np.float32) - paint) * share
        x, y, w, h = cv2.boundingRect((ink > 127).astype(np.uint8))
        box: Box = (x, y, w, h)
        shown.append(ShownText(text=line.text, box=box))
    return _solid(paint), tuple(shown)


def _letters(slide: Slide) -> list[Image]:
    """Draw each line white on black, one frame a line, by libass and the committed font."""
    style = "Style: S,Slide Sans,{0},&H00FFFFFF,&H0,&H0,&H0,0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,1"
    lines = ["[Script Info]", "PlayResX: 1280", "PlayResY: 720", "WrapStyle: 2", "[V4+ Styles]"]
    lines += [style.format(40), "[Events]"]
    for n, text in enumerate(slide.texts):
        font = "Slide Sans Black" if text.bold else "Slide Sans"
        tags = rf"{{\fn{font}\fs{text.size}\pos({text.x},{text.y})}}"
        span = f"0:{n // 60:02}:{n % 60:02}.00,0:{(n + 1) // 60:02}:{(n + 1) % 60:02}.00"
        lines.append(f"Dialogue: 0,{span},S,,0,0,0,,{tags}{text.text}")
    width, height = SLIDE_SIZE
    count = len(slide.texts)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FONTS, Path(folder, "fonts"))
        Path(folder, "slide.ass").write_text("\n".join(lines) + "\n", encoding="utf-8")
        source = f"color=black:s={width}x{height}:r=1:d={count},format=rgb24"
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", source]
        command += ["-vf", "ass=slide.ass:fontsdir=fonts,format=gray", "-f", "rawvideo", "pipe:1"]
        raw = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout
    return list(np.frombuffer(raw, np.uint8).reshape(count, height, width))
