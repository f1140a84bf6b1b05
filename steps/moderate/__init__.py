"""moderate: look for what the policy names in the pictures."""

from typing import Annotated, Literal

from steps.contract import AUTO, Engines, FileParam, Params, Resources, Step, param
from steps.model import artifacts
from steps.model.stills import vision_param
from steps.moderate.engines import CLASSIFIERS


class ModerateParams(Params):
    """The policy."""

    moderation: Literal["off", "flag", "block", "blur"] = param(
        "flag",
        description="Look for nudity: off, choose no clip there, block the job, or blur it.",
    )
    moderation_threshold: int = param(
        600, ge=0, le=1000, description="Least score of a finding, in thousandths."
    )
    policy: Annotated[
        str, FileParam(artifacts.POLICY_FILE, check="steps.moderate.policy:check_policy")
    ] = param(
        "",
        max_length=4000,
        description="A file with the threshold, repeats and action of each class, or such JSON.",
    )
    classifier: Annotated[str, Engines(*CLASSIFIERS)] = param(
        AUTO, description="What looks at the pictures."
    )
    vision: bool = vision_param()


STEP = Step(
    name="moderate",
    summary="Look for what the policy names, with evidence.",
    params=ModerateParams,
    reads=(artifacts.SOURCE_META, artifacts.SOURCE),
    writes=(
        artifacts.MODERATION,
        artifacts.EVIDENCE,
        artifacts.POLICY_FILE,
        artifacts.STILLS,
    ),
    work="steps.moderate.work:run",
    packages=("av", "opencv-python-headless"),
    resources=Resources(cpu=2, memory_mib=2048),
)
