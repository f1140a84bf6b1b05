"""One pass over a cut: every picture for the shots, sampled pictures for people and texture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from steps.detect.bar_changes import BarWatch
from steps.detect.bars import Lit, lit
from steps.detect.between import Looker
from steps.detect.engines.protocol import Body, Detector, Found, PoseEstimator, Rgb
from steps.detect.guard import Guard
from steps.detect.shots import ShotFinder
from steps.detect.sketches import Glimpse, Sketch, Sketcher, glimpse_of
from steps.detect.texture import Texture
from steps.media.frames import SmallPicture, every
from steps.model.moderation import Finding
from steps.model.timing import Span

MARGIN_MS = 1000
"""Read on both sides of a clip: the shot detector compares a picture with its neighbours."""
PATCH_PX = 64
PATCH_FACES = 1.5
"""Faces are kept as square patches of so many pixels, this many times as wide as their longer side,
to see later whether they change."""
MOST_PATCHES = 12
"""The largest faces of a picture have one: a crowd would fill the memory."""


@dataclass(frozen=True)
class Sample:
    """What one sampled picture shows.

    Attributes:
        time_ms: the moment that the picture was on screen.
        found: faces and persons, in source pixels.
        bodies: in source pixels.
        detail: share of sharp edges as drawings have them, 0 to 1.
        motion: mean change of brightness since the previous sample, 0 to 1.
        lit: which lines are not black.
        sketch: what else is kept of it; None where no screen is to be found.
        stirred: share of its cells that changed, however little, in `STIR_MS`; 0 to 1.
    """

    time_ms: int
    found: tuple[Found, ...]
    bodies: tuple[Body, ...]
    detail: float
    motion: float
    lit: Lit
    sketch: Sketch | None = None
    stirred: float = 0.0


@dataclass(frozen=True)
class Watched:
    """What one pass over a clip found.

    Attributes:
        samples: evenly spaced from its in point.
        cuts_ms: when the first picture of each new shot appears.
        bars: saw the edges of every picture.
        glimpses: of all pictures.
        findings: what the policy names in its samples.
        moderated: how many of them were looked at for it.
    """

    samples: list[Sample]
    cuts_ms: tuple[int, ...]
    bars: BarWatch
    glimpses: tuple[Glimpse, ...]
    findings: tuple[Finding, ...] = ()
    moderated: int = 0


@dataclass(frozen=True)
class Eyes:
    """What looks at a picture; without a guard nobody looks for what the policy names."""

    detector: Detector
    pose: PoseEstimator
    guard: Guard | None = None

    @property
    def shareable(self) -> bool:
        """Whether several threads may use them at once."""
        return self.detector.shareable and self.pose.shareable


def sample_clip(
    path: Path,
    clip: Span,
    sample_ms: int,
    eyes: Eyes,
    on_time_ms: Callable[[int], None],
) -> Watched:
    """Return the samples of a clip, the times of its cuts, and what its edges were like.

    Args:
        path: of the cut; its time stamps are the source's clock.
        clip: the part to sample.
        sample_ms: from one sample to the next.
        eyes: look at the pictures.
        on_time_ms: called with the time of every sample.

    Raises:
        BrokenContract: the cut has no picture.
    """
    finder, bars, sampler = ShotFinder(), BarWatch(), _Sampler(eyes, sample_ms)
    around = Span(in_ms=max(0, clip.in_ms - MARGIN_MS), out_ms=clip.out_ms + MARGIN_MS)
    guard = eyes.guard.begin() if eyes.guard else None
    shown: SmallPicture | None = None
    glimpses: list[Glimpse] = []

    def due_ms() -> int:
        return clip.in_ms + len(sampler) * sample_ms

    def sample_until(time_ms: int, picture: SmallPicture) -> None:
        while due_ms() < min(time_ms, clip.out_ms):
            on_time_ms(due_ms())
            if guard is not None:
                guard.add(due_ms(), picture)
            sampler.add(due_ms(), picture)

    for picture in every(path, around):
        cuts = len(finder.cuts_ms)
        finder.add(picture.time_ms, picture.pixels)
        bars.add(picture.time_ms, picture.pixels)
        if len(finder.cuts_ms) > cuts:
            sampler.begin()
        sample_until(picture.time_ms, shown or picture)
        glimpse = glimpse_of(picture.time_ms, picture.pixels)
        sampler.glimpse(glimpse)
        glimpses.append(glimpse)
        shown = picture
    if shown is not None:
        sample_until(clip.out_ms, shown)
    found, looked = (guard.findings(), guard.count) if guard is not None else ((), 0)
    samples = sampler.samples()
    return Watched(samples, finder.cuts_ms, bars, tuple(glimpses), found, looked)


class Blind:
    """Sees nothing: where a detector or a pose estimator is off."""

    sure_score = 1.0
    batch = 1
    shareable = True

    def find(self, pictures: Sequence[Rgb]) -> list[list[Found]]:
        """Nothing in any picture."""
        return [[] for _ in pictures]

    def begin(self) -> None:
        """There is nothing to forget."""

    def bodies(self, picture: Rgb) -> list[Body]:
        """No body."""
        return []

    def close(self) -> None:
        """There is nothing to free."""


def texture_of(samples: Sequence[Sample]) -> tuple[int, int, int]:
    """The usual detail, motion and share that stirs of a shot's samples, in thousandths."""
    return (
        _median([one.detail for one in samples]),
        _median([one.motion for one in samples[1:]]),
        _median([one.stirred for one in samples[1:]]),
    )


def _median(shares: Sequence[float]) -> int:
    return min(1000, round(1000 * float(np.median(shares)))) if shares else 0


class _Sampler:
    """Takes each picture only once, however long it stays on screen, and several together."""

    def __init__(self, eyes: Eyes, sample_ms: int) -> None:
        eyes.pose.begin()
        self._eyes = eyes
        self._looker = Looker(eyes.detector)
        self._texture = Texture(sample_ms)
        self._shown: int | None = None
        self._pictures: list[tuple[int, Rgb, float]] = []
        self._seen: list[tuple[tuple[Found, ...], tuple[Body, ...]]] = []
        self._lit: list[Lit] = []
        self._sketcher = Sketcher()
        self._rows: list[tuple[int, int, float, float, float]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, time_ms: int, picture: SmallPicture) -> None:
        if self._shown != picture.shown_ms:
            if len(self._pictures) == self._looker.group:
                self._look()
            self._shown = picture.shown_ms
            rgb = np.ascontiguousarray(picture.pixels[..., ::-1])
            self._pictures.append((picture.shown_ms, rgb, picture.scale))
            self._lit.append(lit(picture.pixels))
            self._sketcher.add(picture.pixels)
        number = len(self._seen) + len(self._pictures) - 1
        self._rows.append((time_ms, number, *self._texture.add(picture.pixels)))

    def glimpse(self, glimpse: Glimpse) -> None:
        self._sketcher.glimpse(glimpse)

    def begin(self) -> None:
        """Look at what there is, and follow no body beyond it: the picture was cut."""
        self._look()
        self._looker.begin()
        self._eyes.pose.begin()

    def samples(self) -> list[Sample]:
        self._look()
        return [
            Sample(
                time_ms,
                *self._seen[at],
                detail,
                motion,
                self._lit[at],
                self._sketcher.sketch(at),
                stirred,
            )
            for time_ms, at, detail, motion, stirred in self._rows
        ]

    def _look(self) -> None:
        found = self._looker.found_in([(shown_ms, rgb) for shown_ms, rgb, _ in self._pictures])
        for (_, rgb, scale), things in zip(self._pictures, found, strict=True):
            bodies = self._eyes.pose.bodies(rgb)
            things = _with_patches(rgb, things)
            self._seen.append(
                (
                    tuple(_enlarged(thing, 1 / scale) for thing in things),
                    tuple(Body(body.landmarks * (1 / scale, 1 / scale, 1)) for body in bodies),
                )
            )
        self._pictures = []


def _enlarged(found: Found, factor: float) -> Found:
    marks = None if found.landmarks is None else found.landmarks * factor
    return replace(found, box=found.box * factor, landmarks=marks)


def _with_patches(rgb: Rgb, things: Sequence[Found]) -> list[Found]:
    """The same, the largest faces with their patches."""
    faces = [at for at, one in enumerate(things) if one.subject == "face"]
    kept = sorted(faces, key=lambda at: (-float(things[at].box[2]), at))[:MOST_PATCHES]
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) if kept else None
    return [
        replace(one, patch=_patch(grey, one)) if grey is not None and at in kept else one
        for at, one in enumerate(things)
    ]


def _patch(grey: NDArray[Any], face: Found) -> NDArray[np.uint8]:
    """The square around a face; edges go on outside."""
    step = PATCH_FACES * float(max(face.box[2:])) / PATCH_PX
    middle = face.box[:2] + face.box[2:] / 2 - 0.5 - step * (PATCH_PX - 1) / 2
    matrix = np.array([[step, 0, middle[0]], [0, step, middle[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (PATCH_PX, PATCH_PX)
    part = cv2.warpAffine(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return part.astype(np.uint8)
