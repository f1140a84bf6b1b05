"""A made-up speech: where there is voice, and captions that fit it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from steps.model.timing import Span
from steps.transcribe.activity import Activity
from steps.transcribe.cues import Cue, Said


def speech(sentences: int = 40) -> tuple[Activity, list[Cue]]:
    """Sentences of 1.5 to 4 s with uneven pauses, each with a cue of about 13 letters a second."""
    dice = random.Random(3)
    at, spans, cues = 700, [], []
    for _ in range(sentences):
        span = Span(in_ms=at, out_ms=at + dice.randint(1500, 4000))
        spans.append(span)
        text = tuple(Said("steady") for _ in range(span.duration_ms * 13 // 6000))
        cues.append(Cue(span.in_ms, span.out_ms, text))
        at = span.out_ms + dice.randint(300, 1900)
    return Activity(tuple(spans), at), cues


def moved(cues: Sequence[Cue], by_ms: int) -> list[Cue]:
    """The cues, later by some milliseconds; none before 0."""
    return [Cue(max(0, c.in_ms + by_ms), max(1, c.out_ms + by_ms), c.words) for c in cues]
