"""reframe: which part of the frame goes where, over time."""

from typing import Literal

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts


class ReframeParams(Params):
    """How to frame."""

    layout: Literal["auto", "focus", "fit", "centre"] = param(
        "auto",
        description="Follow the speaker, show the whole frame, stay in the middle, or auto.",
    )
    aspect: Literal["9:16", "4:5", "1:1", "16:9"] = param(
        "9:16", description="The shape of the clips, width to height."
    )
    size: Literal["720", "1080", "1440"] = param(
        "1080", description="The shorter side of the clips, in pixels."
    )


STEP = Step(
    name="reframe",
    summary="Plan the layout and the crop window of every shot.",
    params=ReframeParams,
    reads=(artifacts.TRACKS,),
    writes=(artifacts.CROPS,),
    work="steps.reframe.work:run",
    packages=("numpy",),
    resources=Resources(cpu=1, memory_mib=1024),
)
