"""Sources for the benches: the sample, repeated, as download leaves it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from steps.media import ffmpeg
from tests.media.bad import repeated

SAMPLE = Path(__file__).parent.parent / "media" / "sample" / "talk.mp4"


def long_film(folder: Path, rounds: int) -> Path:
    """The sample so many times in a row, in `folder`."""
    return repeated(SAMPLE, rounds, folder / "long.mp4")


def enlarged(folder: Path) -> Path:
    """The sample at 1080p, in `folder`."""
    film = folder / "enlarged.mp4"
    scaled = ["-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "5M"]
    ffmpeg.run(["-i", str(SAMPLE), *scaled, "-c:a", "copy", str(film)])
    return film


def downloaded(folder: Path, rounds: int) -> Path:
    """A job folder with the outputs of download."""
    job = folder / "job"
    argv = [sys.executable, "-m", "steps", "download", f"--source={long_film(folder, rounds)}"]
    subprocess.run([*argv, "--out", str(job)], check=True, capture_output=True)
    return job
