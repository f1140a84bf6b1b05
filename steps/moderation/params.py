"""The params of every step that looks for what the policy names."""

from typing import Annotated, Literal

from steps.contract import AUTO, Engines, Params, param
from steps.moderation.engines import CLASSIFIERS


class PolicyParams(Params):
    """Whether anybody looks, and what looks."""

    moderation: Literal["off", "flag", "block", "blur"] = param(
        "flag",
        description="Look for nudity: off, choose no clip there, block the job, or blur it.",
    )
    classifier: Annotated[str, Engines(*CLASSIFIERS, unless=("moderation", "off"))] = param(
        AUTO, description="What looks at the pictures."
    )
