"""chunks.json, clips.json, summary.json: what was found, what was chosen, how it is described."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document, Value
from steps.model.timing import Span
from steps.model.transcript import Thousandths

ClipId = Annotated[str, Field(pattern=r"^clip_\d{2,3}$")]
"""`clip_01`..: in order of the in point, so an artifact's key is a function of the id."""

LENGTHS_MS: dict[str, tuple[int, int]] = {
    "short": (15_000, 30_000),
    "medium": (30_000, 60_000),
    "long": (60_000, 120_000),
}
"""Named length ranges; an exact target of N seconds means N ±10 %."""


class Chunk(Span):
    """A run of sentences of 10-20 s, the unit of summaries and search."""

    id: str
    text: str
    score: Thousandths


class Chunks(Document):
    """All chunks of the source, in order."""

    kind: Literal["clipmill/chunks@1"] = "clipmill/chunks@1"
    chunks: tuple[Chunk, ...]


class Clip(Span):
    """One piece of the source that becomes a short.

    Attributes:
        score: what the choice was made by, in thousandths.
        rank: 1 for the best.
    """

    id: ClipId
    title: str
    score: Thousandths
    rank: Annotated[int, Field(ge=1)]


class Clips(Document):
    """The plan. Clips are in order of time and do not overlap.

    Attributes:
        asked: how many were asked for.
        method: `scorer` (text and audio), `llm`, `position` (no speech), or `given` (times that
            the user asked for).
        reason: why there are fewer than asked, one line; empty when there are as many.
    """

    kind: Literal["clipmill/clips@1"] = "clipmill/clips@1"
    asked: int
    method: Literal["scorer", "llm", "position", "given"]
    reason: str
    clips: tuple[Clip, ...]


class ClipSummary(Value):
    """What a clip is about: hook (its opening words), reason, tags, and its scores by criterion."""

    id: ClipId
    title: str
    hook: str
    reason: str
    tags: tuple[str, ...]
    scores: dict[str, int]


class Summary(Document):
    """What the source is about, and each clip."""

    kind: Literal["clipmill/summary@1"] = "clipmill/summary@1"
    summary: str
    keywords: tuple[str, ...]
    clips: tuple[ClipSummary, ...]
