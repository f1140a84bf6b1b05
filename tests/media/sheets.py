"""`python -m tests.media.sheets --out DIR [SCENE ...]`: a contact sheet of each scene.

A JPEG with moments of the scene's film on the left and of its finished clip on the right, to be
looked at: eyes see what numbers do not. Without names, all scenes with pictures of up to ten
seconds.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.media.frames import sampled
from steps.model import artifacts
from steps.model.timing import Span
from steps.model.transcript import Transcript
from tests.media.catalogue import SCENES
from tests.media.make import make
from tests.media.scene import Scene
from tests.steps.render.jobs import render, step
from tests.steps.scenes import detected, prepare

LONGEST_MS = 10_000
MOMENTS = 4
ROW_PX = 480
"""Height of a sheet."""
Image = NDArray[np.uint8]


def sheet(scene: Scene, folder: Path) -> Path:
    """Make a scene and its clip, and write `folder/NAME.jpg`."""
    with tempfile.TemporaryDirectory() as temporary:
        job = Path(temporary) / "job"
        job.mkdir()
        film, truth = make(scene, Path(temporary) / "film")
        whole = Span(in_ms=0, out_ms=truth.duration_ms)
        prepare(film, job, whole, sound=scene.sound is not None)
        detected(job)
        silent = Transcript(engine="captions", language="en", duration_ms=whole.out_ms, words=())
        (job / artifacts.TRANSCRIPT.path).write_bytes(silent.canonical_bytes())
        for name, *options in (("reframe", "--size=720"), ("caption", "--captions=sidecar")):
            if step(name, job, *options):
                raise RuntimeError(f"{name} failed on {scene.name}: see its message above")
        if render(job):
            raise RuntimeError(f"render failed on {scene.name}: see its message above")
        films = _moments(film, whole)
        clips = _moments(job / "clips" / "clip_01.mp4", whole)
    pairs = [image for pair in zip(films, clips, strict=True) for image in pair]
    path = folder / f"{scene.name}.jpg"
    cv2.imwrite(str(path), np.hstack(pairs))
    return path


def _moments(film: Path, whole: Span) -> list[Image]:
    """Evenly spaced pictures, `ROW_PX` high."""
    every_ms = whole.duration_ms // MOMENTS
    found = []
    for picture in sampled(film, 10, whole):
        if picture.time_ms >= every_ms * len(found) + every_ms // 2 and len(found) < MOMENTS:
            height, width = picture.pixels.shape[:2]
            size = (round(width * ROW_PX / height), ROW_PX)
            found.append(cv2.resize(picture.pixels, size).astype(np.uint8))
    return found


def main(argv: Sequence[str] | None = None) -> None:
    """Read the command line and write the sheets."""
    parser = argparse.ArgumentParser(prog="python -m tests.media.sheets", description=__doc__)
    parser.add_argument("scene", nargs="*", help="names of the catalogue")
    parser.add_argument("--out", type=Path, required=True, help="folder for the sheets")
    arguments = parser.parse_args(argv)
    unknown = sorted(set(arguments.scene) - set(SCENES))
    if unknown:
        parser.error(f"no scene is called {unknown[0]!r}: see tests/media/catalogue.py")
    arguments.out.mkdir(parents=True, exist_ok=True)
    scenes = [SCENES[name]() for name in arguments.scene or SCENES]
    if not arguments.scene:
        scenes = [one for one in scenes if one.shots and one.length_ms <= LONGEST_MS]
    for scene in scenes:
        if not scene.shots:
            parser.error(f"{scene.name} has sound only: there is no picture to look at")
        print(sheet(scene, arguments.out))


if __name__ == "__main__":
    main()
