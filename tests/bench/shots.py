"""Hard cuts of made scenes, beside PySceneDetect: the same films, in the same run.

Our finder is PySceneDetect's AdaptiveDetector too; it gets pictures from our decoder, and another
rule says which changes are too close to each other. The peers are its two detectors as its own
program uses them: decoded by OpenCV, scaled down, with their published defaults. A cut counts as
found within a frame of where it was made. Three of the films have no cut but much movement.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from scenedetect import AdaptiveDetector, ContentDetector, detect

from steps.detect.shots import ShotFinder, spans
from steps.media.frames import every
from steps.model.timing import Span
from tests.bench.figure import Figure
from tests.bench.source import SAMPLE
from tests.media.catalogue import SCENES
from tests.media.make import make, truth_path
from tests.media.truth import Truth

MADE = ("interview", "slides", "reactions", "screencast", "quick_turns", "walker")
Film = tuple[Path, Truth]
Finder = Callable[[Film], list[float]]
"""The cuts of a film in milliseconds."""
PEERS = {
    "PySceneDetect, AdaptiveDetector": AdaptiveDetector,
    "PySceneDetect, ContentDetector": ContentDetector,
}


def measure() -> list[Figure]:
    """Precision, recall and processor time of each; ours find no less than the others."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        films = [(SAMPLE, Truth.model_validate_json(truth_path(SAMPLE).read_bytes()))]
        films += [make(SCENES[name](), Path(folder)) for name in MADE]
        peers = [judged(name, peer(kind), films) for name, kind in PEERS.items()]
        best = [max(figures[at].value for figures in peers) for at in range(2)]
        return [
            *judged("clipmill", ours, films, best),
            *(one for figures in peers for one in figures),
        ]


def ours(film: Film) -> list[float]:
    """What detect finds."""
    path, truth = film
    finder = ShotFinder()
    for picture in every(path):
        finder.add(picture.time_ms, picture.pixels)
    whole = Span(in_ms=0, out_ms=truth.duration_ms)
    return [float(span.in_ms) for span in spans(finder.cuts_ms, whole)[1:]]


def peer(kind: Callable[[], AdaptiveDetector | ContentDetector]) -> Finder:
    """What PySceneDetect finds by itself."""

    def found(film: Film) -> list[float]:
        scenes = detect(str(film[0]), kind())
        return [1000.0 * start.seconds for start, _ in scenes[1:]]

    return found


def judged(
    name: str, find: Finder, films: Sequence[Film], least: Sequence[float] = ()
) -> list[Figure]:
    """The figures of one finder over all films; `least` are the bars of the first two."""
    right = found = made = 0
    before = time.process_time()
    for film in films:
        cuts, got = [1000 * frame / film[1].fps for frame in film[1].cuts], find(film)
        frame_ms = float(1000 / film[1].fps)
        right += sum(any(abs(cut - one) <= frame_ms for one in got) for cut in cuts)
        found, made = found + len(got), made + len(cuts)
    spent = time.process_time() - before
    minutes = sum(truth.duration_ms for _, truth in films) / 60_000
    bars = [*least, None, None][:2]
    return [
        Figure(f"{name}: right of those found", 100 * right / max(1, found), "%", least=bars[0]),
        Figure(f"{name}: found of {made}", 100 * right / made, "%", least=bars[1]),
        Figure(f"{name}: time", spent / minutes, "CPU s a minute"),
    ]
