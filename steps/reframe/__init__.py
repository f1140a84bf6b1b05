"""reframe: which part of the frame goes where, over time."""

from typing import Literal

from pydantic import field_validator

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts
from steps.model.layouts import LayoutName, listed


class ReframeParams(Params):
    """How to frame."""

    layout: Literal["auto", LayoutName] = param(
        "auto", description=f"What fits each shot, or always the same: {listed()}."
    )
    aspect: str = param(
        "9:16",
        max_length=100,
        description="The shape of the clips, width to height: 9:16, 4:5, 1:1 or 16:9; or several, "
        "such as 9:16,4:5. Files of the further ones have the shape in their names.",
    )
    size: Literal["720", "1080", "1440"] = param(
        "1080", description="The shorter side of the clips, in pixels."
    )
    stack_screen_percent: int = param(
        55, ge=30, le=75, description="The screen's part of a stack's height, in percent."
    )
    stack_webcam: Literal["below", "over"] = param(
        "below",
        description="Where a stack has its webcam: below the screen, or over a corner of it.",
    )
    motion: Literal["off", "gentle"] = param(
        "off",
        description="Push in slowly on a speaker, by a few percent: while the hook is said, and "
        "where a word of the clip's tags is. Each cut begins at full width.",
    )

    @field_validator("aspect")
    @classmethod
    def _aspects(cls, text: str) -> str:
        """Refuse unknown aspects before anything runs."""
        from steps.model.canvas import parse_aspects

        parse_aspects(text)
        return text


STEP = Step(
    name="reframe",
    summary="Plan the layout and the crop window of every shot, for each aspect.",
    params=ReframeParams,
    reads=(artifacts.TRACKS, artifacts.SUMMARY.maybe(), artifacts.TRANSCRIPT.maybe()),
    writes=(artifacts.CROPS, artifacts.MORE_CROPS, artifacts.CLIP_IDS),
    work="steps.reframe.work:run",
    packages=("numpy", "regex"),
    resources=Resources(cpu=1, memory_mib=1024),
)
