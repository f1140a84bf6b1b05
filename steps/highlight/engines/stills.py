"""Pictures of a passage, for a model that sees."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import Any

from steps.contract import Context
from steps.highlight import HighlightParams
from steps.model import artifacts
from steps.model.answers import Question
from steps.model.stills import still_name, still_times
from steps.model.timing import Span

PICTURES = 3
"""Of a passage: at a sixth, at a half and at five sixths of it."""


class Stills:
    """The stills of a job; none of them without `--vision`."""

    def __init__(self, folder: Path | None) -> None:
        """Show the stills of this folder."""
        self._folder = folder
        self._data: dict[str, bytes] = {}

    @cached_property
    def _times(self) -> list[int]:
        return still_times(path.name for path in self._folder.iterdir()) if self._folder else []

    def of(self, span: Span) -> tuple[str, ...]:
        """The SHA-256 of what is on screen at `PICTURES` moments of a span, each picture once."""
        found = []
        for part in range(1, 2 * PICTURES, 2):
            moment = span.in_ms + span.duration_ms * part // (2 * PICTURES)
            at = bisect_right(self._times, moment) - 1
            if at >= 0 and self._folder:
                data = (self._folder / still_name(self._times[at])).read_bytes()
                found.append(hashlib.sha256(data).hexdigest())
                self._data[found[-1]] = data
        return tuple(dict.fromkeys(found))

    def content(self, question: Question) -> str | list[dict[str, Any]]:
        """A question's content in OpenAI's form: its text, or its text and its pictures."""
        if not question.pictures:
            return question.prompt
        pictures = [
            {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{text}"}}
            for text in (base64.b64encode(self._data[one]).decode() for one in question.pictures)
        ]
        return [{"type": "text", "text": question.prompt}, *pictures]


def stills_of(context: Context[HighlightParams]) -> Stills:
    """The stills that a model is to see in this run."""
    if not context.params.vision:
        return Stills(None)
    if not context.has(artifacts.STILLS):
        context.degrade("no-pictures", "the source has no stills: the model sees no pictures")
        return Stills(None)
    return Stills(context.input(artifacts.STILLS))
