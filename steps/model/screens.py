"""What is drawn in a shot, a slide or a computer's screen, and the camera's picture over it."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from steps.contract import Value
from steps.model.geometry import Box, Size
from steps.model.timing import Ms, Span

MAX_CHANGES = 100_000
"""Of one shot: an hour at 25 samples a second."""

MAX_INSETS = 1000
"""Of one shot: places that a camera's picture moves to."""

STILL_MOTION = 2
"""Thousandths of brightness from sample to sample: a filmed picture changes by more, if only by
noise; slides and screens by less."""

MAX_TILES = 100
"""Of one shot: a page of a video call has 49."""

MAX_TEXTS = 2400
"""Of one shot: runs of words in rows of a grid."""

DRAWN_DETAIL = 15
"""Thousandths of the picture that are sharp edges: a line of large text has as many."""

STIRRED_SHARE = 180
"""Thousandths of the picture that change a little: grain and a drifting camera do so everywhere,
with a speaker's picture of a tenth of the screen laid over a slide it is 130."""

Colour = Annotated[str, Field(pattern="^#[0-9A-F]{6}$")]
"""Red, green and blue, in hexadecimal: `#101A2E`."""


def is_drawn(detail: int, motion: int, stirred: int) -> bool:
    """Whether a picture is a slide, a screen or a drawing: still, with sharp edges.

    A dark film changes as little as a slide in the mean, but nearly everywhere.
    """
    return motion <= STILL_MOTION and detail >= DRAWN_DETAIL and stirred <= STIRRED_SHARE


class Inset(Span):
    """A camera's picture laid over a shot or in a call, at one place for a time.

    Attributes:
        box: of the picture; of a round one, the square around it.
        round: the picture is a circle.
        track: of the face in it.
    """

    box: Box
    round: bool = False
    track: str


class Change(Value):
    """Where a sampled picture differs from the one before it, outside the insets."""

    time_ms: Ms
    box: Box


class Screen(Value):
    """What is drawn in a shot, and what lies over it.

    Attributes:
        content: the part that holds anything; the rest is margin.
        colour: of the picture's border.
        changes: in order of time.
        insets: in order of time; where there are any, they cover the shot.
        tiles: cameras' pictures that are there throughout, two or more at once; where there are
            any, there are no `insets`.
        is_call: nothing is drawn beside the tiles.
        is_slide: the insets are beside a slide, and only they move.
        texts: where there is text, outside the insets: a box for each run of words in each row of
            a fine grid.
    """

    content: Box
    colour: Colour
    changes: Annotated[tuple[Change, ...], Field(max_length=MAX_CHANGES)] = ()
    insets: Annotated[tuple[Inset, ...], Field(max_length=MAX_INSETS)] = ()
    tiles: Annotated[
        tuple[Inset, ...], Field(max_length=MAX_TILES, exclude_if=lambda value: not value)
    ] = ()
    is_call: Annotated[bool, Field(exclude_if=lambda value: not value)] = False
    is_slide: bool = False
    texts: Annotated[
        tuple[Box, ...], Field(max_length=MAX_TEXTS, exclude_if=lambda value: not value)
    ] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Screen:
        for before, after in pairwise(self.changes):
            if after.time_ms <= before.time_ms:
                raise ValueError(
                    f"the change at {after.time_ms} ms comes after the one at {before.time_ms} ms"
                )
        return self

    def check_inside(self, size: Size) -> None:
        """Check that every box is inside a picture.

        Raises:
            ValueError: a part of one is outside.
        """
        changed = (one.box for one in self.changes)
        cameras = (one.box for one in (*self.insets, *self.tiles))
        for box in (self.content, *changed, *cameras, *self.texts):
            box.check_inside(size)
