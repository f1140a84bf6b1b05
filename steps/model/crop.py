"""crops.json: which part of the frame goes where, over a clip's time."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from steps.contract import Document, Value
from steps.model.clips import MAX_CLIPS, ClipId, check_length
from steps.model.geometry import MAX_PX, Box, Size
from steps.model.layouts import LayoutName, check_regions
from steps.model.screens import MAX_TEXTS
from steps.model.timing import Ms, Span, check_cover, check_unique
from steps.model.tracks import MAX_SHOTS

Mpx = Annotated[int, Field(ge=-1000 * MAX_PX, le=1000 * MAX_PX)]
"""Thousandths of a source pixel: crop windows move by less than a pixel per frame."""


MAX_KEYFRAMES = 1_000_000
"""Of one region: one a frame, for four hours at 60 frames a second."""

MIN_OUTPUT_PX, MAX_OUTPUT_PX = 64, 4096
"""Sides of the output that x264's level and players of High profile take."""

MAX_CLOSER_PPM = 1_000_000
"""A window is never less than half of its size."""

MAX_REGIONS = 9
"""Of one layout: a grid of three by three."""

MAX_FACES = 100
"""Of one shot: parts of time of the faces that are large enough to matter."""

Background = Annotated[str, Field(pattern="^(none|blur|#[0-9A-F]{6})$")]
"""Nothing, the picture's own blur, or a plain colour."""


class Keyframe(Value):
    """The top left corner of the crop window at a moment; linear in between.

    Attributes:
        time_ms: on the source's clock.
        x_mpx: of the corner that the window has in its own size.
        y_mpx: the same, from the top.
        closer_ppm: how much closer the picture is shown than in a window of that size, in
            millionths: the window is smaller by as much, around the same middle.
    """

    time_ms: Ms
    x_mpx: Mpx
    y_mpx: Mpx
    closer_ppm: Annotated[
        int, Field(ge=0, le=MAX_CLOSER_PPM, exclude_if=lambda value: value == 0)
    ] = 0


class Region(Value):
    """One crop window and the rectangle of the output that it fills.

    Attributes:
        window: size of the crop window in source pixels, even, of the aspect of `target` to within
            that rounding. Its middle counts: `keyframes` plus half of this size. A push-in shows
            less than this.
        target: where it goes in the output; even offsets and sizes.
        keyframes: in order of time; a still window has one.
    """

    window: Size
    target: Box
    keyframes: Annotated[tuple[Keyframe, ...], Field(min_length=1, max_length=MAX_KEYFRAMES)]

    @model_validator(mode="after")
    def _consistent(self) -> Region:
        self.window.check_croppable()
        target = self.target
        sides = (target.x_px, target.y_px, target.width_px, target.height_px)
        if min(sides[2:]) < 2 or any(side % 2 for side in sides):
            raise ValueError(f"the target {sides} is not of even offsets and even sizes above 0")
        for before, after in pairwise(self.keyframes):
            if after.time_ms <= before.time_ms:
                raise ValueError(
                    f"the keyframe at {after.time_ms} ms comes after the one at {before.time_ms} ms"
                )
        return self

    @property
    def zooms(self) -> bool:
        """Whether the window is ever smaller than its size."""
        return any(one.closer_ppm for one in self.keyframes)

    def corner_mpx(self, time_ms: Fraction | int) -> tuple[Fraction, Fraction]:
        """The corner at a moment, in thousandths of a source pixel, as `Keyframe` has it."""
        left, right, share = self._between(time_ms)
        return (
            left.x_mpx + (right.x_mpx - left.x_mpx) * share,
            left.y_mpx + (right.y_mpx - left.y_mpx) * share,
        )

    def closer(self, time_ms: Fraction | int) -> Fraction:
        """How many times closer the picture is shown at a moment; 1 in a window of full size."""
        left, right, share = self._between(time_ms)
        ppm = left.closer_ppm + (right.closer_ppm - left.closer_ppm) * share
        return 1 + ppm / Fraction(1_000_000)

    def shown_mpx(self, time_ms: Fraction | int) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Left, top, width and height of the window as it is shown at a moment."""
        (x, y), closer = self.corner_mpx(time_ms), self.closer(time_ms)
        width, height = 1000 * self.window.width_px, 1000 * self.window.height_px
        shown = width / closer, height / closer
        return x + (width - shown[0]) / 2, y + (height - shown[1]) / 2, *shown

    def _between(self, time_ms: Fraction | int) -> tuple[Keyframe, Keyframe, Fraction]:
        """The keyframes around a moment, and how far it is from the first to the second."""
        after = bisect_right(self.keyframes, time_ms, key=lambda one: one.time_ms)
        left = self.keyframes[max(0, after - 1)]
        right = self.keyframes[min(after, len(self.keyframes) - 1)]
        span = right.time_ms - left.time_ms
        return left, right, (time_ms - left.time_ms) / Fraction(span) if span > 0 else Fraction(0)

    def placed(self, box: Box, time_ms: Fraction | int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in the output of a box of the source; may be outside."""
        x, y, width, height = (float(value / 1000) for value in self.shown_mpx(time_ms))
        across = self.target.width_px / width
        down = self.target.height_px / height
        left, top = self.target.x_px - x * across, self.target.y_px - y * down
        return (
            left + box.x_px * across,
            top + box.y_px * down,
            left + box.right_px * across,
            top + box.bottom_px * down,
        )


class ShownFace(Span):
    """Where a face is in the output for a time: all its places together, with a margin.

    Attributes:
        track: its id in tracks.json.
        box: in pixels of the output, inside its region's target.
    """

    track: str
    box: Box


class ShotCrop(Span):
    """The layout of one shot or of a part of it; a new part begins where the window jumps.

    Attributes:
        layout: its name in `steps.model.layouts`.
        regions: in the order in which they are drawn: a later one may cover a part of an earlier.
        background: what fills the output where no region covers it.
        subject: the id of the track that it follows, or empty.
        faces: those large enough to keep text off, in order of time; a face that moves far has a
            box for each part of the time.
        texts: where the picture itself has text, in pixels of the output.
    """

    layout: LayoutName
    regions: Annotated[tuple[Region, ...], Field(min_length=1, max_length=MAX_REGIONS)]
    background: Background = "none"
    subject: str = ""
    faces: Annotated[tuple[ShownFace, ...], Field(max_length=MAX_FACES)] = ()
    texts: Annotated[
        tuple[Box, ...], Field(max_length=MAX_TEXTS, exclude_if=lambda value: not value)
    ] = ()

    @model_validator(mode="after")
    def _complete(self) -> ShotCrop:
        check_regions(self.layout, len(self.regions))
        return self


class ClipCrops(Value):
    """All shots of a clip, covering it without gaps."""

    id: ClipId
    shots: Annotated[tuple[ShotCrop, ...], Field(min_length=1, max_length=MAX_SHOTS)]

    @property
    def span(self) -> Span:
        """The time that the shots cover."""
        return Span(in_ms=self.shots[0].in_ms, out_ms=self.shots[-1].out_ms)

    @model_validator(mode="after")
    def _consistent(self) -> ClipCrops:
        check_cover(self.shots, "the shot")
        check_length(self.span, self.id)
        return self


class Crops(Document):
    """The crop plan of every clip: `size` is the upright source's, `output` the clip's."""

    kind: Literal["clipmill/crops@1"] = "clipmill/crops@1"
    size: Size
    output: Size
    clips: Annotated[tuple[ClipCrops, ...], Field(max_length=MAX_CLIPS)]

    @model_validator(mode="after")
    def _consistent(self) -> Crops:
        check_unique((clip.id for clip in self.clips), "the clip id")
        self.size.check_croppable()
        width, height = self.output.width_px, self.output.height_px
        if max(width, height) > MAX_OUTPUT_PX or min(width, height) < MIN_OUTPUT_PX:
            raise ValueError(
                f"the output of {width}x{height} px has a side outside "
                f"{MIN_OUTPUT_PX} to {MAX_OUTPUT_PX}"
            )
        for clip in self.clips:
            for shot in clip.shots:
                for box in (*(face.box for face in shot.faces), *shot.texts):
                    box.check_inside(self.output)
                for region in shot.regions:
                    region.target.check_inside(self.output)
                    window = Box(
                        x_px=0,
                        y_px=0,
                        width_px=region.window.width_px,
                        height_px=region.window.height_px,
                    )
                    window.check_inside(self.size)
        return self
