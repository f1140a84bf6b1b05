"""What render costs beside the floor: decode, scale and encode of the same frames by `veryfast`.

CPU time, not wall time: user and system time, the least of several runs, which take turns so that
a busy machine slows all alike. Half a minute of the sample, a window that moves all the time,
captions in the default style; then the same with two panels, and with push-ins.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path

from steps.media import ffmpeg
from steps.model.crop import Crops, Keyframe, Region, ShotCrop
from steps.model.geometry import Box, Size
from steps.model.layouts import LayoutName
from steps.model.render_check import RenderCheck
from steps.model.transcript import Word
from steps.render import RenderParams
from steps.render.encoders import Encoder, x264
from steps.render.graph import SCALING
from tests.bench.figure import Figure
from tests.media.truth import Truth
from tests.steps.render.jobs import FULL, crops_of, focus, make_job, step

SAMPLE = Path(__file__).parent.parent / "media" / "sample" / "talk.mp4"
CLIP = (1000, 31_000)
RUNS = 3
PLAIN, OWN = x264("veryfast"), x264(RenderParams.model_fields["preset"].default)
RATIO = 1.25
PANELS_RATIO = 1.5
"""Two panels are cropped and scaled apart, and laid together."""


def measure() -> list[Figure]:
    """All ffmpeg runs of the step (sound, picture, check) over the floor; and the whole step."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        quiet = StringIO()
        with redirect_stdout(quiet), redirect_stderr(quiet):
            job = _job(folder)
            _render_here(job)
            frames = RenderCheck.from_file(job / "checks/clip_01.json").frames
            works = [lambda: _render_here(job), lambda: _step(job)]
            works += [partial(encode_floor, job, frames, encoder) for encoder in (PLAIN, OWN)]
            works += [partial(_render_as, job, shot) for shot in OTHERS]
            rounds = [[child_cpu_s(work) for work in works] for _ in range(RUNS)]
        least = (min(seconds) for seconds in zip(*rounds, strict=True))
        media, whole, floor, own, split, stack, push = least
    finally:
        shutil.rmtree(folder)
    per_frame = 1000 / frames
    return [
        Figure("render / floor", media / floor, "x", most=RATIO),
        Figure("render of a split / floor", split / floor, "x", most=PANELS_RATIO),
        Figure("render of a stack / floor", stack / floor, "x", most=PANELS_RATIO),
        Figure("render of push-ins / floor", push / floor, "x"),
        Figure("render", media * per_frame, "CPU ms a frame"),
        Figure("whole step, Python's start too / floor", whole / floor, "x"),
        Figure("floor", floor * per_frame, "CPU ms a frame"),
        Figure("floor, encoded as render does", own * per_frame, "CPU ms a frame"),
    ]


def _job(folder: Path) -> Path:
    truth = Truth.model_validate_json(SAMPLE.with_name("talk.truth.json").read_bytes())
    words = [Word(in_ms=word.in_ms, out_ms=word.out_ms, text=word.text) for word in truth.words]
    return make_job(
        folder / "job",
        SAMPLE,
        CLIP,
        lambda size: [_moving(size)],
        words=words,
        output=FULL,
    )


def _moving(size: Size) -> ShotCrop:
    return focus(size, CLIP, [(CLIP[0], 300_000), (CLIP[1], 700_000)], FULL)


def _split(size: Size) -> ShotCrop:
    """Two windows, both of which move all the time."""
    return _panels(size, "split", [((608, 540), 960), ((608, 540), 960)])


def _stack(size: Size) -> ShotCrop:
    """A still screen above, a small window that moves below."""
    return _panels(size, "stack", [((736, 720), 1056), ((230, 184), 864)])


def _panels(
    size: Size, layout: LayoutName, windows: Sequence[tuple[tuple[int, int], int]]
) -> ShotCrop:
    """Windows one above the other: their width and height, and the height of their panels."""
    regions, top = [], 0
    for (width, height), panel in windows:
        start = way = 1000 * (size.width_px - width) // 4
        still = height == size.height_px
        times = CLIP[:1] if still else CLIP
        regions.append(
            Region(
                window=Size(width_px=width, height_px=height),
                target=Box(x_px=0, y_px=top, width_px=FULL.width_px, height_px=panel),
                keyframes=tuple(
                    Keyframe(time_ms=time, x_mpx=start + place * way, y_mpx=0)
                    for place, time in enumerate(times)
                ),
            )
        )
        top += panel
    return ShotCrop(in_ms=CLIP[0], out_ms=CLIP[1], layout=layout, regions=tuple(regions))


def _pushed(size: Size) -> ShotCrop:
    """A still window that is pushed in on for a quarter of the time."""
    crop = focus(size, CLIP, [(CLIP[0], 300_000)], FULL)
    (region,) = crop.regions
    steps = ((0, 0), (3_000, 40_000), (12_000, 40_000), (15_000, 60_000), (22_000, 60_000),
             (23_500, 80_000))  # fmt: skip
    keys = tuple(
        Keyframe(time_ms=CLIP[0] + at, x_mpx=300_000, y_mpx=0, closer_ppm=ppm) for at, ppm in steps
    )
    return crop.model_copy(update={"regions": (region.model_copy(update={"keyframes": keys}),)})


OTHERS = (_split, _stack, _pushed)


def _render_as(job: Path, shot: Callable[[Size], ShotCrop]) -> None:
    """Render with another plan of windows."""
    place = job / "crops.json"
    own = place.read_bytes()
    size = Crops.from_file(place).size
    place.write_bytes(crops_of(size, [shot(size)], FULL).canonical_bytes())
    _render_here(job)
    place.write_bytes(own)


def _render_here(job: Path) -> None:
    """In this process, so that only ffmpeg's CPU time is counted."""
    assert step("render", job, "--clip=clip_01") == 0


def _step(job: Path) -> None:
    _quiet([sys.executable, "-m", "steps", "render", "--clip=clip_01", "--in", job, "--out", job])


def encode_floor(job: Path, frames: int, encoder: Encoder = PLAIN) -> None:
    """Decode, scale and encode the first frames of a job's first cut, by one ffmpeg."""
    pan = f"x=300+400*n/{frames}"
    crop = f"crop=406:720:{pan},scale=1080:1920:{SCALING},format=yuv420p"
    arguments = [
        "-threads", "1", "-filter_threads", "1", "-ss", "1", "-i", str(job / "cuts/clip_01.mkv"),
        "-vf", crop, "-frames:v", str(frames), "-an", *encoder.options(20, 15),
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
