"""What a job of 22 minutes with up to five clips costs: CPU seconds for a second of the source.

Measure it on an idle machine: beside other work, on this machine or its host, the same job takes up
to twice the processor time. The floor of `render`, from the same hour, tells how fast that was.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import av

from steps.model import artifacts
from tests.bench.figure import Figure
from tests.bench.rates import VARIANTS, Sample, finished, transcribed
from tests.bench.render import child_cpu_s, encode_floor
from tests.bench.source import long_film

ROUNDS = 15
CLIPS = 5
PLAIN = [f"--{param}={VARIANTS[param]}" for param in ("aligner", "diarizer")]
UNIT = "CPU s a second"
HALF_HOUR_S = 1800
FLOOR_FRAMES = 300
MOST = {"moderate": 12 / 1320}
"""At most 12 s for 22 minutes."""


def measure() -> list[Figure]:
    """Every step of a job with all defaults, their sum, and the sum without two engines."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        job = finished(long_film(folder, ROUNDS), folder, f"--clips={CLIPS}")
        sample = Sample.of(job)
        source_s = sample.work.source_s
        spent = {step: sample.cpu_s(step) for step in sample.runs}
        whole = sum(spent.values())
        plain = whole - spent["transcribe"] + transcribed(job, *PLAIN)
        floor_s = min(child_cpu_s(partial(encode_floor, job, FLOOR_FRAMES)) for _ in range(3))
        return [
            *(
                Figure(step, seconds / source_s, UNIT, most=MOST.get(step))
                for step, seconds in spent.items()
            ),
            Figure("the whole job", whole / source_s, UNIT, most=0.22),
            Figure("with the aligner and the diarizer off", plain / source_s, UNIT, most=0.16),
            Figure("render's floor", 1000 * floor_s / FLOOR_FRAMES, "CPU ms a frame"),
            Figure("the clips", sample.work.clip_s / source_s, "of the source's length"),
            Figure("frames that any step decodes", _decoded(job, source_s), "of 30 min", most=0.15),
        ]


def _decoded(job: Path, source_s: float) -> float:
    """The share of the frames that any step decodes: key frames, and all of the cuts.

    Of a source of half an hour with the same cuts, for which the bar was set.
    """
    source = list(_pictures(job / artifacts.SOURCE.path))
    cuts = sum(len(list(_pictures(cut))) for cut in (job / artifacts.CUTS.path).glob("*.mkv"))
    return (sum(source) + cuts * source_s / HALF_HOUR_S) / len(source)


def _pictures(path: Path) -> Iterable[bool]:
    """Whether each picture of a file is a key frame."""
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.video[0]):
            if packet.size:
                yield packet.is_keyframe
