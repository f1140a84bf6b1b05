"""chunks.json, plan.json, clips.json, summary.json: what was found, chosen and said about it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from steps.contract import Document, Value
from steps.contract.ports import RENDITION
from steps.model.source import MAX_CHAPTERS, Chapter
from steps.model.timing import Span, check_order, check_unique
from steps.model.transcript import MAX_WORDS, Name, Thousandths

ClipId = Annotated[str, Field(pattern=r"^clip_\d{2,3}$")]
"""`clip_01`..: in order of the in point, so an artifact's key is a function of the id."""

RenditionId = Annotated[str, Field(pattern=RENDITION)]
"""A clip in one aspect: `clip_01` in the first of its job, `clip_01_4x5` in a further one."""

LENGTHS_MS: dict[str, tuple[int, int]] = {
    "short": (15_000, 30_000),
    "medium": (30_000, 60_000),
    "long": (60_000, 120_000),
}
"""Named length ranges; an exact target of N seconds means N ±10 %."""
SHORTEST_CLIP_S = 5
LONGEST_CLIP_S = 180
"""Bounds of the lengths that a user may ask for: shorter is a fragment, and YouTube takes no Short
over three minutes."""
MAX_CLIP_MS = 3_600_000
"""The longest clip: an hour. Memory and time of later steps grow with it."""
MAX_CLIPS = 999
"""As many as `ClipId` can number."""
MAX_CHUNKS = 100_000
"""Chunks of 10 s over eleven days."""
MAX_REJECTED = 100
"""Kept in summary.json, to explain the choice."""
MAX_TEXT_CHARACTERS = 4000
"""Of a chunk, a hook, a reason or a summary; 20 s of fast speech have about 600."""
MAX_TITLE_CHARACTERS = 300
MAX_TAG_CHARACTERS = 100

Text = Annotated[str, Field(max_length=MAX_TEXT_CHARACTERS)]
Title = Annotated[str, Field(max_length=MAX_TITLE_CHARACTERS)]
Tags = Annotated[
    tuple[Annotated[str, Field(max_length=MAX_TAG_CHARACTERS)], ...], Field(max_length=100)
]


class Chunk(Span):
    """A run of sentences of 10-20 s, the unit of summaries and search."""

    id: Annotated[str, Field(max_length=20)]
    text: Text
    score: Thousandths


class Chunks(Document):
    """All chunks of the source, in order."""

    kind: Literal["clipmill/chunks@1"] = "clipmill/chunks@1"
    chunks: Annotated[tuple[Chunk, ...], Field(max_length=MAX_CHUNKS)]


class Clip(Span):
    """One piece of the source that becomes a short.

    Attributes:
        score: what the choice was made by, in thousandths.
        rank: 1 for the best.
    """

    id: ClipId
    title: Title
    score: Thousandths
    rank: Annotated[int, Field(ge=1)]


def check_length(span: Span, clip: str) -> None:
    """Check the length of a clip.

    Raises:
        ValueError: the clip is empty, or longer than `MAX_CLIP_MS`.
    """
    if not 0 < span.duration_ms <= MAX_CLIP_MS:
        raise ValueError(f"{clip} lasts {span.duration_ms} ms (expected 1 to {MAX_CLIP_MS})")


class Clips(Document):
    """The clips, in order of time; none overlaps another.

    Attributes:
        asked: how many the user wants.
        method: `scorer` (text and audio), `llm`, `position` (no speech), or `given` (the
            times of `--at`).
        exact: the edges come from the user's times, and no later step moves them.
        reason: why there are fewer than that, one line; else empty.
    """

    kind: Literal["clipmill/clips@1"] = "clipmill/clips@1"
    asked: Annotated[int, Field(ge=0, le=MAX_CLIPS)]
    method: Literal["scorer", "llm", "position", "given"]
    exact: bool = False
    reason: Text
    clips: Annotated[tuple[Clip, ...], Field(max_length=MAX_CLIPS)]

    @model_validator(mode="after")
    def _consistent(self) -> Clips:
        check_unique((clip.id for clip in self.clips), "the clip id")
        check_order(self.clips, "the clip")
        for clip in self.clips:
            check_length(clip, clip.id)
        return self


LayoutHint = Literal["", "talking-head", "screen-share", "conversation"]
"""What the words say about the picture; empty where they say nothing."""


class ClipSummary(Value):
    """What a clip is about.

    Attributes:
        hook: the line for its first three seconds.
        reason: why it was chosen, one sentence.
        tags: its heaviest words.
        scores: by criterion, in thousandths.
        summary: what is said in it, one or two sentences.
        description: the text for a post.
        hashtags: for a post, without the `#`.
        layout: a hint for reframe.
    """

    id: ClipId
    title: Title
    hook: Text
    reason: Text
    tags: Tags
    scores: Annotated[dict[str, int], Field(max_length=50)]
    summary: Text = ""
    description: Text = ""
    hashtags: Tags = ()
    layout: LayoutHint = ""


class Rejected(Span):
    """A good candidate that did not become a clip.

    Attributes:
        text: its opening words.
        score: what the choice was made by, in thousandths.
        scores: by criterion, in thousandths.
        reason: why not, one line.
    """

    text: Title
    score: Thousandths
    scores: Annotated[dict[str, int], Field(max_length=50)]
    reason: Text


class TranslatedLine(Span):
    """A sentence in another language, with the time of the original."""

    text: Text


class Translation(Value):
    """What is said in the clips, in another language.

    Attributes:
        language: of the lines, as an ISO 639-1 code.
        lines: in order; a sentence without one keeps its original.
    """

    language: Name
    lines: Annotated[tuple[TranslatedLine, ...], Field(max_length=MAX_WORDS)]


class Summary(Document):
    """What the source is about, each clip, and what was not chosen.

    Attributes:
        chapters: the creator's, or else parts of the speech that are about one thing.
        rejected: the best of the candidates that were not chosen, best first.
        translation: of the clips, where it was asked for.
        language: of titles and other texts, where it is not that of the speech.
    """

    kind: Literal["clipmill/summary@1"] = "clipmill/summary@1"
    summary: Text
    keywords: Tags
    clips: Annotated[tuple[ClipSummary, ...], Field(max_length=MAX_CLIPS)]
    chapters: Annotated[tuple[Chapter, ...], Field(max_length=MAX_CHAPTERS)] = ()
    rejected: Annotated[tuple[Rejected, ...], Field(max_length=MAX_REJECTED)] = ()
    translation: Translation | None = None
    language: Name = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of its texts that may not be the speech's."""
        translated = self.translation.language if self.translation else ""
        return tuple(filter(None, (self.language, translated)))
