"""What is measured on a finished clip, and what its plan wants."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from steps.media.rendered import RenderedFile
from steps.model.geometry import Size
from steps.render.plan import Grid
from steps.render.sound import Level


@dataclass(frozen=True)
class Pictures:
    """What the key frames show, and the frames at both ends.

    Attributes:
        black: share of the key frames that are black.
        black_s: longest time of black key frames where the source is not black.
        frozen_s: longest time in which nothing moves where the source does.
        stray_frames: frames at an end of the clip that belong to another shot.
    """

    black: Fraction = Fraction(0)
    black_s: float = 0.0
    frozen_s: float = 0.0
    stray_frames: int = 0


@dataclass(frozen=True)
class Camera:
    """Whom the frames show, and how the window moves; None where there is nothing to say.

    Attributes:
        face_inside: share of the frames in which the whole face of the subject is inside.
        speaker_shown: share of the speaking time in which the speaker is on camera.
        longest_without_s: longest time in which nobody is shown though somebody is there.
        reversals_per_s: how often the window turns back though it could keep the face without.
        jitter_px: RMS of the window's trembling, in pixels of the output.
    """

    face_inside: float | None = None
    speaker_shown: float | None = None
    longest_without_s: float | None = None
    reversals_per_s: float | None = None
    jitter_px: float | None = None


@dataclass(frozen=True)
class Ink:
    """The burned captions at some moments.

    Attributes:
        drawn: share of the moments in which the picture shows the captions.
        outside_px: most pixels of ink outside the safe box at once; None where no box is known.
        on_faces: share of the moments with ink on a face that could have been kept clear.
        on_texts: share of the moments with ink on the picture's own text that could have been kept
            clear.
        smallest_px: line height of the smallest text, in units of the canvas.
    """

    drawn: float
    outside_px: int | None
    on_faces: float
    on_texts: float
    smallest_px: int


@dataclass(frozen=True)
class Measured:
    """A clip as it is.

    Attributes:
        delivered: its container's facts.
        boxes: names of its top-level MP4 boxes, in order.
        has_edit_list: whether a track has one.
        level: of the sound; None when it is silent.
        ink: None where no captions are burned.
    """

    delivered: RenderedFile
    boxes: tuple[str, ...]
    has_edit_list: bool
    level: Level | None
    pictures: Pictures = field(default_factory=Pictures)
    camera: Camera = field(default_factory=Camera)
    ink: Ink | None = None


@dataclass(frozen=True)
class Planned:
    """A clip as it should be.

    Attributes:
        may_be_black: the source's own pictures are.
        is_levelled: there is sound, and enough of it to reach the target.
    """

    size: Size
    grid: Grid
    may_be_black: bool
    is_levelled: bool
