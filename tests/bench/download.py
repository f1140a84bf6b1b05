"""What download costs for a long 1080p film that keeps the form, beside a plain remux of it.

CPU time of the step and of its ffmpeg runs, the least of several runs that take turns with the
remux. Download reads the film for its digest too, and decodes its sound.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from steps.media import ffmpeg
from tests.bench.figure import Figure
from tests.bench.render import child_cpu_s
from tests.bench.source import enlarged
from tests.media.bad import repeated

ROUNDS = 40
"""Of the 89 s sample: an hour."""
RUNS = 3
MOST = 1.1 * 4.75
"""The ratio before download looked for anything to repair, and a tenth."""


def measure() -> list[Figure]:
    """The step over the remux, and the CPU time of both for an hour of film."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        film = repeated(enlarged(folder), ROUNDS, folder / "long.mp4")
        step = [sys.executable, "-m", "steps", "download", f"--source={film}", "--out"]
        remux = ["-i", str(film), "-map", "0", "-c", "copy", str(folder / "plain.mkv")]
        rounds = []
        for number in range(RUNS):
            argvs = [*step, str(folder / f"out{number}")], ffmpeg.command(remux)
            rounds.append([child_cpu_s(partial(_quiet, argv)) for argv in argvs])
    whole, plain = (min(seconds) for seconds in zip(*rounds, strict=True))
    return [
        Figure("download / plain remux", whole / plain, "x", most=MOST),
        Figure("download of an hour", whole, "CPU s"),
        Figure("plain remux", plain, "CPU s"),
    ]


def _quiet(argv: list[str]) -> None:
    subprocess.run(argv, check=True, capture_output=True)
