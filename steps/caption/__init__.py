"""caption: the words on screen, cue by cue, and their files."""

from pathlib import Path
from typing import Annotated, Literal

from steps.contract import FileParam, Params, Resources, Step, param
from steps.model import artifacts
from steps.model.captions import Profanity, profanity_param
from steps.model.weights import MONTSERRAT, NOTO, NOTO_CJK, TWEMOJI

PRESET_NAMES = tuple(
    sorted(path.stem for path in (Path(__file__).parent / "presets").glob("*.toml"))
)
"""What `--style` names, each a file."""


class CaptionParams(Params):
    """How captions look and where they may be."""

    captions: Literal["burn", "sidecar"] = param(
        "burn",
        description="Draw the captions into the picture, or only write their files.",
    )
    style: Annotated[
        str,
        FileParam(
            artifacts.STYLE_FILE,
            names=PRESET_NAMES,
            check="steps.caption.styles:read_style",
            beside="steps.caption.styles:files_beside",
        ),
    ] = param(
        "bold",
        max_length=4000,
        description="A preset (clipmill styles lists them); JSON with what differs from one; or a "
        "file or s3:// address of such TOML or JSON.",
    )
    font: Annotated[
        str, FileParam(artifacts.FONT_FILE, check="steps.caption.own_font:check_font")
    ] = param(
        "",
        max_length=4000,
        description="A font file (.ttf, .otf) or its s3:// address; it draws what it has.",
    )
    platform: Literal["any", "tiktok", "reels", "shorts"] = param(
        "any",
        description="Keep the captions clear of the buttons of one platform, or of any.",
    )

    translate_show: Literal["translated", "both", "original"] = param(
        "translated",
        description="With --translate, the captions show the translation, both (one line each), or"
        " the original, with the translation in the .srt and .vtt files.",
    )
    thumbnail_text: Literal["off", "on"] = param(
        "off", description="Draw the clip's title on its thumbnail, in the captions' font."
    )
    profanity: Profanity = profanity_param()
    speaker_names: str = param(
        "",
        max_length=1000,
        description='Names for the voice tags in the .vtt files, in order of appearance: "Ann,Bo".',
    )


STEP = Step(
    name="caption",
    summary="Break the words into cues and write ASS, SRT, VTT and text for each clip and aspect.",
    params=CaptionParams,
    reads=(
        artifacts.TRANSCRIPT,
        artifacts.CLIPS,
        artifacts.CROPS,
        artifacts.MORE_CROPS,
        artifacts.SUMMARY.maybe(),
    ),
    writes=(
        artifacts.CAPTIONS,
        artifacts.MORE_CAPTIONS,
        artifacts.CAPTION_FILES,
        artifacts.STYLE_FILE,
        artifacts.FONT_FILE,
    ),
    work="steps.caption.work:run",
    weights=(MONTSERRAT, NOTO, NOTO_CJK, TWEMOJI),
    packages=("budoux", "fonttools", "pyphen", "pysubs2", "regex", "uharfbuzz"),
    resources=Resources(cpu=1, memory_mib=512),
)
