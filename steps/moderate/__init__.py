"""moderate: look for what the policy names in the pictures."""

from typing import Annotated

from steps.contract import FileParam, Resources, Step, param
from steps.model import artifacts
from steps.model.stills import vision_param
from steps.moderation.params import PolicyParams


class ModerateParams(PolicyParams):
    """The policy."""

    moderation_threshold: int = param(
        600, ge=0, le=1000, description="Least score of a finding, in thousandths."
    )
    policy: Annotated[
        str, FileParam(artifacts.POLICY_FILE, check="steps.moderation.policy:check_policy")
    ] = param(
        "",
        max_length=4000,
        description="A file with the threshold, repeats and action of each class, or such JSON.",
    )
    vision: bool = vision_param()


STEP = Step(
    name="moderate",
    summary="Look for what the policy names, with evidence.",
    params=ModerateParams,
    reads=(artifacts.SOURCE_META, artifacts.SOURCE),
    writes=(
        artifacts.FINDINGS,
        artifacts.EVIDENCE,
        artifacts.POLICY_FILE,
        artifacts.STILLS,
    ),
    work="steps.moderate.work:run",
    packages=("av", "opencv-python-headless"),
    resources=Resources(cpu=2, memory_mib=2048),
    version=3,
)
