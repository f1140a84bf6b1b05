"""edl.json: the ordered list of clips, in milliseconds and in frames of the source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from steps.contract import Document
from steps.model.clips import ClipId
from steps.model.timing import Rate, Span


class EdlEvent(Span):
    """One clip of the list: its frames are `[in_frame, out_frame)` of the source."""

    id: ClipId
    title: str
    in_frame: Annotated[int, Field(ge=0)]
    out_frame: Annotated[int, Field(ge=0)]
    file: str


class Edl(Document):
    """The clips that were rendered, in order of time."""

    kind: Literal["clipmill/edl@1"] = "clipmill/edl@1"
    source_sha256: str
    rate: Rate
    events: tuple[EdlEvent, ...]
