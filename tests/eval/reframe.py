"""The crop path against people, on RetargetVid: `python -m tests.eval.reframe FILE.npz`.

RetargetVid (Apostolidis and Mezaris, ICIP 2021, MIT licence) has, for each video of 640x360 at
30 fps, the window of a third of the width that six people drew. FILE.npz has per video the left
edges as int16 of shape (6, frames). The planner is given one person's path as a bad detector would
see it (Gaussian noise of 8 px, one sample in twenty anywhere in the frame, 5 samples a second) and
is judged by its overlap with the other five.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.reframe.path import GRID_S, Axis, Floats, Wish, planned

FRAME_PX, WINDOW_PX, FPS, SAMPLE_FPS = 640, 120, 30, 5
WAY_PX = FRAME_PX - WINDOW_PX
NOISE_PX, WILD_SHARE, SEED = 8.0, 0.05, 7
STILL_PX = 0.05
"""A frame in which the window moves by less counts as still."""

Planner = Callable[[Floats, Floats], Floats]
"""From noisy samples and the person's own path to the offset in each frame."""


def ours(samples: Floats, person: Floats) -> Floats:
    """The path that reframe plans."""
    free = np.zeros_like(samples), np.full_like(samples, WAY_PX)
    path = planned(Wish(samples, *free), Axis(FRAME_PX, WINDOW_PX, FRAME_PX), 1 / SAMPLE_FPS)
    return np.interp(np.arange(len(person)) / FPS, np.arange(len(path)) * GRID_S, path)


def raw(samples: Floats, person: Floats) -> Floats:
    """The noisy samples, joined by straight lines."""
    times = np.arange(len(samples)) / SAMPLE_FPS
    return np.interp(np.arange(len(person)) / FPS, times, samples)


def centre(samples: Floats, person: Floats) -> Floats:
    """The middle, always."""
    return np.full(len(person), WAY_PX / 2)


def same(samples: Floats, person: Floats) -> Floats:
    """The person's own path, without noise."""
    return person


PLANNERS: dict[str, Planner] = {"ours": ours, "raw": raw, "centre": centre, "a person": same}


def overlap(one: Floats, other: Floats) -> float:
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
            before = time.process_time()
            path = planner(samples, person)
            spent += time.process_time() - before
            count += 1
            others = [overlap(path, other) for at, other in enumerate(paths) if at != index]
            speed = np.abs(np.diff(path))
            still = (speed < STILL_PX).mean()
            rows.append((np.mean(others), speed.mean(), np.abs(np.diff(path, 2)).mean(), still))
    return (*(float(value) for value in np.mean(rows, axis=0)), 1000 * spent / count)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure the crop path on RetargetVid.")
    parser.add_argument("file", type=Path, help="windows that people drew, as .npz")
    with np.load(parser.parse_args().file) as data:
        videos = [data[name] for name in data.files]
    print(f"{len(videos)} videos | IoU | speed | acceleration | still | ms")
    for name, planner in PLANNERS.items():
        iou, speed, acceleration, still, spent = measure(videos, planner)
        print(f"{name} | {iou:.4f} | {speed:.2f} | {acceleration:.3f} | {still:.2f} | {spent:.2f}")


if __name__ == "__main__":
    main()
