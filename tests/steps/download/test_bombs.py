"""Small files that ask for much memory: no process of a step may take over 2 GB."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from steps.contract.errors import OverLimit
from steps.media import ffmpeg
from tests.steps import numbered

MOST_BYTES = 2_000_000_000
LATE_S = 1000
LATE_BYTES = 300_000_000
"""Silence up to a sound that starts `LATE_S` late took 500 MB where it was held in memory."""
STEPS = """
import json, sys
from steps.__main__ import main
from steps.contract.records import peak_memory_bytes
codes = [main(argv) for argv in json.loads(sys.argv[1])]
print(json.dumps([codes, peak_memory_bytes()]))
"""


def run_steps(argvs: list[list[str]], most_bytes: int) -> list[int]:
    """The exit codes of steps in a process of their own, which stays below the bound."""
    done = subprocess.run(
        [sys.executable, "-c", STEPS, json.dumps(argvs)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    codes, peak = json.loads(done.stdout.splitlines()[-1])
    assert peak < most_bytes
    return list(codes)


def shaped(folder: Path, size: str, aspect: str, frames: int = 30) -> Path:
    return numbered.make(
        folder / "shaped.mp4", frames=frames, size=size, filters=f"setsar={aspect}", sound=None
    )


def growing(folder: Path) -> Path:
    """Small pictures, then pictures over the limit, which no header announces."""
    parts = []
    for name, size in (("a", "96x64"), ("b", "8192x8192")):
        parts.append(folder / f"{name}.h264")
        source = f"color=gray:size={size}:rate=25:duration={2 if name == 'a' else 0.08}"
        coding = ["-c:v", "libx264", "-preset", "ultrafast"]
        ffmpeg.run(["-f", "lavfi", "-i", source, *coding, str(parts[-1])])
    joined, path = folder / "joined.h264", folder / "growing.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    ffmpeg.run(["-r", "25", "-i", str(joined), "-c", "copy", str(path)])
    return path


def late(folder: Path) -> Path:
    """A quarter of an hour of one picture every ten seconds, with sound in the last 30 seconds."""
    picture, sound, path = folder / "v.mkv", folder / "a.mka", folder / "late.mkv"
    slow = f"color=gray:size=32x32:rate=1/10:duration={LATE_S + 30}"
    ffmpeg.run(["-f", "lavfi", "-i", slow, "-c:v", "libx264", "-preset", "ultrafast", str(picture)])
    ffmpeg.run(["-f", "lavfi", "-i", "sine=sample_rate=48000:duration=30", str(sound)])
    both = ["-i", str(picture), "-itsoffset", str(LATE_S), "-i", str(sound)]
    ffmpeg.run([*both, "-map", "0", "-map", "1", "-c", "copy", str(path)])
    return path


BOMBS: dict[str, tuple[Callable[[Path], Path], int]] = {
    "pixels 1:235": (lambda folder: shaped(folder, "96x64", "1/235"), 0),
    "pixels 1:8": (lambda folder: shaped(folder, "96x64", "1/8"), 0),
    "a thin picture": (lambda folder: shaped(folder, "16x8192", "1/8", 3), OverLimit.exit_code),
    "a long picture": (lambda folder: shaped(folder, "16384x64", "1", 3), OverLimit.exit_code),
    "pictures that grow": (growing, 0),
    "sound that starts late": (late, 0),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_takes_little(name: str, tmp_path: Path) -> None:
    make, code = BOMBS[name]
    out = tmp_path / "out"
    argvs = [["download", f"--source={make(tmp_path)}", "--max-duration-s=20000", f"--out={out}"]]
    if code == 0:
        argvs.append(["moderate", f"--in={out}", f"--out={out}"])
    most = LATE_BYTES if make is late else MOST_BYTES
    assert run_steps(argvs, most) == [code] * len(argvs)
