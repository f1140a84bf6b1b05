"""cut: each clip in a file of its own, so that no later step needs the whole source."""

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts


class CutParams(Params):
    """How much to keep around a clip."""

    handles_ms: int = param(
        1000,
        ge=0,
        le=30_000,
        description="Extra media on both sides of a clip, in milliseconds.",
    )


STEP = Step(
    name="cut",
    summary="Copy each clip out of the source, with handles; encode only irregular pictures.",
    params=CutParams,
    reads=(artifacts.SOURCE_META, artifacts.SOURCE, artifacts.PLAN),
    writes=(artifacts.CUTS, artifacts.FRAMES),
    work="steps.cut.work:run",
    packages=("av", "imageio-ffmpeg", "numpy"),
    resources=Resources(cpu=1, memory_mib=1024),
)
