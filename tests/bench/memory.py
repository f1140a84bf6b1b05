"""The largest process of a whole job over a two-hour source, as the run records note it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from steps.model import artifacts
from steps.model.run import Run
from tests.bench.figure import Figure
from tests.bench.source import long_film

ROUNDS = 81
"""Of the 89 s sample: two hours."""
MOST_GB = 1.5


def measure() -> list[Figure]:
    """Peak memory of each step, and the largest of all against the bar."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        argv = [
            sys.executable, "-m", "pipelines", "run", str(long_film(folder, ROUNDS)),
            "--max-duration-s", "7300", "--clips", "1", "--lengths", "short",
            "--preset", "ultrafast",
            "--out", str(folder), "--job-id", "long", "--no-cache", "--quiet",
        ]  # fmt: skip
        subprocess.run(argv, check=True)
        run = Run.from_file(folder / "long" / artifacts.RUN.path)
    peaks = {task.task: task.peak_memory_bytes / 1e9 for task in run.tasks}
    largest = max(peaks, key=lambda task: peaks[task])
    return [
        Figure(f"two hours, the largest: {largest}", peaks[largest], "GB", most=MOST_GB),
        *(Figure(task, peak, "GB") for task, peak in sorted(peaks.items()) if task != largest),
        *(Figure(f"{task.task} took", task.wall_ms / 1000, "s") for task in run.tasks),
    ]
