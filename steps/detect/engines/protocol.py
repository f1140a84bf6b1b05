"""What detect asks of its engines: things in pictures, bodies, and scores for who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from steps.model.timing import Span

Rgb = NDArray[np.uint8]
"""A picture: (height, width, 3), red first."""
Floats = NDArray[np.float64]

Subject = Literal["face", "person"]


@dataclass(frozen=True)
class Found:
    """A face or a person in a picture, in pixels of that picture.

    Attributes:
        subject: which of the two.
        box: (4,) left, top, width, height; it may reach outside the picture.
        score: 0 to 1.
        landmarks: of a face, (5, 2) x and y of left eye, right eye, nose, left and right corner of
            the mouth, left and right as seen in the picture; None where the engine gives none.
        is_hidden: the face is not seen: it is where the pose of its body puts the head.
        patch: its grey pixels (`samples.PATCH_PX` square), where they were kept.
    """

    subject: Subject
    box: Floats
    score: float
    landmarks: Floats | None = None
    is_hidden: bool = False
    patch: NDArray[np.uint8] | None = None


class Detector(Protocol):
    """Finds faces, persons or both.

    What counts as found is the engine's business: it returns nothing that it would not keep.

    Attributes:
        sure_score: a track needs one sight with at least this score.
        batch: how many pictures it likes to get at once.
        shareable: whether several threads may ask it at once.
    """

    sure_score: float
    batch: int
    shareable: bool

    def find(self, pictures: Sequence[Rgb]) -> list[list[Found]]:
        """What each picture shows, best first."""
        ...


@dataclass(frozen=True)
class Body:
    """A person's pose in a picture.

    Attributes:
        landmarks: (33, 3): x, y in pixels of the picture (they may be outside), and how visible
            each is, 0 to 1; in the order of MediaPipe's BlazePose.
    """

    landmarks: Floats


class PoseEstimator(Protocol):
    """Finds the bodies in the pictures of a shot, in their order.

    Attributes:
        shareable: whether several threads may ask it at once.
    """

    shareable: bool

    def begin(self) -> None:
        """Begin a shot."""
        ...

    def bodies(self, picture: Rgb) -> list[Body]:
        """The bodies in the shot's next picture that it is sure of."""
        ...

    def close(self) -> None:
        """Free what it holds; nothing may be asked of it afterwards."""
        ...


@dataclass(frozen=True)
class Sight:
    """A face or a person in a sample, in source pixels.

    Attributes:
        index: of the sample in the shot.
        box: (4,) left, top, width, height.
        score: 0 to 1; 0 when interpolated.
        landmarks: (5, 2) as in `Found`.
        is_hidden: as in `Found`.
        patch: as in `Found`.
    """

    index: int
    time_ms: int
    box: Floats
    score: float
    landmarks: Floats
    is_hidden: bool = False
    patch: NDArray[np.uint8] | None = None

    @property
    def centre(self) -> Floats:
        """The middle of its box, (2,)."""
        middle: Floats = self.box[:2] + self.box[2:] / 2
        return middle


@dataclass(frozen=True)
class Scene:
    """A shot whose speaker is asked for.

    Attributes:
        cut: the file with its pictures, on the source's clock.
        audio: the source's sound, or None.
        shot: its time.
        tracks: the faces in it.
    """

    cut: Path
    audio: Path | None
    shot: Span
    tracks: Sequence[Sequence[Sight]]


@dataclass(frozen=True)
class Evidence:
    """Who seems to speak.

    Attributes:
        scores: 0 to 1, shape (steps, tracks), every `speakers.STEP_MS` from the shot's in point;
            NaN where a track is absent.
        mouths: for each track, how much its mouth moves after each of its sights, 0 to 1; None
            where it was not watched.
    """

    scores: Floats
    mouths: tuple[tuple[float | None, ...], ...] | None = None


class SpeakerMethod(Protocol):
    """Scores the faces of a shot by how likely each speaks."""

    def scores(self, scene: Scene) -> Evidence:
        """The evidence for a shot with at least two tracks."""
        ...
