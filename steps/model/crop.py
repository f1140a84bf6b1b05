"""crops.json: which part of the frame goes where, over a clip's time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document, Value
from steps.model.clips import MAX_CLIPS, ClipId
from steps.model.geometry import MAX_PX, Box, Size
from steps.model.timing import Ms, Span
from steps.model.tracks import MAX_SHOTS

OUTPUT = Size(width_px=1080, height_px=1920)
"""What every clip is: 9:16 in full HD."""

Mpx = Annotated[int, Field(ge=-1000 * MAX_PX, le=1000 * MAX_PX)]
"""Thousandths of a source pixel: crop windows move by less than a pixel per frame."""


MAX_KEYFRAMES = 1_000_000
"""Of one region: one a frame, for four hours at 60 frames a second."""

MAX_REGIONS = 9
"""Of one layout: a grid of three by three."""


class Keyframe(Value):
    """The top left corner of the crop window at a moment; linear in between."""

    time_ms: Ms
    x_mpx: Mpx
    y_mpx: Mpx


class Region(Value):
    """One crop window and the rectangle of the output that it fills.

    Attributes:
        window: size of the crop window in source pixels, even, of the aspect of `target` to within
            that rounding. The window is meant by its middle: `keyframes` plus half of this.
        target: where it goes in the output; even offsets and sizes.
        keyframes: in order of time; one of them alone is a still window.
    """

    window: Size
    target: Box
    keyframes: Annotated[tuple[Keyframe, ...], Field(min_length=1, max_length=MAX_KEYFRAMES)]


class ShotCrop(Span):
    """The layout of one shot, or of a part of it: where the window jumps, a new one begins.

    Attributes:
        layout: `focus` (one subject), `fit` (whole frame over its own blur), `centre` (no subject:
            still, in the middle); `split`, `stack` and `grid` have several regions.
        background: what is behind the regions where they do not cover the output.
        subject: the track that it follows, empty when none.
    """

    layout: Literal["focus", "fit", "centre", "split", "stack", "grid"]
    regions: Annotated[tuple[Region, ...], Field(min_length=1, max_length=MAX_REGIONS)]
    background: Literal["none", "blur"] = "none"
    subject: str = ""


class ClipCrops(Value):
    """All shots of a clip, covering it without gaps."""

    id: ClipId
    shots: Annotated[tuple[ShotCrop, ...], Field(min_length=1, max_length=MAX_SHOTS)]


class Crops(Document):
    """The crop plan of every clip: `size` is the upright source's, `output` the clip's."""

    kind: Literal["clipmill/crops@1"] = "clipmill/crops@1"
    size: Size
    output: Size
    clips: Annotated[tuple[ClipCrops, ...], Field(max_length=MAX_CLIPS)]
