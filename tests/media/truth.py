"""What is known about a film because it was made: `NAME.truth.json` beside it."""

from __future__ import annotations

from fractions import Fraction

from pydantic import BaseModel, ConfigDict

Box = tuple[float, float, float, float]
"""x, y, width, height in px of the shown picture, origin top left."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Word(_Fact):
    """A spoken word with its punctuation, [in_ms, out_ms) in the film, and who says it."""

    text: str
    in_ms: int
    out_ms: int
    person: str


class ShownText(_Fact):
    """A line of a slide and the box of its ink, in a view that shows the slide unmoved."""

    text: str
    box: Box


class ShotTruth(_Fact):
    """Stored frames [in_frame, out_frame) of one shot, and the slide text in it."""

    kind: str
    in_frame: int
    out_frame: int
    texts: tuple[ShownText, ...]


class Truth(_Fact):
    """All that is known about a film. Frame numbers count the stored frames."""

    name: str
    size: tuple[int, int]
    """Width and height as shown (after the rotation that the file asks for)."""
    rate: str
    """Frames a second as a fraction; of a variable rate, the rate of its finest step."""
    frames: int
    duration_ms: int
    frame_ticks: tuple[int, ...] | None
    """Times of the stored frames in steps of 1/rate when they are uneven, else None."""
    shots: tuple[ShotTruth, ...]
    faces: dict[str, tuple[Box | None, ...]]
    """Per person one face box a stored frame (not clipped to the frame), None when out of sight."""
    words: tuple[Word, ...]
    silences: tuple[tuple[int, int], ...]
    """Spans [in_ms, out_ms) of 0.6 s or more without speech."""

    @property
    def cuts(self) -> tuple[int, ...]:
        """The first frame of every shot but the first."""
        return tuple(shot.in_frame for shot in self.shots[1:])

    @property
    def fps(self) -> Fraction:
        """The rate as a number."""
        return Fraction(self.rate)
