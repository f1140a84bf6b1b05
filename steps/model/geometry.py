"""Space: pixels of the upright source picture, origin top left, named fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from steps.contract import Value

MAX_PX = 16_384
"""The longest side of a picture, twice 8K: what a document may ask a later step to hold."""

Px = Annotated[int, Field(ge=0, le=MAX_PX)]
Side = Annotated[int, Field(gt=0, le=MAX_PX)]


def even(value: float) -> int:
    """The nearest even integer: 4:2:0 pictures have even sizes and offsets. Only done here."""
    return 2 * round(value / 2)


class Size(Value):
    """Width and height of a picture."""

    width_px: Side
    height_px: Side

    def check_croppable(self) -> None:
        """Check that an even window fits into the picture.

        Raises:
            ValueError: a side is shorter than 2 px.
        """
        if min(self.width_px, self.height_px) < 2:
            raise ValueError(f"a picture of {self.width_px}x{self.height_px} px is too small")


class Box(Value):
    """A rectangle inside a picture: left, top, width, height."""

    x_px: Px
    y_px: Px
    width_px: Px
    height_px: Px

    @classmethod
    def of_edges(cls, left_px: int, top_px: int, right_px: int, bottom_px: int) -> Box:
        """The rectangle between its edges; right and bottom are the first pixels outside."""
        return cls(
            x_px=left_px, y_px=top_px, width_px=right_px - left_px, height_px=bottom_px - top_px
        )

    @classmethod
    def whole(cls, size: Size) -> Box:
        """All of a picture."""
        return cls(x_px=0, y_px=0, width_px=size.width_px, height_px=size.height_px)

    def __and__(self, other: Box) -> Box:
        """The common part; of no width or no height where there is none."""
        left, top = max(self.x_px, other.x_px), max(self.y_px, other.y_px)
        right = max(left, min(self.right_px, other.right_px))
        bottom = max(top, min(self.bottom_px, other.bottom_px))
        return Box.of_edges(left, top, right, bottom)

    def check_inside(self, size: Size) -> None:
        """Check that the box is inside a picture.

        Raises:
            ValueError: a part of it is outside.
        """
        if self.right_px > size.width_px or self.bottom_px > size.height_px:
            raise ValueError(
                f"the box {self.x_px},{self.y_px} of {self.width_px}x{self.height_px} px reaches "
                f"outside the picture of {size.width_px}x{size.height_px}"
            )

    @property
    def right_px(self) -> int:
        """The first column right of the box."""
        return self.x_px + self.width_px

    @property
    def bottom_px(self) -> int:
        """The first row below the box."""
        return self.y_px + self.height_px

    @property
    def area_px(self) -> int:
        """Width times height."""
        return self.width_px * self.height_px

    @property
    def centre_x_px(self) -> float:
        """Horizontal centre."""
        return self.x_px + self.width_px / 2

    @property
    def centre_y_px(self) -> float:
        """Vertical centre."""
        return self.y_px + self.height_px / 2

    def holds(self, x_px: float, y_px: float) -> bool:
        """Whether a point is inside."""
        return self.x_px <= x_px < self.right_px and self.y_px <= y_px < self.bottom_px

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        common = (self & other).area_px
        union = self.area_px + other.area_px - common
        return common / union if union else 0.0
