"""What render costs beside the floor: decode, scale and encode of the same frames.

CPU time, not wall time: user and system time, the least of several runs, which take turns so that
a busy machine slows all alike. Half a minute of the sample, a window that moves all the time,
captions in the default style.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from steps.media import ffmpeg
from steps.model.render_check import RenderCheck
from steps.model.transcript import Word
from steps.render.graph import SCALING
from tests.bench.figure import Figure
from tests.media.truth import Truth
from tests.steps.render.jobs import FULL, focus, make_job, step

SAMPLE = Path(__file__).parent.parent / "media" / "sample" / "talk.mp4"
CLIP = (1000, 31_000)
RUNS = 3
RATIO = 1.25


def measure() -> list[Figure]:
    """All ffmpeg runs of the step (sound, picture, check) over the floor; and the whole step."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        quiet = StringIO()
        with redirect_stdout(quiet), redirect_stderr(quiet):
            job = _job(folder)
            _render_here(job)
            frames = RenderCheck.from_file(job / "checks/clip_01.json").frames
            works = (lambda: _render_here(job), lambda: _step(job), lambda: _floor(job, frames))
            rounds = [[child_cpu_s(work) for work in works] for _ in range(RUNS)]
        media, whole, floor = (min(seconds) for seconds in zip(*rounds, strict=True))
    finally:
        shutil.rmtree(folder)
    per_frame = 1000 / frames
    return [
        Figure("render / floor", media / floor, "x", most=RATIO),
        Figure("render", media * per_frame, "CPU ms a frame"),
        Figure("whole step, Python's start too / floor", whole / floor, "x"),
        Figure("floor", floor * per_frame, "CPU ms a frame"),
    ]


def _job(folder: Path) -> Path:
    truth = Truth.model_validate_json(SAMPLE.with_name("talk.truth.json").read_bytes())
    words = [Word(in_ms=word.in_ms, out_ms=word.out_ms, text=word.text) for word in truth.words]
    keys = [(CLIP[0], 300_000), (CLIP[1], 700_000)]
    return make_job(
        folder / "job",
        SAMPLE,
        CLIP,
        lambda size: [focus(size, CLIP, keys, FULL)],
        words=words,
        output=FULL,
    )


def _render_here(job: Path) -> None:
    """In this process, so that only ffmpeg's CPU time is counted."""
    assert step("render", job, "--clip=clip_01") == 0


def _step(job: Path) -> None:
    _quiet([sys.executable, "-m", "steps", "render", "--clip=clip_01", "--in", job, "--out", job])


def _floor(job: Path, frames: int) -> None:
    pan = f"x=300+400*n/{frames}"
    crop = f"crop=406:720:{pan},scale=1080:1920:{SCALING},format=yuv420p"
    arguments = [
        "-threads", "1", "-filter_threads", "1", "-ss", "1", "-i", str(job / "cuts/clip_01.mkv"),
        "-vf", crop, "-frames:v", str(frames), "-an",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-profile:v", "high",
        "-threads", "1", "-bf", "2", "-g", "15", "-keyint_min", "15", "-sc_threshold", "0",
        str(job / "floor.mp4"),
    ]  # fmt: skip
    _quiet(ffmpeg.command(arguments))


def _quiet(argv: Sequence[str | Path]) -> None:
    subprocess.run(list(map(str, argv)), check=True, capture_output=True)


def child_cpu_s(work: Callable[[], None]) -> float:
    """The CPU time of the processes that some work starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
