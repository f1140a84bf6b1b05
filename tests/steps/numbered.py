"""Tiny videos whose every picture shows its own number, so that exactness can be proved."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from steps.media import ffmpeg

BASE = 9
STEP = 24
"""Grey levels apart: far more than a codec's error."""

COUNTER = (
    f"geq=lum='20+{STEP}*if(lt(X,W/2),mod(N,{BASE}),mod(floor(N/{BASE}),{BASE}))':cb=128:cr=128"
)
"""Left half: the last digit of the number to base 9; right half: the digit before."""

X264 = (
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-crf",
    "10",
    "-bf",
    "3",
    "-g",
    "24",
    "-sc_threshold",
    "0",
)


def make(
    path: Path,
    *,
    rate: Fraction | int = 25,
    frames: int = 80,
    sound: str | None = "sine=frequency=440:sample_rate=44100",
    filters: str = "",
    options: Sequence[str] = (*X264, "-c:a", "aac"),
    size: str = "96x64",
) -> Path:
    """A video of at most 81 numbered pictures, with a tone; the same one is encoded once."""
    made = _encoded(path.suffix, Fraction(rate), frames, sound or "", filters, tuple(options), size)
    path.write_bytes(made)
    return path


@lru_cache(maxsize=32)
def _encoded(
    suffix: str,
    rate: Fraction,
    frames: int,
    sound: str,
    filters: str,
    options: tuple[str, ...],
    size: str,
) -> bytes:
    seconds = float(frames / rate)
    source = f"nullsrc=size={size}:rate={rate},{COUNTER}" + (f",{filters}" if filters else "")
    inputs = ["-f", "lavfi", "-i", source]
    if sound:
        inputs += ["-f", "lavfi", "-t", f"{seconds:.6f}", "-i", sound]
    with TemporaryDirectory() as folder:
        path = Path(folder, f"numbered{suffix}")
        ffmpeg.run([*inputs, "-frames:v", str(frames), *options, str(path)])
        return path.read_bytes()


def number(pixels: NDArray[np.uint8]) -> int:
    """The number that a picture shows; grey or BGR, of any size."""
    width = pixels.shape[1]
    levels = (
        pixels[:, width // 8 : 3 * width // 8].mean(),
        pixels[:, 5 * width // 8 : 7 * width // 8].mean(),
    )
    # 20 + 24 n of limited range, as full-range grey
    low, high = (round(((level * 219 / 255 + 16) - 20) / STEP) for level in levels)
    return high * BASE + low
