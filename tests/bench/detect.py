"""What looking at a clip costs, beside decoding its pictures: the sample, whole.

CPU time of this process with all its threads, each the least of two runs. With MTCNN, which was the
detector before CenterFace, the step took 3.5 times as long as the pictures (42 ms a sample, where
CenterFace takes 45); a quarter more is allowed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from steps.media.frames import every
from steps.model.source import SourceMeta
from steps.model.timing import Span
from tests.bench.figure import Figure
from tests.steps.scenes import detected, prepare

SAMPLE = Path("tests/media/sample/talk.mp4")
MTCNN_RATIO = 3.5
MOST_RATIO = 1.25 * MTCNN_RATIO


def measure() -> list[Figure]:
    """The step over decoding, and both in CPU seconds a minute of clip."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        job = Path(folder)
        prepare(SAMPLE, job, Span(in_ms=0, out_ms=88_000), sound=True)
        minutes = SourceMeta.from_file(job / "source_meta.json").duration_ms / 60_000
        cut = job / "cuts" / "clip_01.mkv"
        decoding = _least(lambda: sum(1 for _ in every(cut)))
        step = _least(lambda: detected(job))
    return [
        Figure("step / decoding", step / decoding, "x", most=MOST_RATIO),
        Figure("step", step / minutes, "CPU s a minute"),
        Figure("decoding", decoding / minutes, "CPU s a minute"),
    ]


def _least(work: Callable[[], object]) -> float:
    return min(_cpu_s(work) for _ in range(2))


def _cpu_s(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before
