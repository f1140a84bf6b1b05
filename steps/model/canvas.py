"""What a clip is drawn on: its shape and size, and the part of it where text may be. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from steps.contract.errors import BadInput
from steps.model.geometry import Box, Size, even

ASPECTS = {"9:16": (9, 16), "4:5": (4, 5), "1:1": (1, 1), "16:9": (16, 9)}
"""Width and height by the value of `--aspect`: what TikTok, Reels and Shorts show, the tallest post
of Instagram's feed, the square one, and the shape of a screen."""

UNIT_PX = 1080
"""The shorter side of a canvas in units. Caption styles and safe boxes are stated in units, so that
they look the same at any size."""

SCREEN = Size(width_px=1080, height_px=1920)
"""The telephone on which the platforms' safe boxes are stated, in units."""

TIKTOK = Box.of_edges(108, 384, 940, 1536)
"""Middle 80 % by 60 % of the screen, less the button rail of 140 px on the right (published by
third parties; TikTok itself publishes none)."""

REELS = Box.of_edges(65, 270, 1015, 1250)
"""Meta's advertising guide: keep 14 % at the top, 35 % at the bottom and 6 % at the sides clear."""

SHORTS = Box.of_edges(108, 288, 972, 1440)
"""Title and channel cover the lower 25 %; 15 % at the top and 10 % at the sides are kept clear."""

SAFE_BOXES = {"tiktok": TIKTOK, "reels": REELS, "shorts": SHORTS, "any": TIKTOK & REELS & SHORTS}
"""By the value of `--platform`; `any` is x 108-940, y 384-1250."""

MARGIN_SHARE = 0.05
"""Text keeps this share of each side clear of the edge (the safe title area of SMPTE ST 2046-1)."""


def parse_aspects(text: str) -> tuple[str, ...]:
    """The aspects that `--aspect` names, with commas between them; the first is the main one.

    Raises:
        BadInput: one is not in `ASPECTS`, or is named twice.
    """
    named = tuple(text.split(","))
    known = ", ".join(ASPECTS)
    for place, aspect in enumerate(named):
        if not aspect:
            raise BadInput(f"--aspect {text!r} has an empty part: choose from {known}")
        if aspect not in ASPECTS:
            raise BadInput(f"--aspect {text!r}: {aspect!r} is not an aspect: choose from {known}")
        if aspect in named[:place]:
            raise BadInput(f"--aspect {text!r} names {aspect} twice: name it once")
    return named


def rendition_id(clip: str, aspect: str, main: str) -> str:
    """The id of a clip in an aspect: `clip_01_4x5`, or `clip_01` where it is the main one."""
    return clip if aspect == main else f"{clip}_{shape(aspect)}"


def shape(aspect: str) -> str:
    """An aspect as names of files have it: `4x5` for `4:5`."""
    return aspect.replace(":", "x")


@dataclass(frozen=True)
class Canvas:
    """The picture of a clip; `size` is in pixels, even."""

    size: Size

    @classmethod
    def of(cls, aspect: str, short_px: int) -> Canvas:
        """The canvas of an aspect of `ASPECTS`, with this shorter side in pixels."""
        across, down = ASPECTS[aspect]
        scale = short_px / min(across, down)
        return cls(Size(width_px=even(across * scale), height_px=even(down * scale)))

    @cached_property
    def scale(self) -> Fraction:
        """Pixels of a unit."""
        return Fraction(min(self.size.width_px, self.size.height_px), UNIT_PX)

    @cached_property
    def units(self) -> Size:
        """Its size in units: the shorter side is `UNIT_PX`."""
        return Size(
            width_px=round(self.size.width_px / self.scale),
            height_px=round(self.size.height_px / self.scale),
        )

    @cached_property
    def whole(self) -> Box:
        """All of it, in pixels."""
        return Box.whole(self.size)

    def safe(self, platform: str) -> Box:
        """The part that the platform covers with nothing, in units.

        A telephone shows a clip as wide as its screen and in the middle of its height.
        """
        width, height = self.units.width_px, self.units.height_px
        on_screen = Fraction(SCREEN.width_px, width)
        above = (SCREEN.height_px - height * on_screen) / 2
        box = SAFE_BOXES[platform]
        shown = (
            round(box.x_px / on_screen),
            max(0, round((box.y_px - above) / on_screen)),
            round(box.right_px / on_screen),
            max(0, round((box.bottom_px - above) / on_screen)),
        )
        aside, down = round(MARGIN_SHARE * width), round(MARGIN_SHARE * height)
        return Box.of_edges(*shown) & Box.of_edges(aside, down, width - aside, height - down)

    def in_pixels(self, box: Box) -> Box:
        """A box that is stated in units."""
        edges = (box.x_px, box.y_px, box.right_px, box.bottom_px)
        return Box.of_edges(*(round(edge * self.scale) for edge in edges))
