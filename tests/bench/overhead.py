"""What a step costs beyond its work: a real step that has nothing to do, from start to exit.

Wall time, the least of several runs: interpreter, imports, the contract, digests, receipt. Python
keeps its bytecode, as it does on a laptop and in an image.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from steps.model import artifacts
from steps.model.geometry import Size
from steps.model.tracks import Tracks
from tests.bench.figure import Figure

RUNS = 7
MOST_S = 0.35


def measure() -> list[Figure]:
    """`reframe` of an empty plan, and the bare interpreter beside it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        size = Size(width_px=1920, height_px=1080)
        tracks = Tracks(
            size=size, sample_ms=200, detector="none", speaker_method="largest", clips=()
        )
        (folder / artifacts.TRACKS.path).write_bytes(tracks.canonical_bytes())
        step = _least([sys.executable, "-m", "steps", "reframe", "--out", str(folder)])
        bare = _least([sys.executable, "-c", "pass"])
    return [
        Figure("a step with nothing to do", step, "s", most=MOST_S),
        Figure("bare interpreter", bare, "s"),
    ]


def _least(argv: list[str]) -> float:
    return min(_wall_s(argv) for _ in range(RUNS))


def _wall_s(argv: list[str]) -> float:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = time.perf_counter()
    subprocess.run(argv, check=True, capture_output=True, env=environment)
    return time.perf_counter() - before
