"""Our tracker beside Ultralytics' ByteTrack and BoT-SORT, on faces of the scenes at 5 a second.

    python -m tests.eval.trackers FILM...      in the environment `vision`; films of tests.media

All get the same detections of CenterFace, whole and with a third of them left out. A sight is right
when it lies on a true face; a switch is a true face that goes on under another id. Shots are given.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from steps.detect.engines.centerface import CenterFace
from steps.detect.engines.protocol import Floats, Found
from steps.detect.tracker import Tracker, iou
from steps.media.frames import sampled
from steps.model.weights import CENTERFACE
from tests.media.truth import Truth

FPS = 5
LOST = 1 / 3
Samples = list[tuple[int, list[Found]]]
Sights = list[tuple[int, int, Floats]]
"""Time, id and box."""


def ours(samples: Samples) -> Sights:
    """What the step does."""
    tracker = Tracker(0.5)
    for time_ms, found in samples:
        tracker.add(time_ms, found)
    tracks = tracker.tracks(samples[-1][0] - samples[0][0])
    return [(one.time_ms, number, one.box) for number, track in enumerate(tracks) for one in track]


def theirs(kind: str) -> Callable[[Samples], Sights]:
    """Ultralytics' tracker with its published settings, without a picture to look at."""
    from ultralytics.engine.results import Boxes
    from ultralytics.trackers.bot_sort import BOTSORT
    from ultralytics.trackers.byte_tracker import BYTETracker

    settings = SimpleNamespace(
        track_high_thresh=0.25, track_low_thresh=0.1, new_track_thresh=0.25, track_buffer=30,
        match_thresh=0.8, fuse_score=True, gmc_method="none", proximity_thresh=0.5,
        appearance_thresh=0.8, with_reid=False, model="auto",
    )  # fmt: skip

    def run(samples: Samples) -> Sights:
        tracker = (BOTSORT if kind == "botsort" else BYTETracker)(settings)
        sights: Sights = []
        for time_ms, found in samples:
            rows = [[*one.box[:2], *(one.box[:2] + one.box[2:]), one.score, 0] for one in found]
            boxes = Boxes(np.array(rows, np.float32).reshape(-1, 6), (720, 1280))
            blank = np.zeros((720, 1280, 3), np.uint8)
            for row in tracker.update(boxes, blank):
                sights.append((time_ms, int(row[4]), np.array([*row[:2], *(row[2:4] - row[:2])])))
        return sights

    return run


def shots(film: Path, truth: Truth) -> Iterator[Samples]:
    """The detections of each shot, in source pixels."""
    detector, seen = CenterFace(CENTERFACE.locate()), []
    for picture in sampled(film, FPS):
        (found,) = detector.find([np.ascontiguousarray(picture.pixels[..., ::-1])])
        scaled = [Found("face", one.box / picture.scale, one.score) for one in found]
        seen.append((picture.time_ms, scaled))
    for shot in truth.shots:
        first, last = (frame * 1000 / truth.fps for frame in (shot.in_frame, shot.out_frame))
        own = [one for one in seen if first <= one[0] < last]
        if own:
            yield own


def judged(sights: Sights, samples: Samples, truth: Truth) -> tuple[int, int, int, int]:
    """True faces, of them covered; switches; sights that are on no face."""
    there = covered = switches = false = 0
    last: dict[str, int] = {}
    for time_ms, _ in samples:
        frame = round(time_ms * truth.fps / 1000)
        own = [(number, box) for time, number, box in sights if time == time_ms]
        boxes = {who: faces[frame] for who, faces in truth.faces.items() if frame < len(faces)}
        hits: set[int] = set()
        for who, box in boxes.items():
            if box is None:
                continue
            there += 1
            on = [number for number, other in own if iou(np.array(box), other) > 0.3]
            if on:
                covered += 1
                switches += who in last and last[who] not in on
                last[who] = on[0]
                hits |= set(on)
        false += sum(number not in hits for number, _ in own)
    return there, covered, switches, false


def main(films: list[Path]) -> None:
    """Print a line for each tracker."""
    rng = np.random.default_rng(1)
    parts = []
    for film in films:
        truth = Truth.model_validate_json(film.with_suffix(".truth.json").read_bytes())
        for samples in shots(film, truth):
            thin = [(at, [one for one in found if rng.random() > LOST]) for at, found in samples]
            parts.append((truth, samples, thin))
    for name, run in (
        ("ours", ours),
        ("bytetrack", theirs("byte")),
        ("botsort", theirs("botsort")),
    ):
        for label, which in (("whole", 1), ("thinned", 2)):
            rows = [judged(run(part[which]), part[which], part[0]) for part in parts]
            there, covered, switches, false = np.sum(rows, axis=0)
            print(
                f"{name:10} {label:8} covered {covered}/{there}, switches {switches}, false {false}"
            )


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
