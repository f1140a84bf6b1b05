"""render: one clip becomes a finished vertical video."""

from typing import Literal

from steps.contract import Params, Resources, Step, param
from steps.contract.ports import RENDITION
from steps.model import artifacts
from steps.model.weights import MONTSERRAT


class RenderParams(Params):
    """Which clip, and how it is encoded."""

    clip: str = param(
        pattern=RENDITION,
        description="The clip's id; in a further aspect with its shape: clip_01_4x5.",
    )
    crf: int = param(
        20,
        ge=12,
        le=30,
        description="x264's constant rate factor, and the like of others; lower is better.",
    )
    preset: Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium"] = param(
        "superfast", description="x264's speed; superfast keeps veryfast's macroblock tree."
    )
    encoder: Literal["x264", "auto", "nvenc", "videotoolbox", "vaapi"] = param(
        "x264",
        description="What encodes: x264 (the same bytes everywhere), or a machine's hardware; "
        "auto takes the first that works. x264 replaces one that does not.",
    )
    fps: Literal["source", "30", "60"] = param(
        "source", description="Frames per second; the source's own are the smoothest."
    )
    strict: bool = param(
        False, description="Treat a clip that fails any check of checks/clip_NN.json as failed."
    )


STEP = Step(
    name="render",
    summary="Crop, caption, encode and level one clip in one aspect, then measure the result.",
    params=RenderParams,
    reads=(
        artifacts.SOURCE_META,
        artifacts.CLIPS,
        artifacts.TRACKS.maybe(),
        artifacts.CROPS,
        artifacts.CAPTIONS,
        artifacts.CUT,
        artifacts.MODERATION.maybe(),
        artifacts.CLIP_ASS.maybe(),
    ),
    writes=(artifacts.CLIP_VIDEO, artifacts.CLIP_PICTURE, artifacts.CLIP_CHECK),
    work="steps.render.work:run",
    weights=(MONTSERRAT,),
    packages=("av", "imageio-ffmpeg", "numpy"),
    resources=Resources(cpu=1, memory_mib=2048),
)
