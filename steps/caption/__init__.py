"""caption: the words on screen, cue by cue, and their files."""

from typing import Literal

from pydantic import field_validator

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts
from steps.model.weights import MONTSERRAT


class CaptionParams(Params):
    """How captions look and where they may be."""

    captions: Literal["burn", "sidecar"] = param(
        "burn",
        description="Draw the captions into the picture, or only write their files.",
    )
    style: str = param(
        "bold",
        max_length=4000,
        description="bold, clean, box or punch; or JSON: a base, and what differs from it.",
    )
    platform: Literal["any", "tiktok", "reels", "shorts"] = param(
        "any",
        description="Whose buttons the captions keep clear of; any keeps clear of all.",
    )

    @field_validator("style")
    @classmethod
    def _known(cls, text: str) -> str:
        """Refuse a style that does not exist before anything runs."""
        from steps.caption.styles import parse_style

        parse_style(text)
        return text


STEP = Step(
    name="caption",
    summary="Break the words into cues and write ASS, SRT and VTT for each clip.",
    params=CaptionParams,
    reads=(artifacts.TRANSCRIPT, artifacts.CLIPS),
    writes=(artifacts.CAPTIONS, artifacts.CAPTION_FILES),
    work="steps.caption.work:run",
    weights=(MONTSERRAT,),
    packages=("fonttools", "pysubs2", "regex"),
    resources=Resources(cpu=1, memory_mib=512),
)
