"""The crop path against people, on RetargetVid: `make bench-camera FILE=windows.npz`.

RetargetVid (Apostolidis and Mezaris, ICIP 2021, MIT licence) has, for each video of 640x360 at
30 fps, the window of a third of the width that six people drew. FILE.npz has per video the left
edges as int16 of shape (6, frames). The planner is given one person's path as a bad detector would
see it (Gaussian noise of 8 px, one sample in twenty anywhere in the frame, 5 samples a second) and
is judged by its overlap with the other five. The rows:

- ours: the path that reframe plans,
- centre: the middle, always,
- static: the one still window of a video that overlaps most with the six people,
- raw: the noisy samples, joined by straight lines,
- a person: that person's own path.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from steps.contract.errors import BadInput
from steps.reframe.path import GRID_S, Floats, FrameAxis, Wish, planned

FRAME_PX, WINDOW_PX, FPS, SAMPLE_FPS = 640, 120, 30, 5
WAY_PX = FRAME_PX - WINDOW_PX
NOISE_PX, WILD_SHARE, SEED = 8.0, 0.05, 7
AXIS = FrameAxis(FRAME_PX, WINDOW_PX, FRAME_PX)
STATIC_STEP_PX = 4
"""The still windows that are tried are this far apart."""
STILL_PX = 0.05
"""A frame in which the window moves by less counts as still."""


@dataclass(frozen=True)
class Given:
    """What a row may use: the noisy samples of a person's path, that path, and all six."""

    samples: Floats
    person: Floats
    everyone: Floats


Planner = Callable[[Given], Floats]
"""The offset in each frame."""


def ours(given: Given) -> Floats:
    """The path that reframe plans."""
    samples = given.samples
    free = np.zeros_like(samples), np.full_like(samples, WAY_PX)
    path = planned(Wish(samples, *free), AXIS, 1 / SAMPLE_FPS)
    return np.interp(np.arange(len(given.person)) / FPS, np.arange(len(path)) * GRID_S, path)


def centre(given: Given) -> Floats:
    """The middle, always."""
    return np.full(len(given.person), WAY_PX / 2)


def static(given: Given) -> Floats:
    """The best still window: nobody could choose it without the people's own paths."""
    places = np.arange(0, WAY_PX + 1, STATIC_STEP_PX, dtype=float)
    best = max(places, key=lambda place: overlap(np.float64(place), given.everyone))
    return np.full(len(given.person), best)


def raw(given: Given) -> Floats:
    """The noisy samples, joined by straight lines."""
    times = np.arange(len(given.samples)) / SAMPLE_FPS
    return np.interp(np.arange(len(given.person)) / FPS, times, given.samples)


def same(given: Given) -> Floats:
    """The person's own path, without noise."""
    return given.person


PLANNERS: dict[str, Planner] = {
    "ours": ours,
    "centre": centre,
    "static": static,
    "raw": raw,
    "a person": same,
}


def overlap(one: Floats | np.float64, other: Floats) -> float:
    """Mean IoU of two windows of equal width."""
    common = np.maximum(0, WINDOW_PX - np.abs(one - other))
    return float((common / (2 * WINDOW_PX - common)).mean())


def noisy(person: Floats, rng: np.random.Generator) -> Floats:
    """What a bad detector would make of a path."""
    samples = person[:: FPS // SAMPLE_FPS] + rng.normal(0, NOISE_PX, len(person[:: FPS // 5]))
    wild = rng.random(len(samples)) < WILD_SHARE
    samples[wild] = rng.uniform(0, WAY_PX, wild.sum())
    return samples


def measure(videos: list[NDArray[np.int16]], planner: Planner) -> tuple[float, ...]:
    """IoU, mean speed (px/frame), mean acceleration (px/frame²), still share, ms per path."""
    rng = np.random.default_rng(SEED)
    rows, spent, count = [], 0.0, 0
    for video in videos:
        paths = video.astype(float)
        for index, person in enumerate(paths):
            samples = noisy(person, rng)
            given = Given(samples, person, paths)
            before = time.process_time()
            path = planner(given)
            spent += time.process_time() - before
            count += 1
            others = [overlap(path, other) for at, other in enumerate(paths) if at != index]
            speed = np.abs(np.diff(path))
            still = (speed < STILL_PX).mean()
            rows.append((np.mean(others), speed.mean(), np.abs(np.diff(path, 2)).mean(), still))
    return (*(float(value) for value in np.mean(rows, axis=0)), 1000 * spent / count)


def read(path: Path) -> list[NDArray[np.int16]]:
    """The windows of each video, int16 of shape (people, frames).

    Raises:
        BadInput: the file cannot be read, or has another form.
    """
    try:
        with np.load(path) as data:
            videos = [data[name] for name in data.files]
    except (OSError, EOFError, ValueError, BadZipFile) as error:
        raise BadInput(f"{path.name} cannot be read as .npz: give a file of windows") from error
    for video in videos:
        if video.ndim != 2 or len(video) < 2 or video.shape[1] < 2:
            raise BadInput(
                f"{path.name} has an array of shape {video.shape}: each video needs the left edges "
                "of at least two people, (people, frames)"
            )
    if not videos:
        raise BadInput(f"{path.name} has no video: give a file of windows")
    return videos


def table(videos: list[NDArray[np.int16]]) -> str:
    """The rows, as text."""
    lines = [f"{f'{len(videos)} videos':12}   IoU    |a|  still   speed  ms"]
    for name, planner in PLANNERS.items():
        iou, speed, acceleration, still, spent = measure(videos, planner)
        row = f"{iou:.4f}  {acceleration:5.3f}  {still:5.2f}  {speed:6.2f}  {spent:.2f}"
        lines.append(f"{name:12} {row}")
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    """Print the table."""
    if len(argv) != 1:
        sys.stderr.write("give a file of windows: make bench-camera FILE=windows.npz\n")
        return BadInput.exit_code
    try:
        sys.stdout.write(table(read(Path(argv[0]))) + "\n")
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
