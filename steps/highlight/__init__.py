"""highlight: choose the moments that become clips."""

from typing import Annotated, Literal, Self

from pydantic import ValidationInfo, field_validator, model_validator

from steps.contract import AUTO, Engines, FileParam, Params, Resources, Step, param
from steps.highlight.engines import CHOOSERS, TEXT_SCORES
from steps.model import artifacts
from steps.model.captions import Profanity, profanity_param
from steps.model.clips import LONGEST_CLIP_S, SHORTEST_CLIP_S
from steps.model.languages import target_param
from steps.model.stills import vision_param
from steps.model.time_ranges import at_param, range_param


class HighlightParams(Params):
    """What to choose."""

    clips: int = param(3, ge=1, le=50, description="How many clips to choose at most.")
    lengths: str = param(
        "short,medium",
        pattern=(
            r"^(short|medium|long|\d{1,3}(-\d{1,3})?)"
            r"(,(short|medium|long|\d{1,3}(-\d{1,3})?)){0,9}$"
        ),
        description=(
            "Lengths: short (15-30 s), medium (30-60), long (60-120), seconds ±10 % (25) or a"
            f" range (20-25), from {SHORTEST_CLIP_S} to {LONGEST_CLIP_S} s."
        ),
    )
    min_gap_ms: int = param(
        0,
        ge=0,
        le=600_000,
        description="Least time between two clips, in milliseconds.",
    )
    at: str = at_param()
    at_edges: Literal["words", "exact"] = param(
        "words", description="Move the times of --at out of words, or cut exactly there."
    )
    range: str = range_param()
    exclude: str = param(
        "", max_length=2000, description="Never choose in these times: 0:00-1:30,52:10-end."
    )
    prompt: str = param(
        "",
        max_length=500,
        description='What to prefer, in words: "prefer stories about money"; without a language'
        " model these words and their stems count.",
    )
    avoid: str = param(
        "",
        max_length=500,
        description="What to avoid, in words; without a language model they and their stems count.",
    )
    audience: str = param(
        "", max_length=200, description="Who watches, in words; a language model is told."
    )
    text_language: str = target_param(
        "Language in which a language model writes titles and other texts, such as de"
        " [default: that of the speech]."
    )
    translate: str = target_param(
        "Language into which a language model translates the captions, such as es; --translate-show"
        " says what they show."
    )
    chooser: Annotated[str, Engines(*CHOOSERS)] = param(
        AUTO, description="What chooses: a language model that is at hand, else the scorer."
    )
    text_score: Annotated[str, Engines(*TEXT_SCORES)] = param(
        AUTO, description="What scores the words of passages before anything else does."
    )
    llm_model: str = param(
        "",
        max_length=300,
        description="The language model: its name on the server, its name in `clipmill models`, or"
        " the path of its folder.",
    )
    llm_url: str = param(
        "",
        max_length=500,
        description="Address of a server with OpenAI's protocol, such as http://localhost:11434/v1.",
    )
    vision: bool = vision_param()
    profanity: Profanity = profanity_param()
    answers: Annotated[
        str,
        FileParam(artifacts.ANSWERS_FILE, check="steps.highlight.engines.replay:read_answers"),
    ] = param(
        "",
        max_length=4000,
        description="A file or s3:// address of recorded answers (a job's answers.jsonl), to repeat"
        " its plan.",
    )

    @field_validator("lengths")
    @classmethod
    def _ranges(cls, text: str) -> str:
        """Refuse lengths out of bounds before anything runs."""
        from steps.model.time_ranges import parse_lengths

        parse_lengths(text)
        return text

    @field_validator("at", "range", "exclude")
    @classmethod
    def _spans(cls, text: str, info: ValidationInfo) -> str:
        """Refuse malformed times before anything runs, when the source's length is not known."""
        if text:
            from steps.model.time_ranges import parse_spans
            from steps.model.timing import MAX_MS

            parse_spans(text, MAX_MS, f"--{info.field_name}")
        return text

    @model_validator(mode="after")
    def _room(self) -> Self:
        """Refuse times that leave no room for a clip before anything runs."""
        from steps.model.time_ranges import check_room

        check_room(self.at, self.range, self.exclude, self.lengths)
        return self


STEP = Step(
    name="highlight",
    summary="Choose the clips: score the sentences, schedule the best, name them.",
    params=HighlightParams,
    reads=(
        artifacts.SOURCE_META,
        artifacts.TRANSCRIPT.maybe(),
        artifacts.FINDINGS.maybe(),
        artifacts.AUDIO.maybe(),
        artifacts.STILLS,
    ),
    writes=(
        artifacts.CHUNKS,
        artifacts.PLAN,
        artifacts.SUMMARY,
        artifacts.ANSWERS,
        artifacts.ANSWERS_FILE,
    ),
    work="steps.highlight.work:run",
    version=4,
    fingerprint="steps.highlight.engines.named:fingerprint",
    locators=("llm_url",),
    resources=Resources(cpu=2, memory_mib=2048),
)
