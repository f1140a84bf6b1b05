"""highlight: choose the moments that become clips."""

from pydantic import field_validator

from steps.contract import Params, Resources, Step, param
from steps.model import artifacts
from steps.model.clips import LONGEST_CLIP_S, SHORTEST_CLIP_S
from steps.model.time_ranges import at_param


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

    @field_validator("lengths")
    @classmethod
    def _ranges(cls, text: str) -> str:
        """Refuse lengths out of bounds before anything runs."""
        from steps.model.time_ranges import parse_lengths

        parse_lengths(text)
        return text

    @field_validator("at")
    @classmethod
    def _spans(cls, text: str) -> str:
        """Refuse malformed times before anything runs, when the source's length is not known."""
        if text:
            from steps.model.time_ranges import parse_spans
            from steps.model.timing import MAX_MS

            parse_spans(text, MAX_MS)
        return text


STEP = Step(
    name="highlight",
    summary="Choose the clips: score the sentences, schedule the best, name them.",
    params=HighlightParams,
    reads=(
        artifacts.SOURCE_META,
        artifacts.TRANSCRIPT.maybe(),
        artifacts.MODERATION.maybe(),
        artifacts.AUDIO.maybe(),
    ),
    writes=(artifacts.CHUNKS, artifacts.CLIPS, artifacts.CLIP_IDS, artifacts.SUMMARY),
    work="steps.highlight.work:run",
    resources=Resources(cpu=2, memory_mib=2048),
)
