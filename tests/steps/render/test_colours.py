"""HDR pictures as SDR: white is white, and the middle keeps its place."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from steps.media import ffmpeg
from steps.media.appearance import read_appearance
from steps.render.colours import prepare


def delivered(path: Path, level: int, transfer: str, matrix: str) -> int:
    """The brightness, of 235, that a ten-bit grey of this level becomes."""
    source = f"nullsrc=s=64x64:r=5:d=0.4,format=yuv420p10le,geq=lum={level}:cb=512:cr=512"
    primaries = "bt2020" if matrix == "bt2020nc" else "bt709"
    tags = f"colorprim={primaries}:transfer={transfer}:colormatrix={matrix}:range=limited"
    coding = ["-c:v", "libx265", "-x265-params", f"log-level=error:{tags}"]
    ffmpeg.run(["-f", "lavfi", "-i", source, *coding, str(path)])
    chain = f"{prepare(read_appearance(path))}format=yuv420p"
    shown = ["-i", str(path), "-vf", chain, "-frames:v", "1", "-f", "rawvideo", "-"]
    done = subprocess.run(ffmpeg.command(shown), capture_output=True, check=True)
    return int(np.frombuffer(done.stdout, np.uint8)[: 64 * 64].mean())


@pytest.mark.parametrize(
    ("level", "transfer", "matrix", "shown"),
    [
        (572, "smpte2084", "bt2020nc", 235),  # 203 nits, the reference white of BT.2408
        (721, "arib-std-b67", "bt2020nc", 235),  # 75 %, the same in HLG
        (940, "bt709", "bt709", 235),  # the harmless twin
        (449, "smpte2084", "bt2020nc", 138),  # 50 nits, which no curve may touch
        (502, "bt709", "bt709", 126),
    ],
)
def test_reference_white(
    level: int, transfer: str, matrix: str, shown: int, tmp_path: Path
) -> None:
    assert delivered(tmp_path / "grey.mkv", level, transfer, matrix) == pytest.approx(shown, abs=6)
