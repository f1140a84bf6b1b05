"""moderate: look for what the policy names in the pictures."""

from typing import Annotated, Literal

from steps.contract import AUTO, Engines, Params, Resources, Step, param
from steps.model import artifacts
from steps.model.stills import vision_param
from steps.moderate.engines import CLASSIFIERS


class ModerateParams(Params):
    """The policy."""

    moderation: Literal["off", "flag", "block"] = param(
        "flag",
        description="Look for nudity: off, flag it, or block the job.",
    )
    moderation_threshold: int = param(
        600, ge=0, le=1000, description="Least score of a finding, in thousandths."
    )
    classifier: Annotated[str, Engines(*CLASSIFIERS)] = param(
        AUTO, description="What looks at the pictures."
    )
    vision: bool = vision_param()


STEP = Step(
    name="moderate",
    summary="Look at key frames for what the policy names, with evidence.",
    params=ModerateParams,
    reads=(artifacts.SOURCE_META, artifacts.SOURCE),
    writes=(artifacts.MODERATION, artifacts.STILLS),
    work="steps.moderate.work:run",
    packages=("av", "opencv-python-headless"),
    resources=Resources(cpu=2, memory_mib=2048),
)
