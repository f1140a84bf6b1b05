"""tracks.json: what is seen in the clips: shots, tracks of faces and people, who speaks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document, Value
from steps.model.clips import ClipId
from steps.model.geometry import Box, Size
from steps.model.timing import Ms, Span
from steps.model.transcript import Thousandths


class Detection(Value):
    """A box in one sampled frame, in pixels of the upright source picture.

    Attributes:
        time_ms: of the frame, on the source's clock.
        score: of the detector; 0 where the box is interpolated between two that were seen.
        mouth: how much the mouth moves until the next sample, where somebody else is in the shot.
    """

    time_ms: Ms
    box: Box
    score: Thousandths
    eyes_y_px: int | None = None
    mouth: Thousandths | None = None


class Track(Value):
    """The same face or person over the samples of one shot, in order of time."""

    id: str
    subject: Literal["face", "person"]
    detections: tuple[Detection, ...]


class Turn(Span):
    """A stretch in which one track is taken to speak."""

    track: str


class ShotTracks(Span):
    """One shot of a clip; tracks never cross a cut.

    Attributes:
        detail: share of the picture that is sharp edges, as text and drawings are; median over the
            samples.
        motion: mean change of brightness from sample to sample over its range; median.
        turns: they cover the shot without gaps, or are none where nobody is seen.
    """

    detail: Thousandths
    motion: Thousandths
    tracks: tuple[Track, ...]
    turns: tuple[Turn, ...]


class ClipTracks(Value):
    """All shots of a clip, covering it without gaps."""

    id: ClipId
    shots: tuple[ShotTracks, ...]


class Tracks(Document):
    """What was seen.

    Attributes:
        size: of the picture that boxes refer to.
        sample_ms: distance of the sampled frames.
        speaker_method: how turns were decided where several faces are in a shot; `largest` also
            where that never happens.
    """

    kind: Literal["clipmill/tracks@1"] = "clipmill/tracks@1"
    size: Size
    sample_ms: Annotated[int, Field(gt=0)]
    detector: str
    speaker_method: Literal["network", "mouth", "largest"]
    clips: tuple[ClipTracks, ...]
