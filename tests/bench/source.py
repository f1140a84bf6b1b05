"""Sources for the benches: the sample, repeated, as download leaves it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.media.bad import repeated

SAMPLE = Path(__file__).parent.parent / "media" / "sample" / "talk.mp4"


def long_film(folder: Path, rounds: int) -> Path:
    """The sample so many times in a row, in `folder`."""
    return repeated(SAMPLE, rounds, folder / "long.mp4")


def downloaded(folder: Path, rounds: int) -> Path:
    """A job folder with the outputs of download."""
    job = folder / "job"
    argv = [sys.executable, "-m", "steps", "download", f"--source={long_film(folder, rounds)}"]
    subprocess.run([*argv, "--out", str(job)], check=True, capture_output=True)
    return job
