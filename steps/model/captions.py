"""captions.json: the cues of every clip, before a format is chosen."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document, Value
from steps.model.clips import ClipId
from steps.model.timing import Span


class CueWord(Span):
    """A word on screen and the time in which it is the spoken one.

    Attributes:
        line: 0 for the first line of its cue.
    """

    text: str
    line: Annotated[int, Field(ge=0, le=1)]


class Cue(Span):
    """One caption on screen, on the source's clock; word states fill it without gaps."""

    words: Annotated[tuple[CueWord, ...], Field(min_length=1)]


class ClipCaptions(Value):
    """The cues of one clip, in order, not overlapping."""

    id: ClipId
    cues: tuple[Cue, ...]


class Captions(Document):
    """All cues; `burned` says whether render draws them into the picture."""

    kind: Literal["clipmill/captions@1"] = "clipmill/captions@1"
    language: str
    burned: bool
    clips: tuple[ClipCaptions, ...]
